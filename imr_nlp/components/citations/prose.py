"""Sentences of the older letters: what they cite, and which of them cite nothing."""

from __future__ import annotations

import re

from imr_nlp.components.citations.fold import Line

_SENTENCE = re.compile(
    r"\. (?=(?:the|this|these|no|in|a|an|his|her|he|she|it|however|therefore|decision"
    r"|odg|official|acoem|mtus)\b)"
)
_CITING = re.compile(
    r"(?<!not )(?<!not been )\b(?:(?:based|basing)(?: (?:its|their|his|her|his/her|the|this))?"
    r"(?: (?:decision|determination|opinion|conclusion)s?)? ?(?:up)?on"
    r"|relied (?:up)?on|relying (?:up)?on|citing|(?<=reviewer )found that(?: the)?"
    r"|(?<!was )(?<!were )(?<!is )(?<!are )(?:cited|referenced|utilized|used))\b:?"
)
_NOTHING = re.compile(
    r"\bdid ?not ?(?:cite|base|rely|use|reference|provide|specify|dispute|find)\b"
    r"|\boutside ?of ?the ?mtus\b"
    r"|\b(?:not|n't) (?:applicable|addressed|cited|provided|specified|available)\b"
    r"|\bno (?:section|evidence|medical|guideline|specific|applicable|citation)|\bsilent\b"
    r"|\bdo(?:es)? not (?:address|apply|discuss|cover|provide|specifically)\b"
    r"|^[ .]*(?:none|n/?a|not)\b"
)
_BY_ADMINISTRATOR = re.compile(
    r"\b(?:guidelines?|citations?|documents?|criteria|evidence)?(?: that were| which were)? ?"
    r"\b(?:used|cited|relied (?:up)?on|referenced|utilized) by the "
    r"(?:claims administrator|provider|expert reviewer|utilization)"
)
_REMARK = re.compile(
    r",? ?(?:and )?(?:an? (?:evidence[- ]based )?medical treatment guidelines?(?: ?\(mtg\))?,? )?"
    r"(?:(?:(?:both|all) of )?(?:which|that) (?:is|are|was|were)\b|(?:(?:is|are|as|but) )?(?:not )?"
    r"(?:an? )?part of (?=the|mtus|california|ca\b)|(?:(?:is|are|was|were|as|to be) )?"
    r"(?:relevant|applicable|appropriate)\b"
    r"|(?:was|were|is|are) (?:also )?(?:used|utilized|cited|referenced))"
    r"|(?P<clause>,? because\b|, ?(?:since|which|whose|inasmuch as|insofar as|given|although|though"
    r"|whereas|as (?:it|he|she|they|this|that|these|those|there|the|no))\b)"
)
_RESUME = re.compile(
    r"(?:;|\band) ?(?:on |upon )?(?=(?:the )?(?:mtus|official disab|odg|acoem|american college"
    r"|chronic pain|acupuncture|post-?surgical|california mtus|ca mtus|low back|neck and|shoulder))"
)
# Within a clause body parts are named too: what goes on must be named in full.
_RESUME_CLAUSE = re.compile(
    r"; ?(?:and )?(?:up)?on |(?:;|, ?and|\band (?:up)?on) ?(?:on |upon )?(?=(?:the )?(?:mtus|odg"
    r"|official disab|acoem|american college of occ|chronic pain (?:medical |treat)"
    r"|california mtus|ca mtus|medical treatment util"
    r"|(?:acupuncture|post-?surgical) (?:medical |treat)"
    r"|(?:[a-z]{3,8},? (?:and )?){1,5}(?:complaints|disorders|guidelines|chapter)\b))"
)
_PART_OF_MTUS = re.compile(r"mtus|medical treatment utilization")


def sentences(line: Line, start: int, stop: int) -> list[tuple[int, int]]:
    """Split a stretch of prose where the next sentence plainly begins."""
    found = []
    for match in _SENTENCE.finditer(line.folded, start, stop):
        found.append((start, match.start()))
        start = match.end()
    found.append((start, stop))
    return found


def cited_part(line: Line, start: int, stop: int) -> tuple[int, bool] | None:
    """Find what a sentence cites.

    Parameters
    ----------
    line
        The folded line.
    start, stop
        The sentence.

    Returns
    -------
    tuple or None
        Where the citations begin, and whether a verb says so ("relied on");
        None for a sentence that cites nothing.
    """
    folded = line.folded
    begin = start
    if "used by" in folded or " by the " in folded:
        for match in _BY_ADMINISTRATOR.finditer(folded, start, stop):
            begin = match.end()
    verb = _CITING.search(folded, begin, stop)
    if verb is not None:
        nothing = _NOTHING.search(folded, verb.end(), stop)
        if nothing is not None and nothing.group().startswith("outside"):
            return None
        return verb.end(), True
    if begin > start or _NOTHING.search(folded, start, stop):
        return None
    return start, False


def hide_remarks(line: Line, start: int, stop: int) -> bool | None:
    """Overwrite remarks and clauses such as ", which are part of the MTUS".

    Returns
    -------
    bool or None
        Whether the sentence says that what it cites is part of the MTUS; None
        where it does not say.
    """
    part: bool | None = None
    pos = start
    while match := _REMARK.search(line.folded, pos, stop):
        clause = match.group("clause") is not None
        resume = (_RESUME_CLAUSE if clause else _RESUME).search(line.folded, match.end(), stop)
        end = resume.start() if resume else stop
        remark = line.folded[match.start() : end]
        says = not clause or "part of" in remark
        if part is None and says and _PART_OF_MTUS.search(remark):
            part = " not " not in remark and "not part" not in remark
        line.hide(match.start(), end)
        line.remarks.append((match.start(), end))
        pos = max(end, match.end())
    return part
