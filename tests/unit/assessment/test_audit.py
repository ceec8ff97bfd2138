"""Recording: what a row holds, and that no row is ever changed."""

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from assessment.audit import record, shortened
from assessment.models import AnswerRevision, AuditAction, AuditEvent
from assessment.models.audit import AppendOnlyError
from assessment.origin import Origin, _current
from tests.auditing import Trail
from tests.saving import change, save

EXAMPLE = AuditAction.ROUND_CLOSED


@pytest.fixture
def event(response, coordinator):
    record(EXAMPLE, by=coordinator, response=response, subject="2025")
    return AuditEvent.objects.order_by("pk").last()


@pytest.fixture
def within_request():
    token = _current.set(Origin("192.0.2.9", "number-of-a-request"))
    yield
    _current.reset(token)


def test_row_says_who_what_where_and_when(response, coordinator, within_request):
    before = timezone.now()
    trail = Trail()

    record(
        AuditAction.DELEGATION_MADE,
        by=coordinator,
        response=response,
        subject="GEN",
        parts=["GEN"],
        due_on=datetime.date(2026, 1, 31),
        message="",
        count=0,
        nothing=None,
    )

    (event,) = trail.events
    assert before <= event.at <= timezone.now()
    assert (event.actor, event.actor_name) == (coordinator, coordinator.name)
    assert (event.action, event.subject) == ("delegation.made", "GEN")
    assert (event.response, event.country, event.round) == (
        response,
        response.country,
        response.round,
    )
    assert event.detail == {"parts": ["GEN"], "due_on": "2026-01-31", "count": 0}
    assert (event.ip, event.request_id) == ("192.0.2.9", "number-of-a-request")


def test_row_of_a_command_has_no_origin_and_maybe_nobody(db):
    trail = Trail()

    record(AuditAction.ACCOUNT_MADE, by=None, subject="a@example.org")

    (event,) = trail.events
    assert (event.actor, event.actor_name, event.ip, event.request_id) == (
        None,
        "",
        None,
        "",
    )
    assert (event.response, event.country, event.round) == (None, None, None)


def test_name_stays_as_it_was(event, coordinator):
    was = coordinator.name
    coordinator.name = "Another name"
    coordinator.save()

    event.refresh_from_db()

    assert event.actor_name == was != "Another name"


def test_subject_fits_every_database(db, coordinator):
    trail = Trail()

    record(EXAMPLE, by=coordinator, subject="a\x00b" + "x" * 400)

    (event,) = trail.events
    assert event.subject == "ab" + "x" * 297 + "…"


def test_every_action_fits_its_column_and_has_a_group():
    assert max(map(len, AuditAction.values)) <= 40
    assert all(code.count(".") == 1 for code in AuditAction.values)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ana.perez@inei.gob.pe", "an…@inei.gob.pe"),
        ("a@example.org", "a…@example.org"),
        (" ana@example.org ", "an…@example.org"),
        ("correct horse battery", "…"),
        ("p@ssw0rd", "…"),
        ("@example.org", "…"),
        ("", "…"),
    ],
)
def test_address_typed_is_shortened(typed, kept):
    assert shortened(typed) == kept


# Nothing is changed


def _save(event):
    event.subject = "changed"
    event.save()


def _force(event):
    event.save(force_update=True)


def _upsert(event):
    AuditEvent.objects.bulk_create(
        [event], update_conflicts=True, unique_fields=["pk"], update_fields=["subject"]
    )


CHANGES = {
    "save": _save,
    "save forced": _force,
    "delete": lambda event: event.delete(),
    "update": lambda event: AuditEvent.objects.update(subject="changed"),
    "update of some": lambda e: AuditEvent.objects.filter(pk=e.pk).update(subject="x"),
    "delete of some": lambda e: AuditEvent.objects.filter(pk=e.pk).delete(),
    "delete of all": lambda event: AuditEvent.objects.all().delete(),
    "bulk update": lambda e: AuditEvent.objects.bulk_update([e], ["subject"]),
    "upsert": _upsert,
    "update_or_create": lambda event: AuditEvent.objects.update_or_create(
        pk=event.pk, defaults={"subject": "changed"}
    ),
}


@pytest.mark.parametrize("way", CHANGES)
def test_models_change_no_row(event, way):
    with pytest.raises(AppendOnlyError):
        CHANGES[way](event)

    assert AuditEvent.objects.get(pk=event.pk).subject == "2025"


OF_EACH = {  # what empties or overwrites a table in its own way
    "postgresql": "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE assessment_auditevent",
    "sqlite": """
        REPLACE INTO assessment_auditevent
            (id, at, actor_name, action, subject, detail, request_id)
        SELECT id, at, '', action, 'changed', detail, '' FROM assessment_auditevent
    """,
}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE assessment_auditevent SET subject = 'changed'",
        "UPDATE assessment_auditevent SET actor_name = '' WHERE id = {pk}",
        "DELETE FROM assessment_auditevent",
        "DELETE FROM assessment_auditevent WHERE id = {pk}",
        OF_EACH,
    ],
)
def test_database_changes_no_row(event, statement):
    if statement is OF_EACH:
        statement = OF_EACH[connection.vendor]
    with (
        pytest.raises(DatabaseError, match="the audit trail is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(pk=event.pk))

    assert AuditEvent.objects.get(pk=event.pk).subject == "2025"


def test_models_below_the_guard_meet_the_trigger(event):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEvent._base_manager.get_queryset()._raw_delete(using="default")


# Answers are recorded by their revisions


def test_revision_says_from_where_it_came(response, coordinator, within_request):
    save(response, coordinator, change("GEN-01", "Peru"))
    save(response, coordinator, change("GEN-01", "Perú", 1), change("GEN-03", "INEI"))

    found = AnswerRevision.objects.filter(answer__question__in=["GEN-01", "GEN-03"])
    assert [(r.revision, r.ip, r.request_id) for r in found] == [
        (1, "192.0.2.9", "number-of-a-request"),
        (2, "192.0.2.9", "number-of-a-request"),
        (1, "192.0.2.9", "number-of-a-request"),
    ]


def test_revision_of_a_command_came_from_nowhere(response):
    (first,) = AnswerRevision.objects.all()

    assert (first.ip, first.request_id) == (None, "")


def test_saving_answers_adds_no_event(response, coordinator):
    trail = Trail()

    save(response, coordinator, change("GEN-01", "Peru"))

    assert trail.actions == []
