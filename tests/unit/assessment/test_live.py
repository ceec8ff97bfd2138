import datetime

import pytest
import time_machine

from assessment.live import (
    Present,
    changes_after,
    cursor_of,
    present_in,
    pulse,
    questions_of,
    value_at,
)
from assessment.models import AnswerRevision, Presence
from assessment.queries import read_for
from assessment.services.presence import end_presence, record_presence
from tests.factories import MemberFactory
from tests.instruments import at, demo_answers, nmdc
from tests.saving import change, put, save

GEN = nmdc().section_by_code["GEN"]
NOON = datetime.datetime(2026, 11, 3, 12, tzinfo=datetime.UTC)


@pytest.fixture
def ana(peru):
    return MemberFactory(country=peru, role="contributor", name="Ana")


@pytest.fixture
def bea(peru):
    return MemberFactory(country=peru, role="observer", name="Bea")


def cursor(response, user, section=GEN):
    return cursor_of(read_for(user, response), section)


def after(response, since, section=GEN):
    """Return the new cursor and what changed, as cell → (value, revision, by)."""
    new, changes = changes_after(response, questions_of(section), since)
    return new, {str(c.address): (c.value, c.revision, c.by) for c in changes}


# The cursor


def test_cursor_of_a_page_is_the_number_of_revisions_of_its_cells(response, ana):
    put(response, ana, {"GEN-01": "a", "GEN-01.@note": "n", "SRC-01": 2027})
    put(response, ana, {"GEN-01": "b"})

    assert cursor(response, ana) == 4  # with the assessment year
    assert (
        AnswerRevision.objects.filter(
            answer__response=response, answer__question__in=questions_of(GEN)
        ).count()
        == 4
    )


def test_cursor_is_the_total_that_an_idle_page_is_told(response, ana):
    put(response, ana, {str(a): v for a, v in demo_answers("MEX").items()})
    record_presence(response=response, by=ana, section="GEN")

    for section in nmdc().sections:
        total = pulse(response, ana, questions_of(section)).total
        assert total == cursor(response, ana, section) > 0


def test_change_after_the_cursor_is_told_once(response, ana, coordinator):
    since = cursor(response, ana)
    put(response, coordinator, {"GEN-01": "Peru", "SRC-01": 2027})

    new, changes = after(response, since)

    assert changes == {"GEN-01": ("Peru", 1, coordinator.name)}
    assert new == since + 1
    assert after(response, new) == (new, {})


def test_cell_changed_several_times_comes_once_as_it_stands(response, ana, coordinator):
    since = cursor(response, ana)
    for text in ("a", "b", None):
        put(response, coordinator, {"GEN-01": text, "GEN-03": text})

    new, changes = after(response, since)

    assert changes == {
        "GEN-01": (None, 3, coordinator.name),
        "GEN-03": (None, 3, coordinator.name),
    }
    assert new == since + 6


def test_every_cursor_tells_exactly_what_came_after_it(response, ana):
    cells = ["GEN-01", "GEN-03", "GEN-12", "GEN-01", "GEN-03.@note", "GEN-01"]
    start = cursor(response, ana)
    for number, cell in enumerate(cells):
        put(response, ana, {cell: f"text {number}"})

    for seen in range(len(cells) + 1):
        new, changes = after(response, start + seen)
        assert set(changes) == set(cells[seen:])
        assert new == start + len(cells)


def test_unchanged_value_and_conflict_move_no_cursor(response, ana, coordinator):
    put(response, ana, {"GEN-01": "Peru"})
    since = cursor(response, ana)

    save(response, coordinator, change("GEN-01", "Peru"), change("GEN-01.@note", None))
    save(response, coordinator, change("GEN-01", "Other"))

    assert cursor(response, ana) == since


def test_value_at_a_revision_is_what_stood_then(response, ana):
    for text in ("a", "b", None):
        put(response, ana, {"GEN-01": text})

    values = [value_at(response, at("GEN-01"), revision) for revision in (1, 2, 3)]

    assert values == ["a", "b", None]
    with pytest.raises(AnswerRevision.DoesNotExist):
        value_at(response, at("GEN-01"), 4)
    with pytest.raises(AnswerRevision.DoesNotExist):
        value_at(response, at("GEN-03"), 1)


# Presence


def test_others_are_present_for_half_a_minute(response, ana, bea):
    with time_machine.travel(NOON, tick=False) as clock:
        record_presence(response=response, by=bea, section="SRC")
        clock.shift(29.9)
        record_presence(response=response, by=ana, section="GEN")
        early = pulse(response, ana).present
        hub = present_in(response, ana)
        clock.shift(0.1)
        late = pulse(response, ana).present

    assert early == (Present("Bea", "SRC"),)
    assert hub == {"SRC": "Bea"}
    assert late == ()


def test_person_is_in_the_section_where_they_were_seen_last(response, ana, bea):
    record_presence(response=response, by=bea, section="SRC")
    record_presence(response=response, by=bea, section="GEN")

    assert present_in(response, ana) == {"GEN": "Bea"}
    assert Presence.objects.count() == 1


def test_people_in_one_section_are_named_in_order(response, ana, bea, coordinator):
    for user in (bea, ana):
        record_presence(response=response, by=user, section="SRC")
    record_presence(response=response, by=coordinator, section="")

    assert present_in(response, coordinator) == {"SRC": "Ana, Bea"}
    assert present_in(response, ana) == {"SRC": "Bea", "": coordinator.name}


def test_presence_ends_on_leaving_and_begins_again(response, ana, bea):
    record_presence(response=response, by=bea, section="SRC")

    end_presence(response=response, by=bea, section="SRC")

    assert present_in(response, ana) == {}
    record_presence(response=response, by=bea, section="SRC")
    assert present_in(response, ana) == {"SRC": "Bea"}


def test_leaving_a_page_late_does_not_end_presence_on_the_next(response, ana, bea):
    record_presence(response=response, by=bea, section="GEN")

    end_presence(response=response, by=bea, section="SRC")

    assert present_in(response, ana) == {"GEN": "Bea"}


def test_sign_of_presence_is_one_write(response, ana, django_assert_num_queries):
    record_presence(response=response, by=ana, section="GEN")

    with django_assert_num_queries(1):
        record_presence(response=response, by=ana, section="SRC")
