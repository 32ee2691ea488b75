"""Annotated letters: reading, checking, joining, splitting, and exchange with other tools."""

from __future__ import annotations

from imr_nlp.corpus.attaching import Attached, attach_letters
from imr_nlp.corpus.bank import BankRationale, BankSentence, read_bank, read_rationales
from imr_nlp.corpus.check import check_file, check_letter
from imr_nlp.corpus.docs import Misaligned, from_doc, read_docbin, to_doc, write_docbin
from imr_nlp.corpus.exchange import (
    FORMATS,
    Imported,
    LeftOut,
    UnknownLabelError,
    export_letters,
    import_letters,
)
from imr_nlp.corpus.form import format_letter, parse_form, read_letter, write_letter
from imr_nlp.corpus.gold import to_determination
from imr_nlp.corpus.jsonl import read_jsonl, write_jsonl
from imr_nlp.corpus.letter import (
    AnnotatedLetter,
    CitedGuideline,
    Entity,
    Evidence,
    IssueFields,
    LetterFields,
    Part,
)
from imr_nlp.corpus.predicted import Dropped, from_prediction
from imr_nlp.corpus.problems import CorpusError, Problem
from imr_nlp.corpus.splits import Splits, check_splits, make_splits, read_splits, write_splits
from imr_nlp.corpus.standoff import attach, to_standoff
from imr_nlp.corpus.store import check_corpus, read_letters

__all__ = [
    "FORMATS",
    "AnnotatedLetter",
    "Attached",
    "BankRationale",
    "BankSentence",
    "CitedGuideline",
    "CorpusError",
    "Dropped",
    "Entity",
    "Evidence",
    "Imported",
    "IssueFields",
    "LeftOut",
    "LetterFields",
    "Misaligned",
    "Part",
    "Problem",
    "Splits",
    "UnknownLabelError",
    "attach",
    "attach_letters",
    "check_corpus",
    "check_file",
    "check_letter",
    "check_splits",
    "export_letters",
    "format_letter",
    "from_doc",
    "from_prediction",
    "import_letters",
    "make_splits",
    "parse_form",
    "read_bank",
    "read_docbin",
    "read_jsonl",
    "read_letter",
    "read_letters",
    "read_rationales",
    "read_splits",
    "to_determination",
    "to_doc",
    "to_standoff",
    "write_docbin",
    "write_jsonl",
    "write_letter",
    "write_splits",
]
