from imr_nlp.corpus import AnnotatedLetter, Entity, Evidence, IssueFields, LetterFields, Part
from imr_nlp.corpus.stats import count, draw, to_markdown

LETTER = AnnotatedLetter(
    id="a",
    text="Norco 10 mg. Too long. Too long.",
    fields=LetterFields(
        layout="F4b",
        issues=[
            IssueFields(
                decision="upheld",
                category="pharmaceuticals",
                primary="prolonged_use",
                conclusion="necessary",
                retrospective=True,
            )
        ],
    ),
    parts=[Part(start=0, end=11, label="ITEM", issues=(0,))],
    entities=[Entity(start=0, end=5, label="DRUG"), Entity(start=6, end=11, label="STRENGTH")],
    evidence=[
        Evidence(start=13, end=22, labels=("prolonged_use",), issues=(0,)),
        Evidence(start=23, end=32, labels=("prolonged_use", "safety_risk"), issues=(0,)),
    ],
)


def test_counts_of_a_letter():
    stats = count([LETTER, LETTER], name="written")
    assert (stats.n_letters, stats.n_issues, stats.words) == (2, 2, [7, 7])
    assert stats.counts["reason"] == {"prolonged_use": 2, "safety_risk": 2}
    assert stats.counts["entity"] == {"DRUG": 2, "STRENGTH": 2}
    facts = stats.counts["issues"]
    assert facts["conclusion against the decision"] == facts["retrospective"] == 2
    assert facts["partly authorised"] == facts["without a reason"] == 0
    assert stats.rare("entity") == ["DRUG", "STRENGTH"]


def test_the_table_names_what_is_rare():
    table = to_markdown([count([LETTER], name="written"), count([], name="posted")])
    assert "| letters | 1 | 0 |" in table
    assert "| reason: `safety_risk` | 1 | - |" in table
    assert "Fewer than 25 times in all, reason: `no_functional_improvement` (0)," in table


def test_the_same_counts_give_the_same_picture(tmp_path):
    for name in ("a.svg", "b.svg"):
        draw([count([LETTER], name="written")], tmp_path / name)
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert b"<svg" in (tmp_path / "a.svg").read_bytes()
