"""Reports that are kept: found by their contents, made once, shown while being made."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks import default_task_backend

from assessment.models import AuditEvent, Country, RenderedReport
from assessment.services.rounds import open_response
from assessment.services.transitions import (
    accept_response,
    return_response,
    withdraw_response,
)
from reports.content_key import content_key
from reports.kept import build_pdf, clear_kept, keep_ahead, kept_pdf
from reports.queries import report_source, source_of_draft
from tests.factories import MemberFactory
from tests.saving import submit

pytestmark = pytest.mark.usefixtures("media")

PDF = "/responses/PER/2025/report.pdf"
FILE = b"%PDF-1.7 as it was kept"
BROWSER = {"HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8"}
DAY = datetime.timedelta(days=1)


@pytest.fixture
def submitted(response, coordinator, fresh):
    """Peru's response with hardly an answer: its report is made soonest."""
    submit(response, coordinator)
    return fresh(response)


@pytest.fixture
def source(submitted):
    return report_source("PER", "2025")


@pytest.fixture
def client(coordinator, signed_in):
    return signed_in(coordinator)


def keep(response, source, content=FILE, **changes):
    """Keep a file that nobody rendered: whoever answers with it has rendered nothing."""
    now = timezone.now()
    row = RenderedReport(
        key=content_key(source, "en"),
        response=response,
        number=source.number,
        language="en",
        status="ready",
        size=len(content),
        signed_at=now,
        created_at=now,
    )
    row.file.save("report.pdf", ContentFile(content), save=False)
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row


def text(page):
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def page_of(row):
    return f"/responses/PER/2025/report/pdf/{row.pk}/"


# Made once


def test_report_is_made_by_the_first_who_waits_and_kept(
    submitted, source, client, media
):
    first = kept_pdf(submitted, source, language="en")

    row = RenderedReport.objects.get()
    files = [path for path in media.rglob("*") if path.is_file()]
    assert first.startswith(b"%PDF-1.7")
    assert [path.read_bytes() for path in files] == [first]
    assert (row.status, row.number, row.size) == ("ready", 1, len(first))
    assert row.key == content_key(source, "en")
    row.file.storage.delete(row.file.name)  # a lost file is made again, the same
    assert client.get(f"{PDF}?wait=1", **BROWSER).content == first
    assert RenderedReport.objects.get().file.name != row.file.name
    assert len([path for path in media.rglob("*") if path.is_file()]) == 1


def test_everybody_gets_the_kept_file(submitted, source, client, tmp_path):
    keep(submitted, source)

    call_command(
        "render_report", "per", "2025", output=tmp_path / "one.pdf", verbosity=0
    )
    call_command(
        "render_report", all="2025", output_dir=tmp_path, workers=1, verbosity=0
    )

    assert kept_pdf(submitted, source, language="en") == FILE
    assert client.get(PDF).content == FILE
    assert client.get(PDF, **BROWSER).content == FILE
    assert (tmp_path / "one.pdf").read_bytes() == FILE
    assert (tmp_path / "PER_2025_en.pdf").read_bytes() == FILE


def test_file_cut_short_is_not_sent(submitted, source, client):
    row = keep(submitted, source, size=len(FILE) + 1)

    page = client.get(PDF, **BROWSER)

    row.refresh_from_db()
    assert page["Location"] == page_of(row)
    assert (row.status, row.attempt) == ("waiting", 2)


def test_draft_is_rendered_for_who_asks_and_not_kept(response, fresh):
    source = source_of_draft(fresh(response))

    assert kept_pdf(response, source, language="en").startswith(b"%PDF-")
    assert RenderedReport.objects.count() == 0


def test_report_without_a_place_to_keep_it_is_sent(submitted, source, settings):
    settings.MEDIA_ROOT = "/dev/null"

    assert kept_pdf(submitted, source, language="en").startswith(b"%PDF-")
    assert RenderedReport.objects.get().status == "waiting"


# Made in the background


def test_browser_is_led_from_the_click_to_the_file(submitted, client, coordinator):
    begun = client.get(PDF, **BROWSER)
    row = RenderedReport.objects.get()
    waiting = text(client.get(page_of(row)))
    status = client.get(f"{page_of(row)}status")
    again = client.get(PDF, **BROWSER)
    call_command("keep_report", work=[row.pk, row.attempt])
    ready = text(client.get(page_of(row)))
    file = client.get(f"{page_of(row)}report.pdf")

    assert (begun.status_code, begun["Location"]) == (302, page_of(row))
    assert begun["Cache-Control"] == "private, no-store"
    assert again["Location"] == page_of(row)
    assert (row.attempt, row.number, row.language) == (1, 1, "en")
    assert 'data-status="waiting"' in waiting
    assert status.json() == {"status": "waiting", "is_over": False}
    assert status["Cache-Control"] == "private, no-store"
    assert "The report is ready." in ready
    assert file.content.startswith(b"%PDF-1.7")
    assert file["Content-Disposition"] == (
        'attachment; filename="migration-data-capacity-PER-2025-submission-1.pdf"'
    )
    assert file["Cache-Control"] == "private, no-cache"
    assert client.get(PDF, **BROWSER).content == file.content
    downloads = AuditEvent.objects.filter(action="download.report")
    assert {event.actor_id for event in downloads} == {coordinator.pk}
    assert downloads.count() == 2


def test_waiting_draft_is_read_when_its_turn_comes(response, client, fresh, media):
    first = client.get(PDF, **BROWSER)
    row = RenderedReport.objects.get()
    response.round.title = "Another title"
    response.round.save()
    second = client.get(PDF, **BROWSER)

    build_pdf(pk=row.pk, attempt=row.attempt)

    key = row.key
    row.refresh_from_db()
    now = source_of_draft(fresh(response))
    assert first["Location"] == second["Location"] == page_of(row)
    assert (row.status, row.number) == ("ready", None)
    assert row.key not in (key, content_key(now, "en"))
    assert client.get(f"{page_of(row)}report.pdf")["Cache-Control"] == (
        "private, no-store"
    )


def test_failure_says_why_and_is_tried_again(submitted, client, settings, tmp_path):
    """A logo that cannot be drawn stands for whatever stops a report."""
    settings.REPORT_LOGO = tmp_path / "logo.svg"
    settings.REPORT_LOGO.write_text("no picture")
    client.get(PDF, **BROWSER)
    row = RenderedReport.objects.get()

    build_pdf(pk=row.pk, attempt=row.attempt)

    failed = text(client.get(page_of(row)))
    again = client.get(PDF, **BROWSER)
    retried = client.post(f"{page_of(row)}restart/")
    row.refresh_from_db()
    assert "The report could not be made." in failed
    assert "Failed to load image" in failed
    assert again["Location"] == retried["Location"] == page_of(row)
    assert (row.status, row.attempt, row.reason) == ("waiting", 2, "")


def test_error_is_noted_and_raised(submitted, client):
    client.get(PDF, **BROWSER)
    row = RenderedReport.objects.get()
    submitted.submissions.update(canonical_json="{")

    with pytest.raises(ValueError, match="Expecting"):
        build_pdf(pk=row.pk, attempt=row.attempt)

    assert "The work was cut off" in text(client.get(page_of(row)))


@pytest.mark.parametrize(
    ("status", "minutes", "expected", "attempt"),
    [
        ("building", 2, "building", 1),
        ("building", 4, "failed", 2),
        ("waiting", 4, "waiting", 1),
        ("waiting", 61, "failed", 2),
        ("ready", 999, "ready", 1),
    ],
)
def test_only_silent_work_is_begun_again(
    submitted, source, client, time_machine, status, minutes, expected, attempt
):
    row = keep(submitted, source, status=status)
    time_machine.move_to(row.signed_at + datetime.timedelta(minutes=minutes))

    found = client.get(f"{page_of(row)}status").json()["status"]
    client.post(f"{page_of(row)}restart/")

    row.refresh_from_db()
    assert (found, row.attempt) == (expected, attempt)


def test_late_attempt_changes_nothing(submitted, source):
    row = keep(submitted, source, status="waiting", size=0, file="", attempt=2)

    build_pdf(pk=row.pk, attempt=1)

    row.refresh_from_db()
    assert (row.status, row.attempt, row.file.name) == ("waiting", 2, "")


# Ahead


def test_submitting_and_accepting_render_ahead(
    response, coordinator, officer, settings, django_capture_on_commit_callbacks
):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}
    }
    settings.TASKS_RUN, settings.REPORTS_AHEAD = "database", True

    with django_capture_on_commit_callbacks(execute=True):
        submit(response, coordinator)
        return_response(response=response, by=officer, message="Please correct.")
        submit(response, coordinator)
        accept_response(response=response, by=officer)

    words = [
        list(result.args)
        for result in default_task_backend.results
        if result.task.name == "run_command"
    ]
    assert words == [["keep_report", "--ahead", str(response.pk)]] * 3


def test_what_is_rendered_ahead_is_there_at_the_click(submitted, client):
    call_command("keep_report", ahead=submitted.pk)
    names = list(RenderedReport.objects.values_list("file", flat=True))
    keep_ahead(submitted)

    assert client.get(PDF, **BROWSER).content.startswith(b"%PDF-")
    assert list(RenderedReport.objects.values_list("file", flat=True)) == names


def test_nothing_is_ahead_of_a_draft(response):
    with pytest.raises(CommandError, match="was not submitted"):
        call_command("keep_report", ahead=response.pk)
    with pytest.raises(CommandError, match="was not submitted"):
        call_command("keep_report", ahead=response.pk + 99)


# Who may read what


def test_draft_is_the_country_s(response, peru, officer, signed_in, fresh):
    row = keep(response, source_of_draft(fresh(response)))
    observer = signed_in(MemberFactory(country=peru, role="observer"))
    unsd = signed_in(officer)
    paths = [f"{page_of(row)}{ending}" for ending in ("", "status", "report.pdf")]

    assert [observer.get(path).status_code for path in paths] == [200] * 3
    assert [unsd.get(path).status_code for path in paths] == [404] * 3
    submit(response, MemberFactory(country=peru, role="coordinator"))
    assert [unsd.get(path).status_code for path in paths] == [404] * 3
    assert unsd.post(f"{page_of(row)}restart/").status_code == 404


def test_withdrawn_submission_is_gone(submitted, source, coordinator, client, fresh):
    row = keep(submitted, source)
    withdraw_response(response=fresh(submitted), by=coordinator)

    assert client.get(f"{page_of(row)}report.pdf").status_code == 404


def test_report_of_another_response_is_not_found_here(
    submitted, source, round_2025, officer, signed_in
):
    row = keep(submitted, source)
    chile = Country.objects.get(iso3="CHL")
    open_response(round_=round_2025, country=chile, by=officer)
    stranger = signed_in(MemberFactory(country=chile, role="coordinator"))

    for ending in ("", "status", "report.pdf"):
        path = f"report/pdf/{row.pk}/{ending}"
        assert stranger.get(f"/responses/CHL/2025/{path}").status_code == 404
        assert stranger.get(f"/responses/PER/2025/{path}").status_code == 404


# Cleared


def test_old_drafts_and_what_is_replaced_are_deleted(
    submitted, source, fresh, time_machine, capsys
):
    time_machine.move_to(timezone.now())
    old = keep(submitted, source, key="1" * 64)
    draft = keep(submitted, source_of_draft(fresh(submitted)), key="2" * 64)
    time_machine.shift(DAY / 2)
    newer = keep(submitted, source)
    arabic = keep(submitted, source, key="3" * 64, language="ar")

    assert clear_kept() == 0
    time_machine.shift(DAY)
    call_command("keep_report", "--clear")

    assert capsys.readouterr().out == "2 reports deleted.\n"
    assert set(RenderedReport.objects.all()) == {newer, arabic}
    assert not default_storage.exists(old.file.name)
    assert not default_storage.exists(draft.file.name)
    assert default_storage.exists(newer.file.name)
