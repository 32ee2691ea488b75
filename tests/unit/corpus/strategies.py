"""Random annotated letters, for properties that hold for every letter."""

from hypothesis import strategies as st

from imr_nlp.corpus import AnnotatedLetter, Entity, Evidence, IssueFields, LetterFields, Part
from imr_nlp.corpus.labels import ATTRIBUTES, REASONS

WORDS = st.sampled_from(
    ["Norco", "10", "{", "}", "\\", "{DRUG|x}", "a|b", "knee", "the", "é", "…", "\\{", "@1", "=a"]
)
SPACES = st.sampled_from([" ", "  ", "\n", "\n\n"])


class _Text:
    """Words put one behind the other, and where they stand."""

    def __init__(self, draw):
        self.draw = draw
        self.text = ""
        self.drawn = []

    def words(self, least=1, most=6):
        places = []
        for word in self.draw(st.lists(WORDS, min_size=least, max_size=most)):
            places.append((len(self.text), len(self.text) + len(word)))
            self.text += word + self.draw(SPACES)
        return places


@st.composite
def letters(draw):
    out = _Text(draw)
    out.words()
    parts, entities, evidence = [], [], []

    def add_entities(places, extra):
        labels = draw(
            st.lists(
                st.sampled_from([None, "DRUG", *ATTRIBUTES, *extra]),
                min_size=len(places),
                max_size=len(places),
            )
        )
        for (start, end), label in zip(places, labels, strict=True):
            if label is not None:
                entities.append([start, end, label])

    n_issues = draw(st.integers(0, 3))
    summary = out.words()
    parts.append(Part(start=summary[0][0], end=summary[-1][1], label="SUMMARY"))
    add_entities(summary, ["DIAGNOSIS"])
    for issue in range(n_issues):
        out.words()
        item = out.words()
        parts.append(Part(start=item[0][0], end=item[-1][1], label="ITEM", issues=(issue,)))
        add_entities(item, ["SERVICE", "BODY_PART"])
    for issue in range(n_issues):
        out.words()
        rationale = out.words(most=8)
        issues = draw(st.sampled_from([(issue,), tuple(range(n_issues))]))
        start, end = rationale[0][0], rationale[-1][1]
        parts.append(Part(start=start, end=end, label="RATIONALE", issues=issues))
        add_entities(rationale, [])
        if draw(st.booleans()):
            labels = draw(st.lists(st.sampled_from(REASONS), min_size=1, max_size=3, unique=True))
            whose = draw(st.sampled_from([issues, issues[:1]]))
            evidence.append(Evidence(start=start, end=end, labels=tuple(labels), issues=whose))
    out.words()
    drugs = [place for place, entity in enumerate(entities) if entity[2] == "DRUG"]
    linked = [
        Entity(
            start=start,
            end=end,
            label=label,
            drug=draw(st.sampled_from(drugs)) if label in ATTRIBUTES else None,
        )
        for start, end, label in entities
        if drugs or label not in ATTRIBUTES
    ]
    if not drugs:
        linked = [entity for entity in linked if entity.label not in ATTRIBUTES]
    issue_fields = draw(
        st.lists(
            st.builds(
                IssueFields,
                decision=st.sampled_from(["upheld", "overturned"]),
                category=st.sampled_from(["imaging", "pharmaceuticals"]),
                sessions=st.none() | st.integers(0, 40),
                date_of_service=st.none() | st.dates(),
                primary=st.none() | st.sampled_from(REASONS),
            ),
            min_size=n_issues,
            max_size=n_issues,
        )
    )
    fields = LetterFields(
        layout=draw(st.sampled_from(["F1", "F4b"])),
        author=draw(st.none() | st.sampled_from(["w1", "null", "12", "yes: no", "'q'"])),
        licensure=draw(st.lists(st.sampled_from(["California", "New York, NY", "no"]))),
        age=draw(st.none() | st.integers(0, 120)),
        issues=issue_fields,
    )
    return AnnotatedLetter(
        id="x", text=out.text, fields=fields, parts=parts, entities=linked, evidence=evidence
    )
