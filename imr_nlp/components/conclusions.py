"""What a rationale itself concludes: necessary, not necessary, or nothing."""

from __future__ import annotations

import re
from typing import NamedTuple

# "I cannot find the patch to be ...", "this reviewer does not consider the visits ..."
_REFUSES = (
    r"\b(?:cannot|can['\u2019]t|can\s+not|could\s+not|couldn['\u2019]t|do(?:es)?\s+not"
    r"|do(?:es)?n['\u2019]t|did\s+not|unable\s+to)"
    r"\s+(?:therefore\s+)?(?:find|call|consider|deem|regard|judge|see|accept|certify)"
)
_BE = r"(?:is|are|was|were|be|been|being|become|seems?|appears?|remains?)"
_NOT = re.compile(
    r"\b(?:not|never|hardly|nor|neither|(?:is|are|was|were)n['\u2019]?t|cannot|can['\u2019]t"
    r"|can not)"
    r"(?:\s+(?:also|currently|been|be|being|felt|found|deemed|considered|determined|shown|appear"
    r"|seem|proven|believed|judged|thought|seen|called|regarded|held|accepted|certified|therefore"
    r"|at this time|to|as|is|are|was|were)){0,6}"
    r"[\s-]*(?:medically|clinically)\s*(?:or\s+\w+\s+|and\s+\w+\s+)?"
    r"(?:neces{1,2}ary|appropriate|indicated|reasonable|warranted|supported|justified|certified)"
    r"|\b(?:not|never|cannot|can['\u2019]t)\s+(?:be\s+|been\s+)?(?:called|considered|deemed|found"
    r"|judged|held|seen\s+as|regarded\s+as|said\s+to\s+be|shown\s+to\s+be)\s+(?:to\s+be\s+)?necessary"
    rf"|{_REFUSES}\b[^.;]{{0,90}}?\b(?:medically\s+)?necessary"
    r"|\b(?:none\s+of|neither)\b[^.;]{0,90}?\b(?:is|are|was|were)\s+(?:\w+\s+)?(?:medically\s+)?necessary"
    r"|\bno\s+(?:\w+\s+){1,5}(?:is|are|was|were)\s+(?:\w+\s+)?medically\s+necessary"
    r"|\b(?:cannot|can['\u2019]t|can\s+not)\s+(?:therefore\s+)?be\s+"
    r"(?:certified|approved|authori[sz]ed|granted|allowed)"
    r"|\bneither\s+(?:is|are|was|were)\s+(?:it|they|this|that|these)\W*\Z"
    r"|\b(?:is|are|was|were|seems?|appears?)\s+not\s+necessary"
    r"(?:\s+(?:here|now|at\s+this\s+time|in\s+this\s+case))?\W*\Z"
    r"|\bnot\s+(?:\w+\s+){0,4}(?:of\s+)?medical\s+necessity"
    r"|\bnot\s+(?:supported|shown|established|substantiated)\b[^.;]{0,60}?\bmedically\s+neces{1,2}ary"
    r"|\bmedically\s+(?:unnecessary|inappropriate)"
    r"|\b(?:no|lacks?|lacking|without|insufficient|lack of)\s+(?:\w+\s+){0,2}medical\s+necessity"
    r"|\bnecessity\b[^.;]{0,80}?\b(?:is|was|remains)\s+(?:lacking|absent|missing|unproven|unsupported)"
    r"|\b(?:medical(?:ly)?\s+necess\w+|necessity)\b[^.;]{0,120}?"
    r"\b(?:not|cannot|can not|nor|has\s+yet\s+to)\b\s*"
    r"(?:been\s+|be\s+|fully\s+|clearly\s+|adequately\s+|sufficiently\s+)*"
    r"(?:established|substantiated|supported|demonstrated|met|clear|evident|documented|shown|proven"
    r"|confirmed|justified|determined|apparent|satisfied|present)"
    r"|\b(?:therefore|thus|hence|as such|accordingly|consequently|for these reasons|given the above"
    r"|based on (?:this|the)[^.]{0,80}|in light of[^.]{0,60})\b[^.]{0,200}?\bnot\s+"
    r"(?:been\s+|be\s+|currently\s+|felt\s+to\s+be\s+|deemed\s+|considered\s+|found\s+to\s+be\s+)*"
    r"(?:neces{1,2}ary|appropriate|indicated|supported|warranted|justified|reasonable|certified"
    r"|authori[sz]ed|approved|recommended|established)"
    r"|\brequests?\b[^.]{0,160}?\b(?:is|are|was|were)\s+(?:therefore\s+|thus\s+|also\s+)?(?:not\s+"
    r"(?:certified|authori[sz]ed|approved|supported|warranted|justified)|non-?certified|denied"
    r"|upheld)"
    r"|\b(?:the\s+)?(?:denial|non-?certification|(?:original|prior|previous|utilization review)\s+"
    r"(?:determination|decision))\b[^.]{0,60}?\b(?:is|are|was|be|should\s+be|remains?)\s+"
    r"(?:therefore\s+)?(?:upheld|affirmed|maintained)"
    r"|\bnon-?certification\s+(?:is|was|remains)\s+(?:therefore\s+)?(?:appropriate|upheld"
    r"|supported|recommended)"
    r"|\brequests?\b[^.;]{0,60}?\bbe\s+(?:upheld|denied|non-?certified)"
    r"|\bagree\w*\s+with\s+(?:the\s+)?(?:\w+\s+){0,3}(?:denial|non-?certification)"
    r"|\b(?:denial|non-?certification)\s+(?:therefore\s+)?stands"
    r"|\b(?:uphold(?:ing)?|affirm(?:ing)?)\s+the\s+(?:\w+\s+){0,4}(?:denial|decision|determination)",
    re.IGNORECASE,
)
_YES = re.compile(
    rf"\b(?:{_BE}|therefore|thus|and|as|also|now)\s+(?:\w+\s+){{0,3}}?(?:medically|clinically)\s+"
    r"(?:reasonable\s+and\s+|appropriate\s+and\s+)?(?:neces{1,2}ary|appropriate|indicated|warranted)"
    r"|\b(?:finds?|found|considers?|deems?|judges?|calls?)\s+(?:[\w-]+\s+){1,6}?(?:to\s+be\s+|as\s+)?"
    r"medically\s+neces{1,2}ary"
    r"|\b(?:denial|decision|determination|non-?certification)\b[^.]{0,30}?\b"
    r"(?:cannot|can\s+not|should\s+not|does\s+not)\s+stand\b"
    r"|\b(?:do|does|did)\s+(?:\w+\s+)?(?:establish|support|meet|demonstrate|substantiate)\w*\s+"
    r"(?:the\s+)?medical\s+necessity"
    r"|\bmedical\s+necessity\b[^.;]{0,80}?\b(?:has|have|is|was|are|were)\s+(?:been\s+|now\s+|thus\s+"
    r"|therefore\s+|clearly\s+|adequately\s+)*"
    r"(?:established|substantiated|supported|demonstrated|met|documented|shown|confirmed|justified)"
    r"|\b(?:therefore|thus|hence|as such|accordingly|consequently|given the above"
    r"|for these reasons)\b"
    r"[^.]{0,200}?\b(?:is|are|was|were|appears?|be)\s+(?:\w+\s+)?"
    r"(?:neces{1,2}ary|appropriate|indicated|supported|warranted|justified|reasonable|certified"
    r"|authori[sz]ed|approved|recommended)"
    r"|\brequests?\b[^.]{0,160}?\b(?:is|are|was|were)\s+(?:therefore\s+|thus\s+|hereby\s+)?"
    r"(?:certified|authori[sz]ed|approved|overturned)"
    r"|\b(?:revers(?:e|ing|ed)|overturn(?:ing|ed)?)\s+(?:the\s+)?(?:\w+\s+){0,4}"
    r"(?:denial|decision|determination|non-?certification)"
    r"|\b(?:denial|non-?certification|decision|determination)\b[^.]{0,40}?\b(?:is|are|was|should\s+be)"
    r"\s+(?:therefore\s+)?(?:overturned|reversed)",
    re.IGNORECASE,
)
# What turns the "is medically necessary" that it governs around, or leaves it open.
_DENIED = re.compile(
    r"\bno\s+(?:\w+\s+){0,2}(?:evidence|indication|documentation|proof|support|reason|rationale"
    r"|justification)\b[^.;]{0,40}?\bthat\b"
    r"|(?:\bnot|n['\u2019]t|\bcannot)\s+(?:\w+\s+){0,3}?(?:show|support|establish|demonstrat|indicat"
    r"|suggest|confirm|prove|agree|conclude|find|found|say|clear|document|convinc|persuad|substantiat"
    r"|justif)\w*\b[^.;]{0,30}?\bthat\b"
    r"|(?:\bnot|n['\u2019]t|\bcannot)\s+(?:believe|think|feel)\b"
    r"|\bnothing\b[^.;]{0,40}?\b(?:show|support|suggest|indicat|establish|document|prov|say)\w*\b"
    r"|\bfail(?:s|ed)?\s+to\s+(?:be|show|establish|demonstrate|support|prove|document|substantiate)\b"
    r"|\bdisagree\b[^.;]{0,30}?\bthat\b",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\bwhether\b|\bunclear\b|\bquestion\s+is\s+if\b", re.IGNORECASE)
_CONSEQUENCE = re.compile(r"\b(?:therefore|thus|hence|so|but|accordingly|consequently)\b", re.I)
_PARTLY = re.compile(
    r"\bpart(?:ial)?ly\s+(?:medically|necessary)|\bin\s+part\b|\bbut\s+not\b|\bonly\s+\d",
    re.IGNORECASE,
)
_SENTENCE_START = re.compile(r"(?:\A|[.!?:]\W*)\Z")
# "So, not necessary.", "They are not necessary.": nothing else in the sentence.
_SHORT = re.compile(
    r"\W*(?:(?:so|thus|hence|therefore|again|accordingly|as\s+such),?\s+)?"
    r"(?:(?:it|they|this|that|these|the\s+(?:(?!that\b|of\b)[\w-]+\s+){1,4}?)\s*(?:is|are|was|were)\s+)?"
    r"(?:therefore\s+|also\s+|thus\s+)?(?P<no>not\s+)?(?:medically\s+)?neces{1,2}ary(?:\s+and\s+appropriate)?"
    r"(?:,?\s+(?:at\s+this\s+time|as\s+requested|then\s+or\s+now|here|now|either|for\s+(?:him|her)))?\W*",
    re.IGNORECASE,
)
# "is considered medically necessary when ..." tells a guideline, not this case.
_CONDITIONAL = re.compile(
    r"\b(?:if|when|unless|until(?!\s+then)|only\s+(?:if|when)|would\s+be|could\s+be|may\s+be|might\s+be"
    r"|can\s+be|should\s+be|must\s+be|whether|to\s+determine|in\s+order\s+for)\b",
    re.IGNORECASE,
)
_REQUEST = re.compile("request", re.IGNORECASE)
_CONDITION_AFTER = re.compile(
    r"\s*(?:,\s*)?(?:if|when|unless|only|for\s+(?:patients|those|individuals))\b", re.IGNORECASE
)
# The notice printed under denials of opioids, and what follows it.
_NOTICE = re.compile(
    r"\b(?:this\s+)?(?:medical\s+necessity\s+)?(?:decision|determination)\s+(?:addresses|should\s+not"
    r"\s+be\s+interpreted|is\s+not\s+(?:a\s+|an\s+)?(?:recommendation|advice|instruction))",
    re.IGNORECASE,
)
# A line break within a sentence is no end of it.
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?!\s+[\"'(]?[A-Z]|\s*\n|\s*\Z)[^.!?]*)*[.!?]?")
_TAIL = 700


class Statement(NamedTuple):
    """A conclusion with the half-open span of the sentence that states it."""

    conclusion: str
    start: int
    end: int


def find_conclusion(text: str, start: int, end: int) -> Statement | None:
    """Find what the rationale in `text[start:end]` concludes.

    The last statement counts: rationales close with their conclusion, and what
    stands earlier may be about a sibling item. Statements under a condition
    ("would be necessary if") and the notice about stopping opioids are passed
    over.

    Returns
    -------
    Statement or None
        `conclusion` is `necessary` or `not_necessary`; None where the
        rationale does not say.
    """
    notice = _NOTICE.search(text, start, end)
    stop = notice.start() if notice else end
    # Nearly always it is among the last sentences: those are tried first.
    tail = text.find(". ", max(start, stop - _TAIL), stop) + 1 if stop - start > _TAIL else start
    found = _last_statement(text, tail, stop) if tail > start else None
    return found or _last_statement(text, start, stop)


def _last_statement(text: str, start: int, end: int) -> Statement | None:
    for sentence in reversed(list(_SENTENCE.finditer(text, start, end))):
        statement = _stated(text, *sentence.span())
        if statement is not None:
            left = len(sentence.group()) - len(sentence.group().lstrip())
            return Statement(statement, sentence.start() + left, sentence.end())
    return None


def _stated(text: str, start: int, end: int) -> str | None:
    short = _SHORT.fullmatch(text, start, end)
    if short and _SENTENCE_START.search(text[max(0, start - 8) : start]):
        return "not_necessary" if short["no"] else "necessary"
    negatives = [match.span() for match in _NOT.finditer(text, start, end)]
    last_negative = negatives[-1][0] if negatives else -1
    for match in _YES.finditer(text, max(start, last_negative), end):
        overlaps = bool(negatives) and match.start() < negatives[-1][1]
        if overlaps or " not " in f" {match.group().lower()} ".replace("not stand", ""):
            continue
        denied = _DENIED.search(text, start, match.end())
        if denied and not _CONSEQUENCE.search(text, denied.end(), match.end()):
            return "not_necessary"
        if _OPEN.search(text, start, match.start()) or _PARTLY.search(text, start, end):
            continue
        if not _under_condition(text, start, match.start(), match.end(), end):
            return "necessary"
    request = _REQUEST.search(text, start, end)
    for a, b in reversed(negatives):
        if (request and request.start() < a) or not _under_condition(text, start, a, b, end):
            return "not_necessary"
    return None


def _under_condition(text: str, start: int, a: int, b: int, end: int) -> bool:
    before = _CONDITIONAL.search(text, max(start, a - 60), b)
    after = _CONDITION_AFTER.match(text, b, end)
    return bool(before or after)
