from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from assessment.history import Cursor, Filters, cell_name, events, in_words, people_of
from assessment.models import Via
from assessment.queries import instrument_of
from assessment.services.answers import save_changes
from tests.factories import UserFactory
from tests.instruments import at, nmdc
from tests.saving import change, save, submit

START = datetime(2031, 3, 1, 12, tzinfo=UTC)
YEAR = "SRC-INV[SRC-CEN].latest_year"


@pytest.fixture
def told(response, coordinator, contributor, fresh):
    """A day apart each: two changes of a text, one of a year by a form, a submission."""
    steps = [
        lambda: save(response, coordinator, change("GEN-03", "INEI")),
        lambda: save(response, contributor, change("GEN-03", "Migraciones", 1)),
        lambda: save(response, contributor, change(YEAR, 2017), via=Via.FORM),
        lambda: submit(response, coordinator),
    ]
    for number, step in enumerate(steps):
        with time_machine.travel(START + timedelta(days=number), tick=False):
            step()
    return fresh(response)


def read(response, filters=Filters(), **options):  # noqa: B008  it is frozen
    return list(events(response, instrument_of(response), filters, **options))


def brief(found):
    return [(e.title, e.before, e.after, e.way) for e in found]


def test_events_are_newest_first_with_the_value_before(told):
    found = read(told)

    assert brief(found)[:4] == [
        ("Submitted", "Draft", "Submitted", "status"),
        (
            "Inventory of data sources · Population and housing census · Latest year",
            "",
            "2017",
            "form",
        ),
        ("Lead agency", "INEI", "Migraciones", "page"),
        ("Lead agency", "", "INEI", "page"),
    ]
    assert [e.revision for e in found[:4]] == [0, 1, 2, 1]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(questions=frozenset({"SRC-INV"})), ["2017"]),
        (Filters(questions=frozenset()), []),
        (Filters(way="form"), ["2017"]),
        (Filters(way="queue"), []),
        (Filters(since=date(2031, 3, 3), until=date(2031, 3, 3)), ["2017"]),
        (Filters(since=date(2031, 3, 4), until=date.max), ["Submitted"]),
        (Filters(until=date(2031, 3, 1), way="page"), ["INEI"]),
        (Filters(address=at("GEN-03")), ["Migraciones", "INEI"]),
        (Filters(address=at("GEN-03.@note")), []),
    ],
)
def test_events_are_filtered(told, filters, expected):
    found = [e.after for e in read(told, filters) if e.at >= START]  # not the opening

    assert found == expected


def test_filter_by_way_of_status_leaves_transitions_only(told):
    assert {e.title for e in read(told, Filters(way="status"))} == {
        "Submitted",
        "Opened",
    }


def test_filter_by_person_keeps_the_value_before_of_somebody_else(told, contributor):
    found = read(told, Filters(person=contributor.pk))

    assert [(e.before, e.after) for e in found] == [
        ("", "2017"),
        ("INEI", "Migraciones"),
    ]


def test_cursor_reads_every_event_once_whatever_the_moment(
    response, coordinator, fresh
):
    """A batch has one moment: the cursor must not lose or repeat a line of it."""
    with time_machine.travel(START, tick=False):
        notes = [change(f"{q.code}.@note", "x") for q in nmdc().questions[:7]]
        save(response, coordinator, *notes)
        submit(response, coordinator)
    response = fresh(response)
    whole = [e.cursor for e in read(response, limit=None)]
    pieces, after = [], None

    while found := read(response, after=after, limit=2):
        pieces += [e.cursor for e in found]
        after = Cursor.parse(str(found[-1].cursor))

    assert len(whole) == len(set(whole)) == 10
    assert pieces == whole


@pytest.mark.parametrize(
    "text",
    ["", "x", "2026-03-01T12:00:00+00:00", "2026-03-01T12:00:00_r1", "soon_r1",
     "2026-03-01T12:00:00+00:00_x1", "2026-03-01T12:00:00+00:00_r-1",
     "2026-03-01T12:00:00+00:00_r" + "9" * 19],
)  # fmt: skip
def test_cursor_that_is_none_is_refused(text):
    assert Cursor.parse(text) is None


def test_confirmation_of_a_carried_over_value_is_told_from_a_change(
    response, coordinator, fresh
):
    save_changes(
        response=response,
        changes=[change(YEAR, 2017)],
        by=coordinator,
        via=Via.PREFILL,
        is_confirmed=False,
    )
    save(response, coordinator, change(YEAR, 2017, 1))
    save(response, coordinator, change(YEAR, 2018, 2))

    found = read(fresh(response), Filters(address=at(YEAR)))

    assert [(e.revision, e.is_confirmed, e.is_confirmation) for e in found] == [
        (3, True, False),
        (2, True, True),
        (1, False, False),
    ]


@pytest.mark.parametrize("number", [1, 200])
def test_events_cost_two_queries(
    response, coordinator, fresh, django_assert_num_queries, number
):
    for revision in range(number):
        save(response, coordinator, change("GEN-03", f"Text {revision}", revision))
    response = fresh(response)

    with django_assert_num_queries(2):
        found = read(response)

    assert len(found) == min(number + 2, 50)


def test_people_are_those_who_did_something_without_their_addresses(
    response, officer, coordinator
):
    nameless = UserFactory(name="")
    save(response, coordinator, change("GEN-03", "INEI"))
    response.transitions.create(
        action="return", to_status="returned", made_by=nameless, made_at=START
    )

    names = [name for _, name in people_of(response)]

    assert names[0] == "Person without a name"
    assert set(names[1:]) == {officer.name, coordinator.name, "import"}


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("GEN-03", "Lead agency"),
        ("GEN-03.@note", "Lead agency · Note"),
        ("GEN-03.@evidence", "Lead agency · Source documents"),
        ("XXX-99", "XXX-99"),
    ],
)
def test_cell_name(cell, name):
    assert cell_name(nmdc(), at(cell)) == name


def test_documents_are_told_with_their_addresses():
    value = [{"title": "Law", "url": "https://example.org/law"}]

    assert (
        in_words(nmdc(), at("GEN-03.@evidence"), value)
        == "Law – https://example.org/law"
    )
