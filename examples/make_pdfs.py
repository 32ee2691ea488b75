"""Print the example letters as PDF files.

    python examples/make_pdfs.py

Each `letters/*.txt` gives a PDF of the same name: paragraphs are set anew in a
proportional font, with running footers where the text has page breaks. The
files come out the same, byte for byte, on every run (reportlab's `invariant`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

LETTERS = Path(__file__).parent / "letters"
FOOTERS = {
    "f3_compound_cream": "- {page} -",
    "f4a_regional_pain_syndrome": "Final Determination Letter for IMR Case Number CM14-0900108"
    "          {page}",
    "f4b_restoration_program": "{page}",
    "f5_thumb_arthritis": "Page {page} of {pages}",
}
# The state posts its letters encrypted with an empty user password.
LOCKED = {"f4b_shoulder_surgery": "example-owner"}

_REGULAR, _BOLD, _SIZE, _LEADING = "Times-Roman", "Times-Bold", 12, 14
_WIDTH, _HEIGHT = LETTER
_LEFT, _RIGHT, _TOP, _BOTTOM, _COLUMN = 72.0, 72.0, 72.0, 80.0, 320.0
_HEADING = re.compile(r"[A-Z][A-Z(),./' ]{15,}:?$")
_ALL_BOLD = re.compile(r".*\b(?:Upheld|Overturned)$|\d\. The request for |Notice of ")
_BOLD_START = re.compile(
    r"(?:Claims Administrator guideline|MAXIMUS guideline|Decision rationale"
    r"|State\(s\) of Licensure|Certification\(s\)/Specialty|Case Summary"
    r"|Rationale for the Decision|Documents Reviewed for Determination"
    r"|Medical Qualifications of the Expert Reviewer"
    r"|Medical Treatment Guideline\(s\) Relied Upon[^:]*"
    r"|The Physician Reviewer.s decision rationale):"
)
_SECOND_COLUMN = re.compile(r"\s+(?=(?:Date of Injury|UR Denial Date|Application)\b)")
_HEADER_ROW = re.compile(r"(?:Date Assigned|Decision Date|Priority|IMR Case Number|Claims Number):")
_SECOND_COLUMN_ALONE = re.compile(r"(?:Received:|\d\d/\d\d/\d{4})$")


class Word(NamedTuple):
    """A piece of a line in one font; `space` is true where a space precedes it."""

    text: str
    font: str
    space: bool


def read_text(path: Path) -> str:
    """Read a letter as UTF-8, with or without a mark, or as Windows-1252."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    return text.replace("\r\n", "\n")


def paragraphs(text: str) -> list[str]:
    """Join wrapped lines; an empty string stands for a gap between blocks.

    A line was wrapped if the first word of the next one had no room on it,
    and the next one does not begin with a printed label.
    """
    # Where pages are parted by form feeds, the last line of each is its footer.
    pages = text.split("\f")
    if len(pages) > 1:
        pages = [page.rstrip().rpartition("\n")[0].rstrip() for page in pages]
    lines = [line.strip() for line in "\n".join(pages).split("\n")]
    if lines.count("") >= len(lines) // 2:
        lines = lines[::2]
    width = max(map(len, lines))
    joined: list[str] = []
    last = ""
    for line in lines:
        head = re.split(r" |(?<=[a-z]-)(?=[a-z])", line, maxsplit=1)[0]
        full = last and line and len(last) + len(head) >= width
        if full and not _HEADING.match(line) and not _BOLD_START.match(line):
            gap = "" if re.search(r"[A-Za-z]-$", last) else " "
            joined[-1] += gap + line
        else:
            joined.append(line)
        last = line
    return joined


def words(paragraph: str) -> Iterator[Word]:
    """Cut a paragraph into pieces between which a line may break."""
    start = _BOLD_START.match(paragraph)
    bold_end = start.end() if start else 0
    if _ALL_BOLD.match(paragraph) or _HEADING.match(paragraph):
        bold_end = len(paragraph)
    for match in re.finditer(r"(\s*)(\S+)", paragraph):
        font = _BOLD if match.end() <= bold_end else _REGULAR
        for number, piece in enumerate(re.split(r"(?<=[a-z]-)(?=[a-z])", match[2])):
            yield Word(piece, font, space=number == 0 and match.start() > 0)


def wrap(paragraph: str, width: float) -> list[list[Word]]:
    """Fill lines of the given width in points."""
    lines: list[list[Word]] = [[]]
    used = 0.0
    for word in words(paragraph):
        text = " " + word.text if word.space and lines[-1] else word.text
        needed = stringWidth(text, word.font, _SIZE)
        if lines[-1] and used + needed > width:
            lines.append([])
            used, needed = 0.0, stringWidth(word.text, word.font, _SIZE)
        lines[-1].append(word)
        used += needed
    return lines


def runs(line: list[Word]) -> Iterator[tuple[str, str]]:
    """Join the pieces of a line into stretches of one font."""
    text, font = "", line[0].font
    for word in line:
        if word.font != font:
            yield text, font
            text, font = "", word.font
        text += " " + word.text if word.space and word is not line[0] else word.text
    yield text, font


class Page:
    """The page being filled: a canvas and how far down it the text has come."""

    def __init__(self, canvas: Canvas, footer: str | None, pages: int) -> None:
        self._canvas, self._footer, self._pages = canvas, footer, pages
        self._y = _HEIGHT - _TOP
        self.number = 1

    def add(self, paragraph: str) -> None:
        """Print one paragraph, or a gap."""
        if not paragraph:
            self._y -= _LEADING * 0.7
            return
        left = _COLUMN if _SECOND_COLUMN_ALONE.match(paragraph) else _LEFT
        if _HEADER_ROW.match(paragraph):
            first, *second = _SECOND_COLUMN.split(paragraph, maxsplit=1)
            self._line(list(words(first)), _LEFT)
            for cell in second:
                self._y += _LEADING
                self._line(list(words(cell)), _COLUMN)
            return
        for line in wrap(paragraph, _WIDTH - left - _RIGHT):
            self._line(line, left)

    def end(self) -> None:
        """Print the footer and finish the page."""
        if self._footer:
            text = self._footer.format(page=self.number, pages=self._pages)
            self._canvas.setFont(_REGULAR, 10)
            self._canvas.drawCentredString(_WIDTH / 2, _BOTTOM / 2, text)
        self._canvas.showPage()

    def _line(self, line: list[Word], x: float) -> None:
        if self._y < _BOTTOM:
            self.end()
            self.number += 1
            self._y = _HEIGHT - _TOP
        for text, font in runs(line):
            self._canvas.setFont(font, _SIZE)
            self._canvas.drawString(x, self._y, text)
            x += stringWidth(text, font, _SIZE)
        self._y -= _LEADING


def make_pdf(source: Path, target: Path) -> None:
    """Print one letter; twice, since its footer can name the number of pages."""
    blocks = paragraphs(read_text(source))
    owner = LOCKED.get(source.stem)
    pages = 0
    for _ in range(2):
        lock = StandardEncryption("", ownerPassword=owner, strength=128) if owner else None
        canvas = Canvas(str(target), pagesize=LETTER, invariant=1, encrypt=lock)
        canvas.setTitle("IMR final determination (invented example)")
        canvas.setAuthor("imr_nlp")
        page = Page(canvas, FOOTERS.get(source.stem), pages)
        for block in blocks:
            page.add(block)
        page.end()
        pages = page.number
    canvas.save()


def main() -> None:
    """Print every letter of the folder."""
    for source in sorted(LETTERS.glob("*.txt")):
        make_pdf(source, source.with_suffix(".pdf"))


if __name__ == "__main__":
    main()
