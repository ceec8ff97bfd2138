"""The plan in the report: its rows, its sentences, and that it is part of the identity."""

import dataclasses
import datetime

import pytest

from assessment.plans import ActionContent, ActionPlan, EarlierPlan, PlannedAction
from reports.analysis import analyse
from reports.document import build_document
from reports.pdf import render_html
from tests.planning import FULL
from tests.report_sources import draft, submission

ADOPTED = datetime.datetime(2026, 4, 1, 9, 30, tzinfo=datetime.UTC)
EARLIER = EarlierPlan(
    "2021", "Round 2021", 2021, 2, "1a" * 32, 4, {"done": 1, "dropped": 1}
)
RECOMMENDED = PlannedAction(
    1, 2, "R-OUT-08", ActionContent(status="done", remark="Published."), 2, "under_way"
)
UNSAID = PlannedAction(2, 1, "R-XXX-99", ActionContent(status=""), 4, "planned")
OWN = PlannedAction(3, 1, "", FULL)
PLAN = ActionPlan(
    (RECOMMENDED, UNSAID, OWN), EARLIER, 2, ADOPTED, "Ana Quispe", "5c" * 32
)
LEFT = "2 actions were left and carried over: 1 done and 1 of which nothing has been said yet."
LIVE = "This is the plan as it stands in the draft. It may change until the country adopts it."


def chapter(plan, make=submission):
    source = make("PER", plan=plan)
    analysis = analyse(source.instrument, source.answers)
    return build_document(source, analysis, language="en")


@pytest.fixture(scope="module")
def report():
    return chapter(PLAN)


def test_report_without_a_plan_has_no_chapter_of_it():
    report = chapter(None)

    assert report.plan is None
    assert not any("plan" in fact.label for fact in report.provenance)


def test_rows_say_everything_and_what_is_finished_has_gone(report):
    plan = report.plan

    assert [row.number for row in plan.rows] == [2, 3]
    own = plan.rows[1]
    assert (own.title, own.owner, own.co_owners) == (
        FULL.title,
        "INEI",
        "Migraciones; RENIEC",
    )
    assert (own.starts, own.ends) == ("15 Jan 2026", "31 Dec 2026")
    assert (own.cost, own.support) == ("10,000 to 50,000", "IOM, UNSD, A donor")
    assert (own.status.symbol, own.status.label) == ("◑", "Under way")
    assert plan.rows[0].title == "R-XXX-99"  # no catalogue of this round knows it


def test_recommended_action_leads_to_its_gaps(report):
    plan = report.plan

    became = plan.became[0]
    assert (became.code, became.ref) == ("R-OUT-08", "action-R-OUT-08")
    assert (
        became.title == "Disaggregate indicators on access to services and information"
    )
    assert 1 <= len(became.behind) <= 3
    assert (became.was.label, became.status.label) == ("Under way", "Done")


def test_sentences_count(report):
    plan = report.plan

    assert plan.sentences == (
        "The country adopted this plan on 1 April 2026, as edition 2.",
        "It has 2 actions: 1 under way and 1 of which nothing has been said yet.",
        "For 1 of them nobody is named as responsible yet.",
    )
    assert plan.became_sentences == (
        "The plan adopted in the round of 2021 had 4 actions.",
        "2 of them were already finished when it was last adopted.",
        LEFT,
    )


def test_draft_prints_the_live_plan_as_such():
    plan = chapter(ActionPlan((OWN,)), draft).plan

    assert plan.sentences == (
        LIVE,
        "It has 1 action: 1 under way.",
    )
    assert plan.became == ()


def test_provenance_names_the_edition_and_its_hash(report):
    facts = {fact.label: fact.value for fact in report.provenance}

    assert (
        facts["Action plan"]
        == "Edition 2, adopted 1 April 2026, 09:30 UTC, by Ana Quispe"
    )
    assert facts["Hash of the edition of the plan (SHA-256)"] == "5c" * 32
    assert submission("PER", plan=PLAN).plan_hash == "5c" * 32


def test_printed_plan_takes_the_place_of_the_table_to_fill_in():
    empty = render_html(submission("PER"))
    planned = dataclasses.replace(
        OWN, content=dataclasses.replace(FULL, owner="<INEI>")
    )
    filled = render_html(
        submission("PER", plan=ActionPlan((planned,), None, 1, ADOPTED))
    )

    assert ("plan__sign" in empty, "plan__sign" in filled) == (True, False)
    assert ("report_plan.css" in empty, "report_plan.css" in filled) == (False, True)
    assert "&lt;INEI&gt;" in filled
    assert filled.count('id="plan"') == empty.count('id="plan"') == 1
