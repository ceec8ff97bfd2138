"""The synthesis of a region as PDF: refused below five, rendered once, kept, for UNSD only."""

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessment.models import AuditEvent, RenderedReport
from reports.kept import build_pdf, clear_kept
from tests.comparing import AFRICA, AMERICAS, DAY, START, reopen
from tests.factories import AdministratorFactory, MemberFactory, RoundFactory

pytestmark = pytest.mark.usefixtures("media")

ROUND = "/rounds/2025/"
SYNTHESIS = f"{ROUND}synthesis.pdf?region=Americas"
BROWSER = {"HTTP_ACCEPT": "text/html,application/xhtml+xml,*/*;q=0.8"}
FILE = b"%PDF-1.7 as it was kept"
NAME = "migration-data-capacity-synthesis-americas-2025.pdf"


@pytest.fixture
def client(officer, signed_in):
    return signed_in(officer)


def text(page, status=200):
    assert page.status_code == status
    return " ".join(page.content.decode().split())


def page_of(row):
    return f"{ROUND}synthesis/{row.pk}/"


def asked_for(client):
    """Ask as a browser does, and return what it is led to."""
    page = client.get(SYNTHESIS, **BROWSER)
    row = RenderedReport.objects.latest("created_at")
    assert page["Location"] == page_of(row)
    return row


def keep(row, content=FILE):
    """Keep a file that nobody rendered: whoever answers with it has rendered nothing."""
    row.file.save("report.pdf", ContentFile(content), save=False)
    row.status, row.size = "ready", len(content)
    row.save()


def test_synthesis_of_four_is_refused_with_the_reason(handed_in, client):
    handed_in(4)
    handed_in(1, AMERICAS[4:], is_accepted=False)

    for query in ("?region=Americas", "?region=americas", ""):
        for accepted in ({}, BROWSER):
            page = text(client.get(f"{ROUND}synthesis.pdf{query}", **accepted), 409)
            assert "so that no country can be recognised" in page
            assert f"{'Americas' if query else 'All regions'} has 4." in page
    assert RenderedReport.objects.count() == 0


def test_link_to_the_synthesis_is_there_from_five_on(handed_in, client):
    compare = f"{ROUND}compare/?region=Americas"
    handed_in(4)
    assert "synthesis.pdf" not in text(client.get(compare))
    handed_in(1, AMERICAS[4:])

    page = text(client.get(f"{compare}&state=submitted&state=accepted"))

    assert "synthesis.pdf?region=Americas" in page
    assert "Do not hand it out" not in text(client.get(f"{ROUND}compare/"))


def test_synthesis_of_all_warns_where_it_differs_from_regions_by_few(handed_in, client):
    handed_in(5)
    handed_in(2, AFRICA)

    page = text(client.get(f"{ROUND}compare/"))

    assert "the difference would be the figures of 2 countries." in page


def test_browser_is_led_from_the_click_to_the_file_which_is_kept(
    handed_in, client, officer
):
    handed_in(5)
    begun = client.get(SYNTHESIS, **BROWSER)
    row = RenderedReport.objects.get()
    waiting = text(client.get(page_of(row)))
    status = client.get(f"{page_of(row)}status")

    call_command("keep_report", work=[row.pk, row.attempt])

    ready = text(client.get(page_of(row)))
    file = client.get(f"{page_of(row)}synthesis.pdf")
    assert (begun.status_code, begun["Location"]) == (302, page_of(row))
    assert begun["Cache-Control"] == "private, no-store"
    assert (row.attempt, row.response, row.number) == (1, None, None)
    assert (row.round.code, row.region, row.language) == ("2025", "Americas", "en")
    assert 'data-status="waiting"' in waiting
    assert status.json() == {"status": "waiting", "is_over": False}
    assert "The report is ready." in ready
    assert file.content.startswith(b"%PDF-1.7")
    assert file["Content-Disposition"] == f'attachment; filename="{NAME}"'
    assert file["Content-Type"] == "application/pdf"
    assert client.get(SYNTHESIS, **BROWSER).content == file.content
    assert client.get(SYNTHESIS).content == file.content
    assert RenderedReport.objects.get().file.name.startswith("reports/")
    events = AuditEvent.objects.filter(action="download.report", subject=NAME)
    assert {event.actor_id for event in events} == {officer.pk}
    assert events.count() == 3


def test_key_changes_with_what_is_printed_and_with_nothing_else(
    handed_in, round_2025, client
):
    handed_in(5)
    first = asked_for(client)
    keep(first)

    round_2025.closed_at = timezone.now()
    round_2025.save()
    handed_in(1, AMERICAS[5:], is_accepted=False)
    assert client.get(SYNTHESIS, **BROWSER).content == FILE
    assert client.get(f"{ROUND}synthesis.pdf", **BROWSER).status_code == 302
    handed_in(1, AMERICAS[6:])

    assert asked_for(client).key != first.key
    assert RenderedReport.objects.count() == 3


def test_synthesis_that_fell_below_five_says_so(handed_in, client, officer):
    *_others, last = handed_in(5)
    row = asked_for(client)
    reopen(last, officer, START + 9 * DAY)

    build_pdf(pk=row.pk, attempt=row.attempt)

    page = text(client.get(page_of(row)))
    assert "The report could not be made." in page
    assert "Americas has 4." in page
    assert client.post(f"{page_of(row)}restart/")["Location"] == page_of(row)
    row.refresh_from_db()
    assert (row.status, row.attempt, row.reason) == ("waiting", 2, "")


def test_lost_file_is_made_again(handed_in, client):
    handed_in(5)
    row = asked_for(client)
    keep(row)
    row.file.storage.delete(row.file.name)

    page = client.get(f"{page_of(row)}synthesis.pdf")

    row.refresh_from_db()
    assert page["Location"] == page_of(row)
    assert (row.status, row.attempt) == ("waiting", 2)


def test_synthesis_is_of_its_round_and_for_unsd_only(
    handed_in, response, nmdc_db, peru, client, signed_in
):
    RoundFactory(code="later", questionnaire=nmdc_db)
    handed_in(5)
    row = asked_for(client)
    keep(row)
    country = signed_in(MemberFactory(country=peru, role="coordinator"))
    administrator = signed_in(AdministratorFactory())

    for ending in ("", "status", "synthesis.pdf"):
        path = f"{page_of(row)}{ending}"
        assert administrator.get(path).status_code == 200
        assert country.get(path).status_code == 404
        assert client.get(path.replace("2025", "later")).status_code == 404
        report = f"/responses/PER/2025/report/pdf/{row.pk}/{ending}"
        assert country.get(report).status_code == 404
    assert country.post(f"{page_of(row)}restart/").status_code == 404


def test_what_a_newer_synthesis_replaces_is_deleted(handed_in, client, time_machine):
    time_machine.move_to(timezone.now())
    handed_in(5)
    old = asked_for(client)
    keep(old)
    client.get(f"{ROUND}synthesis.pdf", **BROWSER)
    everywhere = RenderedReport.objects.get(region="")
    keep(everywhere)
    time_machine.shift(DAY / 2)
    handed_in(1, AMERICAS[5:])
    newer = asked_for(client)
    keep(newer)

    assert clear_kept() == 0
    time_machine.shift(DAY)

    assert clear_kept() == 1
    assert set(RenderedReport.objects.all()) == {everywhere, newer}


def test_row_is_of_a_response_or_of_a_round(handed_in, round_2025):
    (one,) = handed_in(1)
    now = timezone.now()
    moments = {"signed_at": now, "created_at": now, "language": "en"}

    for number, place in enumerate(
        (
            {},
            {"response": one, "round": round_2025},
            {"response": one, "region": "Asia"},
        )
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            RenderedReport.objects.create(key=str(number), **place, **moments)
