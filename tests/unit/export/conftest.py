"""Determinations made by hand: a full one, and one where nothing was found."""

from __future__ import annotations

from datetime import date

import pytest

from imr_nlp.schema import (
    Amount,
    Citation,
    Determination,
    Issue,
    Medication,
    Note,
    Reason,
    TextSpan,
)


def _span(start: int, text: str) -> TextSpan:
    return TextSpan(start=start, end=start + len(text), text=text)


@pytest.fixture
def full() -> Determination:
    """A letter with a tablet, a compound and a service; every column has a value somewhere."""
    tablet = Medication(
        drug="Norco",
        strength="10/325mg",
        form="tablets",
        dose="1 tab",
        route="orally",
        frequency="every 6 hours",
        duration="for 30 days",
        quantity="#120",
        refills="with 2 refills",
        spans={"drug": _span(500, "Norco")},
        name="Norco",
        kind="brand",
        ingredients=["hydrocodone", "acetaminophen"],
        drug_class="opioids",
        strengths=[Amount(value=10, unit="mg"), Amount(value=325, unit="mg")],
        quantity_value=120,
        quantity_unit="tablet",
        refills_value=2,
        doses_per_day=4,
        units_per_dose=1,
        days=30,
        daily_amounts=[Amount(value=40, unit="mg"), Amount(value=1300, unit="mg")],
        section="item",
        issue=0,
    )
    baclofen = Medication(
        drug="Baclofen", strength="5%", ingredients=["baclofen"], compound=True, issue=1
    )
    menthol = Medication(
        drug="Menthol",
        strength="2%",
        form="cream base",
        quantity="120gm",
        quantity_value=120,
        quantity_unit="g",
        ingredients=["menthol"],
        compound=True,
        section="item",
        issue=1,
    )
    summary = Medication(drug="Lyrica", section="summary")
    return Determination(
        id="a.pdf",
        layout="F4b",
        case_number="CM16-0000001",
        date_assigned=date(2016, 12, 20),
        date_of_injury=date(2011, 4, 8),
        decision_date=date(2017, 1, 6),
        ur_denial_date=date(2016, 11, 30),
        application_received=date(2016, 12, 2),
        priority="Standard",
        licensure=["Texas", "California"],
        specialties=["Physical Medicine & Rehabilitation", "Pain Management"],
        age=48,
        sex="male",
        summary_injury_date=date(2011, 4, 8),
        diagnoses=["lumbar strain", "knee pain"],
        outcome="partially_overturned",
        medications=[tablet, baclofen, menthol, summary],
        issues=[
            Issue(
                index=0,
                item="Norco 10/325mg #60",
                decision="upheld",
                requested="Norco 10/325mg #120",
                authorized="Norco 10/325mg #60",
                category="pharmaceuticals",
                drugs=[tablet],
                claims_citations=[
                    Citation(
                        source="MTUS",
                        title="Chronic Pain Medical Treatment Guidelines",
                        year=2009,
                        sections=["Opioids, criteria for use", "Weaning"],
                        pages="76-80, 124",
                        span=_span(700, "MTUS"),
                    ),
                    Citation(source="ODG", title="Pain (Chronic)", sections=["Opioids"]),
                ],
                rationale="No pill count is on file.",
                conclusion="necessary",
                contradiction=True,
                reasons=[
                    Reason(label="prolonged_use", sentences=[]),
                    Reason(
                        label="opioid_monitoring_lacking",
                        sentences=[
                            _span(800, "No pill count is on file."),
                            _span(900, "So be it."),
                        ],
                        score=0.75,
                    ),
                ],
                primary_reason="opioid_monitoring_lacking",
                spans={
                    "item": [_span(500, "Norco 10/325mg #60")],
                    "rationale": [_span(800, "No pill count is on file.")],
                },
            ),
            Issue(
                index=1,
                item="Baclofen 5%, Menthol 2% in cream base 120gm",
                decision="upheld",
                category="pharmaceuticals",
                drugs=[baclofen, menthol],
            ),
            Issue(
                index=2,
                item="Retrospective: 6 visits of therapy for the left knee",
                decision="overturned",
                retrospective=True,
                date_of_service=date(2016, 10, 1),
                category="physical_occupational_therapy",
                sessions=6,
                body_parts=["left knee"],
                reviewer_citations=[Citation(source="other")],
                conclusion="necessary",
            ),
        ],
        warnings=[Note(code="no_header", message="The header block is missing.")],
    )


@pytest.fixture
def bare() -> Determination:
    """A letter in which nothing was found."""
    return Determination(id="b.txt", warnings=[Note(code="no_issues", message="Nothing found.")])


@pytest.fixture
def hostile() -> Determination:
    """A letter whose texts try what a file format can be tripped by."""
    return Determination(
        id='=cmd|"/c calc"!A1',
        priority="line one\r\nline two\nline three",
        specialties=['quoted "thing", and a comma', "=1+1", "née 痛み 💊"],
        diagnoses=["\x01null\x1b[31m", "-2+3", "'=quoted already"],
        issues=[
            Issue(index=0, item='=HYPERLINK("http://x","y")', decision="upheld"),
            Issue(index=1, item="@SUM(A1)", decision="upheld", rationale="\tTab, then\u2028text"),
            Issue(index=2, item="'tis plain", decision="upheld", rationale="'+1"),
        ],
    )
