"""Settings of `imr_nlp.load`: parts of a pipeline that are left out, and what is said of others."""

import json
import shutil

import pytest
import spacy

import imr_nlp
from imr_nlp.errors import PipelineError
from imr_nlp.pipeline import RULES, register

NAME = "f1_opioid_and_topical"
PARTS = ["imr_sections", "imr_header", "imr_determination"]


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A pipeline of few components, which loads fast."""
    register()
    nlp = spacy.blank("en")
    for name in PARTS:
        nlp.add_pipe(name)
    path = tmp_path_factory.mktemp("load") / "saved"
    nlp.to_disk(path)
    return path


@pytest.mark.parametrize("base", ["sm", "rules"])
def test_an_unknown_setting_is_named(base):
    with pytest.raises(PipelineError, match=f"foo: no setting of the pipeline {base}"):
        imr_nlp.load(base, foo=1)
    with pytest.raises(PipelineError, match=f"{base}, disable=3: .*not iterable"):
        imr_nlp.load(base, disable=3)


def test_an_unknown_component_is_named(saved):
    for base, setting in (("rules", "exclude"), (saved, "disable"), (saved, "enable")):
        with pytest.raises(PipelineError, match=rf"{base}, {setting}='nope': .*\[E001\]"):
            imr_nlp.load(base, **{setting: "nope"})


def test_a_string_is_one_name(saved):
    without = [name for name in RULES if name != "imr_items"]
    assert imr_nlp.load("rules", exclude="imr_items").pipe_names == without
    assert imr_nlp.load(saved, exclude="imr_header").component_names == [PARTS[0], PARTS[2]]
    assert imr_nlp.load(saved, disable="imr_header").pipe_names == [PARTS[0], PARTS[2]]
    nlp = imr_nlp.load(saved, enable="imr_header")
    assert (nlp.pipe_names, nlp.component_names) == (["imr_header"], PARTS)


def test_disabled_and_enabled_at_once(saved):
    with pytest.raises(PipelineError, match="imr_header: to be both disabled and enabled"):
        imr_nlp.load(saved, enable=["imr_header"], disable="imr_header")


def test_a_setting_that_no_component_takes(saved):
    with pytest.raises(PipelineError, match=r"saved, config=\{.*depth.*: this pipeline cannot"):
        imr_nlp.load(saved, config={"components": {"imr_header": {"depth": 1}}})


def test_a_recogniser_that_is_left_out_by_halves():
    with pytest.raises(PipelineError, match=r"imr_proposals runs tok2vec and ner, .*no ner\. Keep"):
        imr_nlp.load("sm", exclude="ner")
    nlp = imr_nlp.load("sm", exclude=["tok2vec", "ner", "imr_proposals"])
    assert nlp.component_names == [name for name in nlp.pipe_names if name != "ner"]


def test_what_is_disabled_takes_nothing_along(letters):
    nlp = imr_nlp.load("sm", disable=["imr_items", "drug_ruler"])
    assert set(nlp.disabled) == {"tok2vec", "ner", "imr_items", "drug_ruler"}
    issues = nlp(letters[NAME])._.determination.issues
    assert issues
    assert all(issue.category_score is None for issue in issues)
    nlp.enable_pipe("drug_ruler")
    assert any(e.label_ == "DRUG" for e in nlp(letters[NAME]).ents)


def test_a_recogniser_that_is_enabled_adds_proposals_only(letters):
    nlp = imr_nlp.load("sm")
    doc = nlp(letters[NAME])
    for name in ("tok2vec", "ner"):
        nlp.enable_pipe(name)
    enabled = nlp(letters[NAME])
    assert [(e.start, e.end, e.label_) for e in enabled.ents] == [
        (e.start, e.end, e.label_) for e in doc.ents
    ]
    assert enabled._.determination == doc._.determination
    assert len(enabled.spans["ner"]) > len(doc.spans["ner"])


def test_an_installed_package_is_loaded_by_its_name(saved, tmp_path, monkeypatch):
    """As `spacy package` lays it out and pip installs it."""
    meta = json.loads((saved / "meta.json").read_text(encoding="utf-8"))
    meta.update(name="imr_own", version="1.2")
    package = tmp_path / "en_imr_own"
    shutil.copytree(saved, package / "en_imr_own-1.2")
    (package / "__init__.py").touch()
    (package / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    record = tmp_path / "en_imr_own-1.2.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: en_imr_own\nVersion: 1.2\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert imr_nlp.load("en_imr_own").pipe_names == PARTS
    with pytest.raises(PipelineError, match="en_imr_other: no pipeline of this name or at this"):
        imr_nlp.load("en_imr_other")
