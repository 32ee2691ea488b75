"""The pipeline as spaCy users meet it: entities, span groups, saving, processes."""

import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import imr_nlp
from imr_nlp.errors import LetterNotFoundError, PipelineError
from imr_nlp.pipeline import RULES, make_rules

NAME = "f4b_shoulder_surgery"


def snapshot(doc: Doc) -> tuple[object, ...]:
    return (
        doc.text,
        [(ent.text, ent.label_) for ent in doc.ents],
        {key: [(s.start, s.end, s.label_) for s in group] for key, group in doc.spans.items()},
        [sent.start for sent in doc.sents],
        doc._.determination,
        doc._.raw_text,
    )


def test_importing_loads_no_spacy() -> None:
    code = "import sys, imr_nlp; sys.exit('spacy' in sys.modules or 'pypdfium2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0


def test_components_are_the_ones_documented(nlp: Language) -> None:
    assert tuple(nlp.pipe_names) == RULES


def test_entities_and_groups(nlp: Language, letters: dict[str, str]) -> None:
    doc = nlp(letters[NAME])
    labels = {ent.label_ for ent in doc.ents}
    assert labels >= {"DRUG", "STRENGTH", "QUANTITY", "SERVICE", "BODY_PART", "DECISION"}
    assert set(doc.spans) == {"sections", "issues", "items", "rationales", "citations"}
    assert {span.label_ for span in doc.spans["items"]} <= {"upheld", "overturned"}
    raw = doc._.raw_text
    for ent in doc.ents:
        source = raw[ent._.raw_start : ent._.raw_end]
        assert " ".join(source.split()) == " ".join(ent.text.split())


def test_tokens_know_their_place(nlp: Language, letters: dict[str, str]) -> None:
    doc = nlp(letters[NAME])
    raw = doc._.raw_text
    for token in doc:
        if not token.is_space:
            assert raw[token._.raw_start : token._.raw_end] == token.text


def test_disk_round_trip(nlp: Language, letters: dict[str, str], tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    for again in (spacy.load(tmp_path / "pipeline"), imr_nlp.load(tmp_path / "pipeline")):
        for raw in letters.values():
            assert snapshot(again(raw)) == snapshot(nlp(raw))


def test_a_saved_pipeline_holds_no_pickle(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(path.suffix in {".pkl", ".pickle", ".joblib"} for path in files)
    assert not any(path.read_bytes()[:2] == b"\x80\x04" for path in files)


def test_bytes_round_trip(nlp: Language, letters: dict[str, str]) -> None:
    again = make_rules().from_bytes(nlp.to_bytes())
    assert snapshot(again(letters[NAME])) == snapshot(nlp(letters[NAME]))


def test_docs_survive_docbin(nlp: Language, letters: dict[str, str]) -> None:
    docs = [nlp(raw) for raw in letters.values()]
    data = DocBin(docs=docs, store_user_data=True).to_bytes()
    again = list(DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab))
    assert [snapshot(doc) for doc in again] == [snapshot(doc) for doc in docs]


def test_docs_survive_bytes(nlp: Language, letters: dict[str, str]) -> None:
    doc = nlp(letters[NAME])
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert snapshot(again) == snapshot(doc)


def test_two_processes_give_the_same(nlp: Language, letters: dict[str, str]) -> None:
    texts = list(letters.values())
    single = [snapshot(nlp(raw)) for raw in texts]
    assert [snapshot(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=4)] == single


def test_an_unknown_pipeline_is_refused() -> None:
    with pytest.raises(PipelineError, match=r"no-such: no pipeline .* Use 'sm'"):
        imr_nlp.load("no-such")


def test_extract_takes_a_path_or_a_text(nlp: Language, letters: dict[str, str]) -> None:
    path = Path(__file__).parents[2] / "examples" / "letters" / f"{NAME}.txt"
    from_path = imr_nlp.extract(path, nlp=nlp)
    assert from_path.id == path.name
    assert imr_nlp.extract(str(path), nlp=nlp) == from_path
    from_text = imr_nlp.extract(letters[NAME], nlp=nlp)
    assert from_text.id is None
    assert from_text.issues == from_path.issues


def test_the_result_survives_json(nlp: Language, letters: dict[str, str]) -> None:
    for raw in letters.values():
        result = nlp(raw)._.determination
        assert imr_nlp.Determination.model_validate_json(result.model_dump_json()) == result


def test_a_fresh_process_finds_the_components(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    code = (
        "import sys, spacy; nlp = spacy.load(sys.argv[1]); "
        "doc = nlp('Norco 10/325mg #60'); "
        "print([ent.text for ent in doc.ents], 'imr_determination' in nlp.pipe_names)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "pipeline")],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "['Norco', '10/325mg', '#60'] True"


def test_processes_that_are_not_forked_give_the_same(tmp_path: Path) -> None:
    script = tmp_path / "spawned.py"
    script.write_text(
        "import multiprocessing\n"
        "import imr_nlp\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.set_start_method('spawn')\n"
        "    nlp = imr_nlp.load()\n"
        "    docs = list(nlp.pipe(['Norco 10/325mg #60'] * 4, n_process=2, batch_size=2))\n"
        "    print([len(doc.ents) for doc in docs])\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[3, 3, 3, 3]"


def test_a_second_run_on_a_doc_changes_nothing(nlp: Language, letters: dict[str, str]) -> None:
    doc = nlp(letters[NAME])
    before = snapshot(doc)
    assert snapshot(nlp(doc)) == before


@pytest.mark.parametrize("text", ["\ud800 Norco 10mg", "a\udfffb"])
def test_half_characters_are_replaced(text: str, nlp: Language) -> None:
    doc = nlp(text)
    assert "\ufffd" in doc.text
    assert len(doc._.raw_text) == len(text)


def test_a_part_of_a_doc_has_its_own_places(nlp: Language, letters: dict[str, str]) -> None:
    part = nlp(letters[NAME])[20:40].as_doc(copy_user_data=True)
    assert part[3:5]._.raw_start == part[3].idx


def test_long_text_in_one_line_is_no_path(nlp: Language) -> None:
    for text in ("word " * 300, "a/" * 400, "x" * 5000):
        assert imr_nlp.extract(text, nlp=nlp).issues == []


@pytest.mark.parametrize("name", ["nope.docx", "inbox/letter", "missing.PDF "])
def test_a_missing_file_is_not_read_as_text(name: str, nlp: Language) -> None:
    with pytest.raises(LetterNotFoundError, match=r"nope|inbox|missing"):
        imr_nlp.extract(name, nlp=nlp)


def test_settings_of_the_rules(tmp_path: Path) -> None:
    assert "imr_summary" not in imr_nlp.load(disable=["imr_summary"]).pipe_names
    with pytest.raises(PipelineError, match="vocab: no setting"):
        imr_nlp.load("rules", vocab=True)
    (tmp_path / "file.txt").write_text("no pipeline", encoding="utf-8")
    with pytest.raises(PipelineError, match="cannot be loaded"):
        imr_nlp.load(tmp_path / "file.txt")


def warnings_of(nlp: Language, raw: str) -> set[str]:
    return {note.code for note in nlp(raw)._.determination.warnings}


def test_what_is_missing_or_twice_is_said(nlp: Language, letters: dict[str, str]) -> None:
    raw = letters["f4b_restoration_program"]
    assert warnings_of(nlp, raw) == set()
    assert "missing_summary" in warnings_of(nlp, raw.replace("CLINICAL CASE SUMMARY", ""))
    without = raw.replace("MAXIMUS guideline:", "")
    assert "missing_guideline" in warnings_of(nlp, without)
    assert "several_letters" in warnings_of(nlp, raw + "\n" + letters["f5_thumb_arthritis"])
    date = nlp(raw)._.determination.spans["decision_date"][0].text
    assert "unreadable_date" in warnings_of(nlp, raw.replace(date, "02/30/2016", 1))


def test_a_letter_that_breaks_off_is_told(nlp: Language, letters: dict[str, str]) -> None:
    raw = letters["f5_lumbar_stenosis"]
    assert "cut_off" not in warnings_of(nlp, raw)
    place = raw.rindex("Decision rationale:") + 120
    while not (raw[place - 1].isalpha() and raw[place].isalpha()):
        place += 1
    assert "cut_off" in warnings_of(nlp, raw[:place])


def test_labels_without_an_item_give_no_issue(nlp: Language) -> None:
    for raw in ("MAXIMUS guideline: MTUS.", "Decision rationale: The request is fine."):
        assert "no_issues" in warnings_of(nlp, raw)


@pytest.mark.parametrize("source", [None, 3.5, ["text"]])
def test_what_is_no_letter_is_refused(source: object, nlp: Language) -> None:
    with pytest.raises(TypeError, match="a path, the text of a letter"):
        imr_nlp.extract(source, nlp=nlp)  # type: ignore[arg-type]


def test_a_pipeline_without_the_components_is_refused() -> None:
    with pytest.raises(PipelineError, match="imr_determination"):
        imr_nlp.extract("Norco 10/325mg #60 for pain", nlp=spacy.blank("en"))
