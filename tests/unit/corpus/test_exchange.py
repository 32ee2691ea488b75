"""Annotated letters from and to the files of annotation tools.

tests/data/exchange holds one letter as each tool writes it, with what the tools add (hashes,
users, drafts, comments, answers) and a second text that never was exported from here.
"""

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from spacy.tokens import DocBin

from imr_nlp.corpus import (
    FORMATS,
    AnnotatedLetter,
    CorpusError,
    Entity,
    Evidence,
    LetterFields,
    Part,
    export_letters,
    import_letters,
    read_letter,
    write_docbin,
    write_jsonl,
)
from imr_nlp.corpus.exchange import label_studio
from imr_nlp.corpus.exchange.choices import read_choices, write_choices

from .strategies import letters

DATA = Path(__file__).parents[2] / "data" / "exchange"
NAME = "cm16-0900431"
LETTER = read_letter(DATA / f"{NAME}.imr")
CONTENT = json.loads((DATA / "content.json").read_text(encoding="utf-8"))
TOOLS = ["prodigy", "label-studio", "doccano", "brat", "datasets"]
UNKNOWN = LetterFields(layout="unknown")
NOT_LINKED = [
    ["Norco", {"STRENGTH": "10/325mg", "DOSE": "1 tab", "FREQUENCY": "nightly"}],
    ["nortriptyline", {"STRENGTH": "25 mg"}],
]


def content(letter):
    """What a person would read off the marks of a letter."""

    def text(mark):
        words = letter.snippet(mark.start, mark.end).split()
        return " ".join([*words[:3], "...", *words[-2:]] if len(words) > 5 else words)

    drugs = {p: [text(e), {}] for p, e in enumerate(letter.entities) if e.label == "DRUG"}
    for entity in letter.entities:
        if entity.drug is not None:
            drugs[entity.drug][1][entity.label] = text(entity)
    return {
        "parts": [[p.label, text(p), [i + 1 for i in p.issues]] for p in letter.parts],
        "diagnoses": [text(e) for e in letter.entities if e.label == "DIAGNOSIS"],
        "drugs": list(drugs.values()),
        "reasons": [[list(e.labels), text(e), [i + 1 for i in e.issues]] for e in letter.evidence],
    }


@pytest.fixture
def datasets():
    """Hugging Face datasets, quiet."""
    module = pytest.importorskip("datasets")
    shown = not module.are_progress_bars_disabled()
    module.disable_progress_bars()
    yield module
    if shown:
        module.enable_progress_bars()


def called(letter, name):
    return letter.model_copy(update={"id": name})


@pytest.mark.parametrize(
    ("file", "format", "names", "fields", "drugs"),
    [
        ("prodigy/relations.jsonl", "prodigy", [NAME], True, []),
        ("prodigy/spans.jsonl", "prodigy", [NAME, "1577839102"], False, NOT_LINKED),
        ("label_studio/export.json", "label-studio", [NAME, "204"], True, []),
        ("doccano/relations.jsonl", "doccano", [NAME, "58"], True, []),
        ("doccano/triples.jsonl", "doccano", [NAME, "58"], False, NOT_LINKED),
        ("doccano/old_versions.jsonl", "doccano", ["57", "58"], False, NOT_LINKED),
        ("brat", "brat", [NAME, "own"], True, []),
    ],
)
def test_what_a_tool_wrote(file, format, names, fields, drugs):
    undecided = []
    found, misaligned = import_letters(DATA / file, format, undecided=undecided)
    open_tasks = ["203: no finished annotation"] if format == "label-studio" else []
    assert [str(own) for own in undecided] == open_tasks
    assert [letter.id for letter in found] == names
    assert misaligned == []
    letter = found[0]
    assert letter.text == LETTER.text
    assert content(letter) == {**CONTENT, "drugs": [*drugs, *CONTENT["drugs"][len(drugs) :]]}
    assert letter.fields == (LETTER.fields if fields else UNKNOWN)
    if fields:
        assert letter == LETTER
    for own in found[1:]:
        assert content(own)["drugs"] == [["Soma", {"STRENGTH": "350mg", "FREQUENCY": "qhs"}]]
        assert own.fields == UNKNOWN


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_is_lost_on_the_way_there_and_back(format, corpus_letters, tmp_path):
    given = [LETTER, *corpus_letters]
    assert export_letters(given, tmp_path / "out", format) == []
    found, misaligned = import_letters(tmp_path / "out", format)
    assert misaligned == []
    assert sorted(found, key=lambda x: x.id) == sorted(given, key=lambda x: x.id)


@pytest.mark.parametrize("format", TOOLS)
@given(letter=letters())
@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=25)
def test_nothing_is_lost_of_any_letter(format, letter):
    with tempfile.TemporaryDirectory() as folder:
        export_letters([letter], Path(folder) / "out", format)
        assert import_letters(Path(folder) / "out", format).letters == [letter]


@pytest.mark.parametrize("format", TOOLS)
def test_what_no_rule_gives_is_kept(format, tmp_path):
    """Whose issues a part and a reason are, and a drug of another part."""
    text = "A rest. B tea. One text. For both of them. Norco it is."
    letter = AnnotatedLetter(
        id="a",
        text=text,
        fields=LetterFields(layout="F4b"),
        parts=[
            Part(start=0, end=6, label="ITEM", issues=(1,)),
            Part(start=8, end=13, label="ITEM", issues=(0,)),
            Part(start=15, end=len(text), label="RATIONALE", issues=(0, 1)),
        ],
        entities=[
            Entity(start=2, end=6, label="DOSE", drug=1),
            Entity(start=43, end=48, label="DRUG"),
        ],
        evidence=[
            Evidence(start=25, end=42, labels=("safety_risk", "criteria_met"), issues=(1,)),
            Evidence(start=43, end=55, labels=("safety_risk",), issues=(0, 1)),
        ],
    )
    export_letters([letter], tmp_path / "out", format)
    assert import_letters(tmp_path / "out", format).letters == [letter]


@pytest.mark.parametrize("line_break", ["\n", "\n\n", " \n ", "\r\n", "\n\f\n", "\u2028", "\x85"])
def test_brat_can_read_spans_over_several_lines(line_break, tmp_path):
    """As brat checks it: the text of a line is that of its fragments, joined by spaces."""
    text = f"He has low{line_break}back{line_break}pain."
    letter = AnnotatedLetter(
        id="a",
        text=text,
        fields=UNKNOWN,
        parts=[Part(start=0, end=len(text), label="SUMMARY")],
        entities=[Entity(start=7, end=len(text) - 1, label="DIAGNOSIS")],
    )
    export_letters([letter], tmp_path, "brat")
    content = (tmp_path / "a.ann").read_bytes().decode("utf-8")
    lines = [line.split("\t") for line in content.splitlines() if line.startswith("T")]
    assert [line[1].split(" ")[0] for line in lines] == ["SUMMARY", "DIAGNOSIS"]
    for _, place, marked in lines:
        pieces = [piece.split(" ") for piece in place.split(" ", 1)[1].split(";")]
        assert len(pieces) == 3
        assert marked == " ".join(text[int(start) : int(end)] for start, end in pieces)
    assert import_letters(tmp_path, "brat").letters == [letter]


def test_what_prodigy_needs_to_show_spans_and_relations(tmp_path):
    export_letters([LETTER], tmp_path / "out.jsonl", "prodigy")
    task = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    tokens = task["tokens"]
    assert [token["id"] for token in tokens] == list(range(len(tokens)))
    for span in task["spans"]:
        assert tokens[span["token_start"]]["start"] == span["start"]
        assert tokens[span["token_end"]]["end"] == span["end"]
    assert len(task["relations"]) == 15
    for relation in task["relations"]:
        assert relation["head_span"] in task["spans"]
        assert relation["child_span"]["label"] == "DRUG"
        assert tokens[relation["child"]]["end"] == relation["child_span"]["end"]


def test_the_interface_of_label_studio_has_what_the_tasks_use(tmp_path):
    export_letters([LETTER], tmp_path / "out.json", "label-studio")
    (task,) = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    for result in task["annotations"][0]["result"]:
        if result["type"] == "labels":
            (label,) = result["value"]["labels"]
            assert f'<Label value="{label}"/>' in label_studio.LABELING_CONFIG
            assert f'<Labels name="{result["from_name"]}"' in label_studio.LABELING_CONFIG
            assert f'<Text name="{result["to_name"]}" value="$text"' in label_studio.LABELING_CONFIG


def off_tokens():
    """Three marks that cut words: "Norc", "nortriptylin", and a reason that ends in "bench"."""
    shorter = {(650, 655): (650, 654), (694, 707): (694, 706), (1415, 1497): (1415, 1471)}

    def cut(marks):
        moved = [(m, shorter.get((m.start, m.end))) for m in marks]
        return [m.model_copy(update={"start": n[0], "end": n[1]}) if n else m for m, n in moved]

    update = {"entities": cut(LETTER.entities), "evidence": cut(LETTER.evidence)}
    return LETTER.model_copy(update=update)


@pytest.mark.parametrize("format", ["jsonl", *TOOLS])
def test_spans_that_cut_a_token_are_kept_and_told(format, tmp_path):
    letter = off_tokens()
    assert letter != LETTER
    exported = export_letters([letter], tmp_path / "out", format)
    found, imported = import_letters(tmp_path / "out", format)
    assert found == [letter]
    assert exported == imported
    assert [(m.letter, m.label, m.text) for m in sorted(imported, key=lambda m: m.end)] == [
        (NAME, "DRUG", "Norc"),
        (NAME, "DRUG", "nortriptylin"),
        (
            NAME,
            "no_functional_improvement",
            "Six years of Norco have not brought her back to the benc",
        ),
        (NAME, "prolonged_use", "Six years of Norco have not brought her back to the benc"),
    ]


def test_a_docbin_tells_what_it_cannot_hold(tmp_path):
    told = export_letters([off_tokens()], tmp_path / "out.spacy", "docbin")
    assert {m.text[:12] for m in told} == {"Norc", "nortriptylin", "Six years of"}
    (letter,), misaligned = import_letters(tmp_path / "out.spacy", "docbin")
    assert misaligned == []
    assert [drug[0] for drug in content(letter)["drugs"]][:2] == ["Norco", "Norco"]
    assert letter.parts == LETTER.parts
    assert [e.labels for e in letter.evidence] == [
        ("compound_ingredient",),
        ("request_unspecified",),
    ]


# --- What is wrong is named -------------------------------------------------------------------

REAL = {
    "prodigy": "prodigy/relations.jsonl",
    "label-studio": "label_studio/export.json",
    "doccano": "doccano/relations.jsonl",
    "triples": "doccano/triples.jsonl",
}
BAD = json.loads((DATA / "bad.json").read_text(encoding="utf-8"))


def change(data, path, value):
    *way, last = path
    for step in way:
        data = data[step]
    if value == "-":
        del data[last]
    else:
        data[last] = value


def wrong_file(case, folder):
    """The real file of a tool, changed as the case says; the first lines are another letter's."""
    format = case["format"]
    if format == "brat":
        shutil.copytree(DATA / "brat", folder / "out")
        path = folder / "out" / f"{NAME}{case.get('file', '.ann')}"
        if "becomes" not in case:
            path.unlink()
            return folder / "out", path
        text = path.read_text(encoding="utf-8")
        assert text.count(case["replace"]) == 1
        path.write_text(text.replace(case["replace"], case["becomes"]), encoding="utf-8")
        return folder / "out", path
    real = (DATA / REAL[format]).read_text(encoding="utf-8")
    path = folder / Path(REAL[format]).name
    if format == "label-studio":
        data = json.loads(real)
        change(data, case["path"], case["value"])
        path.write_text(json.dumps(data), encoding="utf-8")
        return path, path
    data = json.loads(real.splitlines()[0])
    change(data, case["path"], case["value"])
    path.write_text(f"\n\n{json.dumps(data)}\n", encoding="utf-8")
    return path, path


def refused(path, format):
    with pytest.raises(CorpusError) as raised:
        import_letters(path, format)
    return raised.value.problems


@pytest.mark.parametrize("case", BAD, ids=[f"{case['format']}: {case['says']}" for case in BAD])
def test_what_is_wrong_is_named_with_file_and_line(case, tmp_path):
    read, path = wrong_file(case, tmp_path)
    format = "doccano" if case["format"] == "triples" else case["format"]
    (problem,) = refused(read, format)
    assert problem.file == str(path)
    assert problem.line == case["line"]
    assert case["says"] in problem.message


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n \n",
        b"{'text': 1}",
        b'{"text": ',
        b"[[]]",
        b'["text"]',
        b"3",
        b"null",
        b"{}",
        b'{"text": null, "spans": null, "entities": null}',
        b'{"text": {}, "spans": {}, "label": {}, "data": {}}',
        b'[{"data": null, "annotations": null}]',
        b'[{"data": {"text": 3}, "annotations": [3]}]',
        b'\xff\xfe{\x00"\x00',
        b"PK\x03\x04\x14\x00\x06\x00" + bytes(30),
    ],
)
def test_what_is_no_file_of_the_tool(format, data, tmp_path):
    path = tmp_path / "bad.json"
    path.write_bytes(data)
    assert {problem.file for problem in refused(path, format)} == {str(path)}


@pytest.mark.parametrize(
    ("format", "data", "line", "says"),
    [
        ("prodigy", b"\n{'text': 1}\n", 2, "no JSON: Expecting property name"),
        ("prodigy", b'"text"\n', 1, "no JSON object"),
        ("prodigy", b'{"text": "a"}\n{"text": "a"', 2, "no JSON: Expecting ','"),
        ("prodigy", '{"text": "a"}'.encode("utf-16"), 0, "is not UTF-8 (byte 0). Save it as UTF-8"),
        ("prodigy", b'{"text": "a", "options": []}', 1, "a choice and no task with spans"),
        ("prodigy", b'{"text": "a", "answer": "reject"}', 0, "holds no annotated letters"),
        ("doccano", b"[]\n", 1, "no JSON object"),
        ("label-studio", b'[{"data":\n3}\n}', 3, "no JSON"),
        ("label-studio", b'{"data": {}, "annotations": []}', 0, "a list of tasks is expected"),
        ("label-studio", b"[]", 0, "holds no annotated letters"),
        (
            "label-studio",
            b'[{"id": 1, "text": "a", "label": []}]',
            0,
            "export as JSON, not JSON-MIN",
        ),
        ("jsonl", b'{"id": "a"}\n', 1, "text: Field required"),
        ("docbin", b"Norco", 0, "no DocBin that can be read"),
    ],
)
def test_what_is_wrong_with_the_whole_file(format, data, line, says, tmp_path):
    path = tmp_path / "bad.json"
    path.write_bytes(data)
    problem = refused(path, format)[0]
    assert (problem.file, problem.line) == (str(path), line)
    assert says in problem.message


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_not_there(format, tmp_path):
    for path in (tmp_path, tmp_path / "none"):
        (problem,) = refused(path, format)
        assert problem.file == str(path)


def test_a_format_that_there_is_not(tmp_path):
    with pytest.raises(CorpusError, match=r"webanno.* no such format; there are imr, jsonl"):
        import_letters(tmp_path, "webanno")
    with pytest.raises(CorpusError, match="no such format"):
        export_letters([LETTER], tmp_path / "out", "webanno")


@pytest.mark.parametrize("format", ["prodigy", "doccano"])
def test_a_mark_of_windows_in_front_is_no_matter(format, tmp_path):
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + (DATA / REAL[format]).read_bytes().replace(b"\n", b"\r\n"))
    assert import_letters(path, format).letters[0] == LETTER


@pytest.mark.parametrize("format", ["jsonl", "docbin", "prodigy", "label-studio", "doccano"])
def test_two_annotations_of_a_letter_are_not_chosen_from(format, tmp_path):
    export_letters([LETTER, called(LETTER, "b"), LETTER], tmp_path / "out", format)
    (problem,) = refused(tmp_path / "out", format)
    assert NAME in problem.message
    if format in {"prodigy", "doccano"}:
        assert (problem.line, "line 1" in problem.message) == (3, True)


def test_every_unknown_label_is_told_at_once(tmp_path):
    shutil.copytree(DATA / "brat", tmp_path / "out")
    path = tmp_path / "out" / f"{NAME}.ann"
    content = path.read_text(encoding="utf-8")
    path.write_text(content.replace("\tDRUG ", "\tMEDICINE "), encoding="utf-8")
    problems = refused(tmp_path / "out", "brat")
    lines = [n for n, line in enumerate(content.split("\n"), 1) if "\tDRUG " in line]
    assert [problem.line for problem in problems] == lines
    assert all("MEDICINE: no such label" in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"text": 3}, "row 1: text"),
        ({"meta": "{"}, "row 1: meta: no JSON"),
        ({"meta": "[]"}, "row 1: meta: no JSON object"),
        ({"meta": '{"fields": {"layout": "F9"}}'}, "row 1: imr.fields.layout"),
        ({"meta": '{"issues": [[0, 1, "ITEM"]]}'}, "row 1: imr.issues.0.3 is missing"),
        ({"spans": [{"start": 0, "end": 1}]}, "row 1: spans.0.label is missing"),
        ({"spans": [{"start": 0, "end": 99, "label": "DRUG"}]}, "row 1: DRUG at [0, 99) lies out"),
        ({"links": [{"head": 0, "drug": 1}]}, "row 1: a link points to a span that is not there"),
        ({"links": [{"head": -1, "drug": -1}]}, "row 1: a link points to a span that is not there"),
    ],
)
def test_wrong_rows_of_a_dataset(row, says, datasets, tmp_path):
    good = {"id": "a", "text": "Norco", "spans": [], "links": [], "meta": "{}"}
    datasets.Dataset.from_list([{**good, **row}]).save_to_disk(str(tmp_path / "out"))
    (problem,) = refused(tmp_path / "out", "datasets")
    assert problem.file == str(tmp_path / "out")
    assert says in problem.message


def test_other_columns_of_a_dataset(datasets, tmp_path):
    datasets.Dataset.from_list([{"tokens": ["a"]}]).save_to_disk(str(tmp_path / "out"))
    problems = refused(tmp_path / "out", "datasets")
    assert [p.message for p in problems] == [
        f"row 1: {name} is missing" for name in ("id", "text", "spans", "links", "meta")
    ]


def test_the_splits_of_a_dataset_are_read_together(datasets, tmp_path):
    for name in ("a", "b"):
        export_letters([called(LETTER, name)], tmp_path / name, "datasets")
    splits = {name: datasets.load_from_disk(str(tmp_path / name)) for name in ("a", "b")}
    datasets.DatasetDict(splits).save_to_disk(str(tmp_path / "out"))
    assert import_letters(tmp_path / "out", "datasets").letters == [
        called(LETTER, "a"),
        called(LETTER, "b"),
    ]


def test_datasets_show_no_progress(tmp_path, capfd):
    datasets = pytest.importorskip("datasets")
    before = datasets.are_progress_bars_disabled()
    export_letters([LETTER], tmp_path / "out", "datasets")
    import_letters(tmp_path / "out", "datasets")
    assert capfd.readouterr() == ("", "")
    assert datasets.are_progress_bars_disabled() == before


# --- What cannot be written -------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_a_place_that_cannot_be_written_is_named(format, tmp_path):
    (tmp_path / "file").write_text("in the way")
    path = tmp_path / "file" / "out"
    with pytest.raises(CorpusError, match="cannot be written") as raised:
        export_letters([LETTER], path, format)
    assert raised.value.problems[0].file == str(path)


@pytest.mark.parametrize("format", ["imr", "brat"])
@pytest.mark.parametrize("name", ["../up", "batch/a", "..", "", "a\\b"])
def test_a_letter_becomes_no_file_elsewhere(format, name, tmp_path):
    with pytest.raises(CorpusError, match="cannot be the name of a file"):
        export_letters([called(LETTER, name)], tmp_path / "in" / "out", format)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", ["imr", "brat"])
def test_letters_of_one_name_do_not_overwrite_each_other(format, tmp_path):
    with pytest.raises(CorpusError, match=f"two letters are called {NAME}"):
        export_letters([LETTER, LETTER], tmp_path / "out", format)


def test_marks_that_cross_come_from_tools_but_cannot_go_into_a_form(tmp_path):
    line = {"text": "Norco is gone.", "label": [[0, 8, "SUMMARY"], [6, 13, "DIAGNOSIS"]]}
    (tmp_path / "a.jsonl").write_text(json.dumps(line), encoding="utf-8")
    found = import_letters(tmp_path / "a.jsonl", "doccano").letters
    assert [letter.id for letter in found] == ["a-1"]
    with pytest.raises(CorpusError, match=r"a-1.* DIAGNOSIS at \[6, 13\) crosses another"):
        export_letters(found, tmp_path / "out", "imr")


# --- Answers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["reject", "ignore", None])
def test_a_task_that_was_not_accepted_is_no_letter(answer, tmp_path):
    task = json.loads((DATA / REAL["prodigy"]).read_text(encoding="utf-8"))
    path = tmp_path / "out.jsonl"
    path.write_text(json.dumps({**task, "answer": answer, "spans": "whatever"}), encoding="utf-8")
    (problem,) = refused(path, "prodigy")
    assert "holds no annotated letters" in problem.message


def annotation(label, **more):
    value = {"start": 0, "end": 5, "text": "Norco", "labels": [label]}
    region = {"id": "r", "from_name": "label", "to_name": "text", "type": "labels", "value": value}
    return {"id": 1, "completed_by": 1, "result": [region], **more}


OLD, NEW = "2016-06-21T10:05:58.913120Z", "2016-06-21T11:20:58.913120Z"


@pytest.mark.parametrize(
    ("annotations", "counts"),
    [
        ([annotation("DRUG"), annotation("FORM")], "FORM"),
        ([annotation("DRUG", updated_at=NEW), annotation("FORM", updated_at=OLD)], "DRUG"),
        ([annotation("DRUG"), annotation("FORM", was_cancelled=True)], "DRUG"),
        ([annotation("DRUG", ground_truth=True), annotation("FORM", updated_at=NEW)], "DRUG"),
        (
            [
                annotation("DRUG", updated_at=OLD),
                annotation("FORM", ground_truth=True, was_cancelled=True, updated_at=NEW),
            ],
            "DRUG",
        ),
        ([annotation("DRUG", was_cancelled=True)], None),
        ([], None),
    ],
)
def test_which_annotation_of_a_task_counts(annotations, counts, tmp_path):
    tasks = [
        {"id": 1, "data": {"text": "Norco"}, "annotations": annotations, "predictions": [7]},
        {"id": 2, "data": {"text": "Norco"}, "annotations": [annotation("DRUG")]},
    ]
    (tmp_path / "out.json").write_text(json.dumps(tasks), encoding="utf-8")
    undecided = []
    letters, _ = import_letters(tmp_path / "out.json", "label-studio", undecided=undecided)
    found = {letter.id: letter for letter in letters}
    assert [own.letter for own in undecided] == ([] if annotations else ["1"])
    assert list(found) == (["1", "2"] if counts else ["2"])
    if counts:
        assert [entity.label for entity in found["1"].entities] == [counts]


def test_a_relation_of_a_region_with_several_labels_is_one_of_its_entity(tmp_path):
    def region(name, start, end, *labels):
        value = {"start": start, "end": end, "labels": labels}
        return {"id": name, "type": "labels", "value": value}

    result = [
        region("a", 0, 5, "ITEM", "DRUG"),
        region("b", 6, 9, "QUANTITY"),
        {"type": "relation", "from_id": "b", "to_id": "a", "direction": "right", "labels": []},
    ]
    task = {"id": 1, "data": {"text": "Norco #60"}, "annotations": [{"result": result}]}
    (tmp_path / "out.json").write_text(json.dumps([task]), encoding="utf-8")
    (letter,) = import_letters(tmp_path / "out.json", "label-studio").letters
    assert content(letter)["drugs"] == [["Norco", {"QUANTITY": "#60"}]]
    assert content(letter)["parts"] == [["ITEM", "Norco", [1]]]


@pytest.mark.parametrize("more", [{}, {"spans": None, "relations": None, "meta": None}])
def test_a_task_of_prodigy_that_nobody_marked_anything_in(more, tmp_path):
    task = {"text": "Norco", "_input_hash": -7, "_session_id": None, "answer": "accept", **more}
    (tmp_path / "out.jsonl").write_text(json.dumps(task), encoding="utf-8")
    found = import_letters(tmp_path / "out.jsonl", "prodigy").letters
    assert found == [AnnotatedLetter(id="-7", text="Norco", fields=UNKNOWN)]


# --- Multiple choices -------------------------------------------------------------------------


def test_answers_of_choices_are_put_into_the_letter():
    other = called(LETTER, "other")
    answered, same = read_choices(DATA / "prodigy" / "choices.jsonl", [LETTER, other])
    assert same == other
    assert content(answered)["reasons"] == [
        [["prolonged_use"], "Six years of ... is weaker.", [1]],
        [["not_recommended", "compound_ingredient"], "No muscle relaxant, ... the skin.", [2]],
        # Rejected: nobody has said anything of this sentence.
        [["request_unspecified"], "Nobody says where ... how often.", [2]],
    ]
    assert [issue.primary for issue in answered.fields.issues] == [
        "prolonged_use",
        "compound_ingredient",
    ]
    assert answered.model_copy(update={"evidence": LETTER.evidence}) == LETTER


def test_a_primary_reason_goes_with_its_evidence(tmp_path):
    path = tmp_path / "out.jsonl"
    write_choices([LETTER], path)
    tasks = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    for task in tasks:
        task["accept"] = [label for label in task["accept"] if label != "prolonged_use"]
    path.write_text("".join(json.dumps(task) + "\n" for task in tasks), encoding="utf-8")
    (answered,) = read_choices(path, [LETTER])
    assert answered.evidence[0].labels == ("no_functional_improvement",)
    assert [i.primary for i in answered.fields.issues] == [None, "compound_ingredient"]


def test_choices_that_nobody_changes_change_nothing(corpus_letters, tmp_path):
    told = 0
    for letter in [LETTER, *corpus_letters]:
        uneven = write_choices([letter], tmp_path / "out.jsonl")
        (again,) = read_choices(tmp_path / "out.jsonl", [letter])
        assert (again == letter) == (uneven == 0)
        told += uneven == 0
    assert told > len(corpus_letters) / 2


def test_a_reason_of_one_issue_stays_with_it(tmp_path):
    text = "A first. B second. Both cost too much. Nothing was tried."
    letter = AnnotatedLetter(
        id="a",
        text=text,
        fields=UNKNOWN,
        parts=[
            Part(start=0, end=7, label="ITEM", issues=(0,)),
            Part(start=9, end=17, label="ITEM", issues=(1,)),
            Part(start=19, end=len(text), label="RATIONALE", issues=(0, 1)),
        ],
        evidence=[
            Evidence(start=19, end=38, labels=("criteria_not_met",), issues=(0, 1)),
            Evidence(start=39, end=57, labels=("safety_risk",), issues=(1,)),
        ],
    )
    assert write_choices([letter], tmp_path / "out.jsonl") == 0
    assert read_choices(tmp_path / "out.jsonl", [letter]) == [letter]


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["meta"], "-", "meta is missing"),
        (["meta", "start"], "-", "meta.start is missing"),
        (["meta", "issues"], 3, "meta.issues"),
        (["meta", "issues"], [7], "in no RATIONALE of issue 8"),
        (["meta", "id"], "w9", "w9: there is no letter of this name"),
        (["meta", "start"], 3, f"does not stand in {NAME} at [3,"),
        (["text"], "Opioids are fine.", f"does not stand in {NAME}"),
        (["text"], "-", "text is missing"),
        (["accept"], ["prolonged"], "accept.0"),
        (["accept"], "prolonged_use", "accept"),
    ],
)
def test_wrong_choices_are_named_with_their_line(path, value, says, tmp_path):
    lines = (DATA / "prodigy" / "choices.jsonl").read_text(encoding="utf-8").splitlines()
    task = json.loads(lines[1])
    change(task, path, value)
    lines[1] = json.dumps(task)
    (tmp_path / "out.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CorpusError) as raised:
        read_choices(tmp_path / "out.jsonl", [LETTER])
    (problem,) = raised.value.problems
    assert (problem.file, problem.line) == (str(tmp_path / "out.jsonl"), 2)
    assert says in problem.message


def test_two_answers_to_one_sentence_are_not_chosen_from(tmp_path):
    line = (DATA / "prodigy" / "choices.jsonl").read_text(encoding="utf-8").splitlines()[1]
    (tmp_path / "out.jsonl").write_text(f"{line}\n{line}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"out\.jsonl:2: line 1 answers this sentence too"):
        read_choices(tmp_path / "out.jsonl", [LETTER])


# --- DocBin and JSON lines --------------------------------------------------------------------


def test_a_docbin_of_other_docs_is_named(tmp_path, nlp):
    path = tmp_path / "other.spacy"
    DocBin(docs=[nlp.make_doc("Norco")], store_user_data=True).to_disk(path)
    (problem,) = refused(path, "docbin")
    assert problem.file == str(path)
    assert "holds no annotated letter" in problem.message


def test_docbin_and_json_lines_are_those_of_their_own_functions(tmp_path):
    write_docbin([LETTER], tmp_path / "a.spacy")
    write_jsonl([LETTER], tmp_path / "a.jsonl")
    assert import_letters(tmp_path / "a.spacy", "docbin").letters == [LETTER]
    assert import_letters(tmp_path / "a.jsonl", "jsonl").letters == [LETTER]
