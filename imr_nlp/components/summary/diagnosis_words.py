"""What kind of words a piece of a list of diagnoses is made of."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

from imr_nlp.resources import read_csv

_WORD = re.compile(r"[a-z]+\d*|\d+")
_LEVEL = re.compile(r"[ctlsr]\d{1,2}\Z|\d+\Z|s\Z")
# Endings that make a noun a diagnosis, for the ones that no list holds.
_ENDING = re.compile(
    r".{2,}(?:itis|itides|os[ie]s|opath(?:y|ies)|algias?|omas?|emia|plegia|paresis|trophy|malacia"
    r"|listhesis|lysis|esthesias?|dynia|penia|ectasia|megaly|phobia|somnia|uria|phagia|rrhea"
    r"|p?nea|ectopy|ectomy|ostomy|plasty|graphia|stomia|thymia|phonia|phasia|pepsia|osmia|geusia"
    r"|acusia|acusis|kinesia|tonia|orexia|cardia)\Z"
)
_NO_DIAGNOSES = frozenset(
    [
        "diagnosis",
        "diagnoses",
        "prognosis",
        "analysis",
        "urinalysis",
        "dialysis",
        "hypnosis",
        "aroma",
        "anesthesia",
        "diploma",
        "area",
    ]
)
# Endings of adjectives, for the words that no list holds, and the nouns among them.
_ADJECTIVE = re.compile(r".{3,}(?:al|ic|ive|ous|[aiou]lar|ary|anoid|atoid)\Z")
_NOUNS = frozenset(
    [
        *("arousal", "hyperarousal", "denial", "removal", "metal", "colic", "clinic", "capillary"),
        *("analgesic", "narcotic", "antibiotic", "sedative", "laxative", "anxiolytic", "hypnotic"),
    ]
)
# The heads among them: "depressive", "anxious".
_HANGING = re.compile(r".{3,}(?:ive|ous)\Z")
_HEADS = frozenset({"injury", "sensation", "dizzy", "stomach", "mental", "disease", "bound"})
_NAMING = _HEADS | {"procedure"}
_SITES = frozenset({"adjective", "noun"})
_CLOSED = _SITES | {"side", "qualifier", "function"}
# Too little to be a diagnosis where a cue is weak: "pain", "the condition of his back".
_PAST = frozenset({"post", "history", "failed"})
_OPENING = _NAMING | _SITES | {"side", "qualifier"}
_OPENS_NONE = frozenset(["with", "without", "not", "than", "related", "work", "out", "part"])
_COMPLEMENT = frozenset(["with", "without", "due", "secondary"])
_SAYS_NOTHING = frozenset(["symptom", "symptoms", "condition", "conditions"])
# Complaints, findings and events, where nothing calls them a diagnosis.
_COMPLAINTS = _SAYS_NOTHING | {
    *("headache", "headaches", "allergy", "allergies", "attack", "attacks"),
    *("effusion", "loss", "deficit", "deficits", "scar", "scarring", "laxity", "tolerance"),
}
_FINDINGS = frozenset(["positive", "negative", "normal", "abnormal", "limited"])
_TURNS = frozenset(["for", "about", "with", "from", "by"])
_NEEDS_SITE = frozenset(
    ["pain", "pains", "injury", "injuries", "trauma", "exposure", "loss", "deficit", "deficits"]
)


class Words(NamedTuple):
    """The make-up of a piece of text.

    Attributes
    ----------
    kinds
        Kinds of its words in order (`resources/diagnosis_words.csv`); "" where
        the word is unknown.
    heads
        Kinds of its head nouns, in order.
    site, side
        Whether it names a part of the body; whether it begins with a side.
    operated
        Whether it names an operation.
    closed
        Whether all its words are body parts, sides, qualifiers and the like.
    complete
        Whether it can stand alone on the left of an "and": it ends in no
        adjective, and in no body part that lacks its head noun.
    complement
        How many words stand before "with", "due" and the like; -1 without one.
    specific
        Whether its head says more than "pain" or "the injury".
    """

    kinds: tuple[str, ...]
    heads: tuple[str, ...]
    site: bool
    side: bool
    operated: bool
    closed: bool
    complete: bool
    complement: int
    specific: bool

    @property
    def headed(self) -> bool:
        """Whether it can be a diagnosis by itself."""
        return bool(self.heads)

    @property
    def bare(self) -> bool:
        """Whether its head stands without a part of the body."""
        return bool(self.heads) and not self.site


@cache
def _kinds() -> dict[str, str]:
    return {row["word"]: row["kind"] for row in read_csv("diagnosis_words.csv")}


@lru_cache(maxsize=8192)
def _kind(word: str) -> str:
    kind = _kinds().get(word)
    if kind is None and word.endswith("s"):
        kind = _kinds().get(word[:-1])
    if kind is not None:
        return kind
    if _LEVEL.match(word):
        return "noun" if word[0].isalpha() and len(word) > 1 else "function"
    if word not in _NO_DIAGNOSES and _ENDING.match(word):
        return "procedure" if word.endswith(("ectomy", "ostomy", "plasty")) else "disease"
    return ""


def look_at(piece: str) -> Words:
    """Classify the words of a piece of a list."""
    words = _WORD.findall(piece.lower())
    kinds = tuple(map(_kind, words))
    present = set(kinds)
    operated = "procedure" in present
    heads = tuple(kind for kind in kinds if kind in _HEADS)
    if operated and (not _PAST.isdisjoint(words) or ("s" in words and "p" in words)):
        heads = tuple(kind for kind in kinds if kind in _HEADS or kind == "procedure")
    site = not _SITES.isdisjoint(present)
    closed = present <= _CLOSED
    return Words(
        kinds=kinds,
        heads=heads,
        site=site,
        side=bool(kinds) and kinds[0] == "side",
        operated=operated,
        closed=closed,
        complete=not closed and _is_complete(words, kinds, headed=bool(heads)),
        complement=next((at for at, word in enumerate(words) if word in _COMPLEMENT), -1),
        specific=_is_specific(words, kinds, at_site=site or "" in present),
    )


def _is_complete(words: list[str], kinds: tuple[str, ...], *, headed: bool) -> bool:
    if headed:
        return _HANGING.match(words[-1]) is None
    if kinds[-1] == "noun":
        # Named diseases end in body parts too: "tennis elbow".
        return not all(map(_is_modifier, words, kinds))
    return kinds[-1] == "qualifier" or not _is_modifier(words[-1], kinds[-1])


def _is_modifier(word: str, kind: str) -> bool:
    if kind:
        return kind in _CLOSED
    return word not in _NOUNS and _ADJECTIVE.match(word) is not None


def _is_specific(words: list[str], kinds: tuple[str, ...], *, at_site: bool) -> bool:
    return any(
        kind in _NAMING and word not in _SAYS_NOTHING and (at_site or word not in _NEEDS_SITE)
        for word, kind in zip(words, kinds, strict=True)
    )


def opens_diagnosis(piece: str) -> bool:
    """Tell whether a piece begins with a word that a diagnosis can begin with."""
    words = _WORD.findall(piece.lower())
    return bool(words) and words[0] not in _OPENS_NONE and _kind(words[0]) in _OPENING


def opens_clause(piece: str) -> bool:
    """Tell whether a piece begins with a verb, a finding or what a diagnosis is treated with.

    "filed a claim for strain", "positive impingement signs", "injections for sciatica".
    """
    words = _WORD.findall(piece.lower())
    if (
        words
        and (words[0] in _FINDINGS or words[0].endswith(("ed", "ing")))
        and not _kind(words[0])
    ):
        return True
    for word in words:
        if word in _TURNS:
            return True
        if _kind(word) in _NAMING:
            return False
    return False


def is_complaint(piece: str) -> bool:
    """Tell whether the heads of a piece are complaints or findings alone: pain, a scar."""
    return all(
        word in _COMPLAINTS or _kind(word) == "sensation"
        for word in _WORD.findall(piece.lower())
        if _kind(word) in _NAMING
    )


def has_head(piece: str) -> bool:
    """Tell whether a piece holds a word that can name a diagnosis."""
    return any(_kind(word) in _NAMING for word in _WORD.findall(piece.lower()))


def is_operation(piece: str) -> bool:
    """Tell whether a piece ends in the name of an operation."""
    words = _WORD.findall(piece[-30:].lower())
    return bool(words) and _kind(words[-1]) == "procedure"
