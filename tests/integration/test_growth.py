"""Time grows with the length of a letter, never with its square.

Each hostile input is read at some length and at four times that length. Work that
is linear takes 4 times as long, work that is quadratic 16 times; the test draws
the line at 10. This is no timing assertion: both figures come from the same
machine within the same second, so a slow machine slows them alike, and CPU time
leaves out what other processes do. What noise remains, garbage collection above
all, only ever adds time, so one good try out of three is enough.
"""

import gc
from pathlib import Path
from time import process_time

import pytest

import imr_nlp

pytestmark = pytest.mark.slow

LETTER = (
    Path(__file__).parents[2] / "examples" / "letters" / "f4b_shoulder_surgery.txt"
).read_text(encoding="utf-8")
FACTOR = 4
BOUND = 10
MEASURABLE = 0.02  # seconds; what is shorter is mostly noise
SHORTEST, LONGEST = 12_500, 250_000  # four times the longest is the most that spaCy takes

SUMMARY = "CLINICAL CASE SUMMARY\n"
ISSUES = "IMR ISSUES, DECISIONS AND RATIONALES\n"
RATIONALE = (
    f"{SUMMARY}A.\n{ISSUES}X: Upheld\nClaims Administrator guideline: a\nDecision rationale: "
)
ISSUE = (
    "Norco 10/325mg #60: Upheld\n"
    "Claims Administrator guideline: Decision based on MTUS Chronic Pain Medical Treatment 2016.\n"
    "MAXIMUS guideline: Decision based on MTUS Opioid Treatment 2016, Section(s): Opioids.\n"
    "Decision rationale: Nothing improved. The request is not medically necessary.\n"
)

# What stands before, what is repeated, what stands behind.
HOSTILE = {
    # Whole letters
    "letters": ("", LETTER + "\n", ""),
    "issues": (ISSUES, ISSUE, ""),
    "short issues": (ISSUES, "Norco: Upheld\n", ""),
    "labels": ("", "Decision rationale: ", ""),
    "label lines": ("", "Decision rationale:\n", ""),
    "page ends": ("", "Page 1 of 2\n\f", ""),
    # One character
    "spaces": ("", " ", ""),
    "tabs between words": ("a", "\t", "b"),
    "line ends": ("", "\n", ""),
    "Windows line ends": ("", "\r\n", ""),
    "form feeds": ("", "\f", ""),
    "zero-width spaces": ("", "\u200b", ""),
    "digits": ("", "1", ""),
    "letters of a word": ("", "e", ""),
    "accents": ("", "\u00e9", ""),
    "combining accents": ("e", "\u0301", ""),
    "quotes": ("", '"', ""),
    "parentheses": ("", "(", ""),
    "dots": ("", ".", ""),
    "hyphens": ("", "-", ""),
    "underscores": ("", "_", ""),
    # Few characters
    "words of one letter": ("", "a ", ""),
    "broken hyphens": ("", "a- ", ""),
    "hyphens at line ends": ("", "a-\n", ""),
    "hyphenated": ("", "a-", ""),
    "slashes": ("", "1/", ""),
    "decimals": ("", "1.", ""),
    "commas": ("", "1,", ""),
    "dates": ("", "1/2/2016 ", ""),
    "unbroken": ("", "abc", ""),
    "brackets": ("", "()", ""),
    "lines": ("", "ab cd\n", ""),
    "double lines": ("", "ab cd\n\n", ""),
    # Drugs
    "drug": (SUMMARY, "Norco ", ""),
    "drugs with attributes": (SUMMARY, "Norco 10/325mg #60 ", ""),
    "drugs in an item": (
        f"{ISSUES}set forth below: ",
        "Norco, ",
        ": Upheld\nDecision rationale: a",
    ),
    "frequency": (f"{SUMMARY}Norco ", "bid ", ""),
    "every": (f"{SUMMARY}Norco ", "every ", ""),
    "strength": (f"{SUMMARY}Norco ", "10mg ", ""),
    "per cent": (f"{SUMMARY}Norco ", "5%-", ""),
    "quantity": (f"{SUMMARY}Norco ", "#60 ", ""),
    "brackets behind a quantity": (f"{SUMMARY}Norco #60 ", "(2 boxes ", ""),
    "forms": (f"{ISSUES}set forth below: Norco ", "in a cream ", ": Upheld\n"),
    "at most": (f"{SUMMARY}Norco ", "max 2 ", ""),
    # What the form and its writers say
    "upheld": (ISSUES, ": Upheld ", ""),
    "numbered requests": ("IMR DECISION(S) AND RATIONALE(S)\n", "1. The request for x ", ""),
    "regarding": ("", "Regarding the request for ", ""),
    "determined": ("", "MAXIMUS Federal Services, Inc. has determined the request for x ", ""),
    "original requests": (ISSUES, "x was the original request. ", "\nDecision rationale: b"),
    "guidelines": (
        "Claims Administrator guideline: ",
        "MTUS Chronic Pain 2016, Section(s): a, ",
        "\nDecision rationale: x",
    ),
    "pages of guidelines": ("MAXIMUS guideline: MTUS Chronic Pain 2016, ", "page(s) 1-2, 3, ", ""),
    "negations": (RATIONALE, "not been felt to be considered ", ""),
    "therefore": (RATIONALE, "therefore ", ""),
    "the request": (RATIONALE, "the request ", ""),
    "not necessary": (RATIONALE, "is not medically necessary ", ""),
    "cannot find": (RATIONALE, "I cannot find ", ""),
    "none of": (RATIONALE, "none of the visits ", ""),
    "adjectives": (f"{ISSUES}Surgery ", "partial ", ": Upheld\n"),
    "arthroscopic": (f"{ISSUES}Surgery ", "arthroscopic a ", ": Upheld\n"),
    "hand therapy": (f"{ISSUES}Surgery ", "left hand therapy, ", ": Upheld\n"),
    "sessions": (f"{ISSUES}Therapy ", "2 times a week for 6 weeks ", ": Upheld\n"),
    "body parts": (f"{ISSUES}MRI ", "left knee and ", ": Upheld\n"),
    "diagnoses": (f"{SUMMARY}The diagnoses include ", "pain, and ", ""),
    "diagnosed with": (SUMMARY, "diagnosed with ", ""),
    "age": (SUMMARY, "year old ", ""),
    "injury": (SUMMARY, "date of injury ", ""),
    "sentences": (SUMMARY, "He was seen. ", ""),
}


@pytest.fixture(scope="module")
def nlp():
    return imr_nlp.load("rules")


def hostile(name, length):
    before, repeated, behind = HOSTILE[name]
    return before + repeated * ((length - len(before) - len(behind)) // len(repeated)) + behind


def cpu_time(nlp, text):
    gc.collect()
    start = process_time()
    nlp(text)
    return process_time() - start


def measurable_length(nlp, name):
    """Find the length whose time can be measured; this fills the caches, too."""
    length = SHORTEST
    while length < LONGEST and cpu_time(nlp, hostile(name, length)) < MEASURABLE:
        length = min(2 * length, LONGEST)
    return length


def growth(nlp, name, length):
    short = cpu_time(nlp, hostile(name, length))
    long = cpu_time(nlp, hostile(name, FACTOR * length))
    return long / max(short, MEASURABLE)


def check(nlp, name, length):
    tries = []
    for _ in range(8):  # a busy machine slows single measurements
        tries.append(growth(nlp, name, length))
        if tries[-1] < BOUND:
            return
    pytest.fail(f"{name}: from {length} to {FACTOR * length} characters, time grew {tries} times")


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_the_length(nlp, name):
    check(nlp, name, measurable_length(nlp, name))


@pytest.mark.parametrize("name", ["letters", "spaces", "issues", "unbroken", "quantity"])
def test_a_million_characters(nlp, name):
    check(nlp, name, LONGEST)
