"""Answers tried out: what they move, how they travel, and what cannot be tried."""

import pytest
from django.http import QueryDict

from questionnaire.addresses import Address
from reports.analysis import analyse
from reports.analysis.gaps import WITHOUT_GAP
from reports.what_if import UnknownPlace, compare, read_form, read_link
from reports.what_if.marks import mark_of_move
from reports.what_if.places import best_answers, places, places_by_name, places_like
from tests.instruments import nmdc
from tests.report_sources import draft, submission

MECHANISM = Address("COO-01")


@pytest.fixture(scope="module")
def source():
    return submission("PER")


def link(source, query):
    return read_link(source, QueryDict(query))


def form(source, query):
    return read_form(source, QueryDict(query))


def test_report_without_changes_moves_nothing(source):
    found = compare(link(source, "at=COO-01"))

    assert found.is_any is False
    assert (found.overall.before, found.overall.after) == ("40.2", "40.2")
    assert found.overall.change.label == "unchanged"
    assert (found.gaps, found.actions, found.asked) == ((), (), ())


def test_one_answer_moves_what_rests_on_it(source):
    found = compare(link(source, "COO-01=none"))

    moved = [(m.title, m.before, m.after) for m in found.sections.moved]
    assert moved == [
        ("Interagency coordination mechanism on migration statistics", "37.7", "16.1")
    ]
    assert found.sections.moved[0].change.label == "−21.7 lower"
    assert found.overall.change.symbol == "▼"
    assert found.overall.change.kind == "worse"
    assert [question.name for question in found.not_asked] == [
        f"COO-0{number}" for number in range(2, 10)
    ]


def test_figures_are_those_of_the_analysis(source):
    trial = link(source, "COO-01=formal&SRC-INV%5BSRC-CEN%5D.latest_year=2010")

    after = analyse(source.instrument, trial.answers)
    found = compare(trial)
    assert float(found.overall.after) == round(after.overall.score.final, 1)
    assert found.action_count[1] == len(after.actions)
    assert trial.answers[Address("SRC-INV", "SRC-CEN", "latest_year")] == 2010
    assert source.answers[MECHANISM] != "formal"


@pytest.mark.parametrize("iso3", ["PER", "PRY"])
def test_best_answers_of_a_need_meet_it(iso3):
    source = submission(iso3)
    gaps = analyse(source.instrument, source.answers).gaps
    known = places_by_name(source.instrument)
    open_gaps = [g for g in gaps.values() if g.gap_class not in WITHOUT_GAP]

    answers = dict(source.answers)
    for gap in open_gaps:
        answers |= best_answers(source, known[f"{gap.matrix}[{gap.code}]"])
    after = analyse(source.instrument, answers).gaps

    assert {after[gap.code].gap_class for gap in open_gaps} == {"met"}


def test_best_answers_of_every_place_give_full_scores(source):
    answers = dict(source.answers)
    for place in places(source.instrument):
        answers |= best_answers(source, place)

    after = analyse(source.instrument, answers)

    shown = {c: q.score.final for c, q in after.questions.items() if q.is_shown}
    # Answered "not applicable", which stays so.
    assert [code for code, score in shown.items() if score is None] == ["EXC-08"]
    assert {round(score, 6) for score in shown.values() if score is not None} == {1.0}


def test_link_says_all_that_a_form_sent(source):
    sent = (
        "at=COO-01&COO-01=none&at=SRC-INV%5BSRC-CEN%5D&SRC-INV%5BSRC-CEN%5D.exists=yes"
        "&SRC-INV%5BSRC-CEN%5D.latest_year=&SRC-INV%5BSRC-CEN%5D.latest_year~dk=dk"
        "&SRC-INV%5BSRC-CEN%5D.coverage=complete&find=%20law%20%20book"
    )

    trial = form(source, sent)
    again = link(source, trial.query(submission=2).removeprefix("?"))

    assert trial.changes[Address("SRC-INV", "SRC-CEN", "latest_year")] == "dk"
    # Boxes that are shown and not ticked are a change: nothing of the list is chosen.
    assert trial.changes[Address("SRC-INV", "SRC-CEN", "variables")] is None
    assert again.changes == trial.changes
    assert [place.name for place in again.places] == ["SRC-INV[SRC-CEN]", "COO-01"]
    assert again.find == "law book"
    assert "submission=2" in trial.query(submission=2)


def test_value_as_given_is_no_change(source):
    given = source.answers[MECHANISM]

    trial = form(source, f"at=COO-01&COO-01={given}")

    assert trial.changes == {}
    assert trial.query(submission=None) == "?at=COO-01"


def test_place_taken_off_takes_its_changes_along(source):
    trial = form(source, "at=COO-01&COO-01=none&drop=COO-01&add=GEN-02")

    assert trial.changes == {}
    assert trial.query(submission=None) == "?at=GEN-02"


def test_value_that_cannot_be_is_refused_as_a_save_would(source):
    trial = link(source, "GEN-02=1800&COO-01=maybe")

    refused = {str(a): r.messages for a, r in trial.refused.items()}
    assert refused == {
        "GEN-02": ("Enter a year from 1900 to 2035.",),
        "COO-01": ("Choose one of the answers listed.",),
    }
    assert trial.changes == {}


@pytest.mark.parametrize(
    ("query", "ignored"),
    [
        ("at=NOWHERE", "NOWHERE"),
        ("at=SRC-INV", "SRC-INV"),  # a table: its rows are places
        ("at=GEN-01", "GEN-01"),  # answered in words
        ("COO-01.nothing=1", "COO-01.nothing"),
        ("SRC-INV[SRC-CEN].holder=Office", "SRC-INV[SRC-CEN].holder"),
        ("SRC-INV[SRC-CEN].%40note=Text", "SRC-INV[SRC-CEN].@note"),
        ("<script>=1", "<script>"),
        ("best=COO-99", "COO-99"),
        ("utm_source=mail&utm_source=mail", "utm_source"),
    ],
)
def test_place_that_is_none_is_ignored_and_named(source, query, ignored):
    trial = link(source, f"{query}&COO-01=none&best=COO-02&best=")

    assert trial.ignored == (ignored,)
    assert trial.changes[MECHANISM] == "none"
    assert {address.question for address in trial.changes} == {"COO-01", "COO-02"}
    assert ignored not in trial.query(submission=None)


@pytest.mark.parametrize("sent", ["at=NOWHERE", "best=COO-99"])
def test_place_that_is_none_in_a_form_is_not_known(source, sent):
    with pytest.raises(UnknownPlace):
        read_form(source, QueryDict(sent))


def test_places_are_found_by_code_and_by_words():
    found = list(places(nmdc()))

    assert next(p.name for p in places_like(found, "coo-01")) == "COO-01"
    assert [p.name for p in places_like(found, "housing CENSUS population")] == [
        "SRC-INV[SRC-CEN]"
    ]
    assert places_like(found, "  ") == []
    assert places_like(found, "no such words") == []


def test_everything_scored_can_be_tried():
    names = {place.question.code for place in places(nmdc())}

    scored = {q.code for q in nmdc().questions if q.is_scored}
    assert scored - names == set()
    assert names - scored == {"GEN-02", "GEN-10", "POL-01"}


def test_empty_draft_can_be_tried():
    found = compare(link(draft("PER", {}), "COO-01=formal"))

    assert (found.overall.before, found.overall.is_printed) == ("0.0", False)
    assert found.overall.level_after is None
    assert [m.title for m in found.questions.moved] == ["COO-01 Coordination mechanism"]


def test_actions_come_and_go_with_the_answers(source):
    found = compare(link(source, "best=OPN-14&best=OPN-15&best=BAS-14"))

    assert [(a.code, a.change.symbol, a.text) for a in found.actions] == [
        ("R-COO-06", "↕", "enters the first wave"),
        ("R-QUA-02", "✓", ""),
    ]
    assert found.action_count == (56, 55)
    assert [rule.name for rule in found.contradictions] == ["C-118"]


@pytest.mark.parametrize(
    ("before", "after", "is_gap", "mark"),
    [
        (40.0, 41.25, False, ("▲", "+1.3 higher", "better")),
        (41.25, 40.0, False, ("▼", "−1.3 lower", "worse")),
        (41.25, 40.0, True, ("▼", "−1.3 narrower", "better")),
        (40.0, 41.25, True, ("▲", "+1.3 wider", "worse")),
        (40.0, 40.04, False, ("=", "unchanged", "same")),
        (None, None, False, ("=", "unchanged", "same")),
        (None, 40.0, False, ("◆", "changed", "other")),
    ],
)
def test_move_has_a_sign_and_a_word(before, after, is_gap, mark):
    found = mark_of_move(before, after, is_gap=is_gap)

    assert (found.symbol, found.label, found.kind) == mark
