"""Reports as one ZIP: what is in it, for whom, and what happens when work is cut off."""

import datetime
import io
import zipfile

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from assessment.models import BundledReport, Country, ReportBundle, User
from assessment.refusals import NotReady, RoleForbids
from assessment.services.rounds import open_response
from reports.bundles import (
    build_bundle,
    clear_expired,
    request_bundle,
    restart_bundle,
)
from reports.queries import report_source
from tests.factories import AdministratorFactory, OfficerFactory
from tests.integration.reports.test_kept import keep
from tests.saving import submit

LIST = "/rounds/2025/reports/"
PDF = "migration-data-capacity-PER-2025-submission-1.pdf"
DAY = datetime.timedelta(days=1)


@pytest.fixture
def submitted(response, coordinator):
    """Peru's response with hardly an answer: its report is made soonest."""
    submit(response, coordinator)
    return response


@pytest.fixture
def draft(round_2025, officer):
    chile = Country.objects.get(iso3="CHL")
    return open_response(round_=round_2025, country=chile, by=officer)


@pytest.fixture
def bundle(submitted, draft, round_2025, officer, media):
    return request_bundle(
        round_=round_2025, responses=[submitted, draft], language="en", by=officer
    )


@pytest.fixture
def client(officer, signed_in):
    return signed_in(officer)


def outcomes(bundle):
    rows = BundledReport.objects.filter(bundle=bundle).order_by("response__country")
    return dict(rows.values_list("response__country__iso3", "outcome"))


def page_of(bundle):
    return f"{LIST}{bundle.pk}/"


def read(page):
    return zipfile.ZipFile(io.BytesIO(b"".join(page.streaming_content)))


def text(page, status=200):
    assert page.status_code == status
    return " ".join(page.content.decode().split())


def built(bundle):
    build_bundle(pk=bundle.pk, attempt=bundle.attempt)
    bundle.refresh_from_db()
    return bundle


def made_up(bundle):
    """Return the bundle as it stands after work whose result does not matter."""
    bundle.file.save("reports.zip", ContentFile(b"zip"), save=False)
    bundle.status, bundle.size = "ready", 3
    bundle.save()
    return bundle


def test_bundle_holds_what_may_be_read_and_names_the_rest(bundle, client):
    waiting = text(client.get(page_of(bundle)))
    built(bundle)
    ready = text(client.get(page_of(bundle)))
    page = client.get(f"{page_of(bundle)}reports.zip")

    assert 'value="0" max="2"' in waiting
    assert "1 report is in the file." in ready
    assert "Chile: Not submitted yet: not yours to read." in ready
    archive = read(page)
    assert archive.namelist() == [PDF, "contents.txt"]
    assert archive.read("contents.txt").decode() == (
        "Chile – Left out – Not submitted yet: not yours to read.\nPeru – Included\n"
    )
    with pikepdf.open(io.BytesIO(archive.read(PDF))) as pdf:
        assert len(pdf.pages) > 10
    assert page["Content-Type"] == "application/zip"
    assert page["Cache-Control"] == "private, no-store"
    assert f'_{bundle.pk}.zip"' in page["Content-Disposition"]
    assert (bundle.status, outcomes(bundle)) == (
        "ready",
        {"CHL": "left_out", "PER": "done"},
    )


def test_rights_are_those_at_the_time_of_the_work(bundle, officer):
    User.objects.filter(pk=officer.pk).update(unsd_role="")

    built(bundle)

    assert outcomes(bundle) == {"CHL": "left_out", "PER": "left_out"}
    assert (bundle.status, bundle.file.name) == ("failed", "")


def test_report_that_fails_does_not_stop_the_others(bundle, submitted, client):
    """A canonical text that cannot be read stands for whatever breaks one report."""
    submitted.submissions.update(canonical_json="{")

    built(bundle)

    assert outcomes(bundle) == {"CHL": "left_out", "PER": "failed"}
    body = text(client.get(page_of(bundle)))
    assert "No report could be included." in body
    assert "Peru: The report could not be made." in body


def test_bundle_is_there_for_who_asked_only(bundle, signed_in):
    made_up(bundle)
    others = [OfficerFactory(), AdministratorFactory()]

    for ending in ("", "status", "reports.zip"):
        url = f"{page_of(bundle)}{ending}"
        assert [signed_in(p).get(url).status_code for p in others] == [404, 404]
    restart = f"{page_of(bundle)}restart/"
    assert signed_in(others[0]).post(restart).status_code == 404
    assert "You have asked for none yet." in text(signed_in(others[0]).get(LIST))


# Asking


def test_asking_leads_to_the_page_of_progress(submitted, draft, client, officer):
    page = client.post(f"{LIST}?status=submitted", {"all": "1"})

    bundle = ReportBundle.objects.get()
    assert page["Location"] == page_of(bundle)
    assert (bundle.requested_by, bundle.status) == (officer, "waiting")
    assert (bundle.language, bundle.expires_at) == (
        "en",
        bundle.requested_at + 7 * DAY,
    )
    assert outcomes(bundle) == {"PER": "waiting"}
    assert f'href="{page_of(bundle)}"' in text(client.get(LIST))


def test_asking_for_nothing_is_told(submitted, client):
    page = client.post(f"{LIST}?q=x", follow=True)

    assert page.redirect_chain == [("/rounds/2025/?q=x", 302)]
    assert "Tick at least one country first." in text(page)
    assert ReportBundle.objects.count() == 0


def test_service_refuses_strangers_and_nothing(submitted, coordinator, officer):
    asked = {"round_": submitted.round, "language": "en"}
    with pytest.raises(RoleForbids):
        request_bundle(responses=[submitted], by=coordinator, **asked)
    with pytest.raises(NotReady):
        request_bundle(responses=[], by=officer, **asked)

    assert ReportBundle.objects.count() == 0


# Following


def test_status_is_told_to_the_page(bundle, client):
    before = client.get(f"{page_of(bundle)}status")
    BundledReport.objects.filter(response__country__iso3="CHL").update(
        outcome="left_out"
    )
    ReportBundle.objects.update(status="building")
    during = client.get(f"{page_of(bundle)}status")

    assert before.json() == {
        "status": "waiting",
        "done": 0,
        "total": 2,
        "is_over": False,
    }
    assert during.json() == {
        "status": "building",
        "done": 1,
        "total": 2,
        "is_over": False,
    }
    assert during["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("status", "minutes", "expected"),
    [
        ("building", 2, "building"),
        ("building", 4, "failed"),
        ("waiting", 4, "waiting"),
        ("waiting", 61, "failed"),
        ("ready", 999, "ready"),
        ("failed", 0, "failed"),
    ],
)
def test_silent_work_is_not_running_for_ever(
    bundle, client, time_machine, status, minutes, expected
):
    ReportBundle.objects.update(status=status)
    time_machine.move_to(bundle.signed_at + datetime.timedelta(minutes=minutes))

    assert client.get(f"{page_of(bundle)}status").json()["status"] == expected


def test_work_that_was_cut_off_is_started_again(bundle, submitted, client, officer):
    keep(submitted, report_source("PER", "2025"))
    ReportBundle.objects.update(
        status="building", signed_at=timezone.now() - datetime.timedelta(minutes=5)
    )
    BundledReport.objects.update(outcome="done")
    first = bundle.attempt

    body = text(client.get(page_of(bundle)))
    page = client.post(f"{page_of(bundle)}restart/")

    assert "Start again" in body
    assert page["Location"] == page_of(bundle)
    bundle.refresh_from_db()
    assert (bundle.status, bundle.attempt) == ("waiting", 2)
    assert outcomes(bundle) == {"CHL": "waiting", "PER": "waiting"}
    build_bundle(pk=bundle.pk, attempt=first)  # the old worker wakes up: too late
    bundle.refresh_from_db()
    assert (bundle.status, outcomes(bundle)["PER"]) == ("waiting", "waiting")
    assert built(bundle).status == "ready"


def test_work_under_way_is_not_started_twice(bundle, officer, coordinator):
    restart_bundle(bundle=bundle, by=officer)
    bundle.refresh_from_db()
    with pytest.raises(RoleForbids):
        restart_bundle(bundle=bundle, by=coordinator)

    assert (bundle.status, bundle.attempt) == ("waiting", 1)


def test_finished_work_is_not_done_again(bundle):
    name = made_up(bundle).file.name

    assert built(bundle).file.name == name


# Keeping


def test_file_is_gone_after_a_week(bundle, client, media, time_machine):
    made_up(bundle)
    files = [path for path in media.rglob("*") if path.is_file()]
    time_machine.move_to(bundle.expires_at)

    gone = text(client.get(page_of(bundle)))
    download = client.get(f"{page_of(bundle)}reports.zip").status_code
    counts = clear_expired(), clear_expired()

    assert len(files) == 1
    assert "is no longer there" in gone
    assert "No longer kept" in text(client.get(LIST))
    assert (download, counts) == (404, (1, 0))
    assert not files[0].exists()


def test_download_before_the_end_is_404(bundle, client):
    assert client.get(f"{page_of(bundle)}reports.zip").status_code == 404


def test_missing_file_is_404(bundle, client):
    made_up(bundle).file.storage.delete(bundle.file.name)

    assert client.get(f"{page_of(bundle)}reports.zip").status_code == 404


def test_command_builds_and_clears(bundle, submitted, capsys, time_machine):
    keep(submitted, report_source("PER", "2025"))
    call_command("build_bundle", bundle.pk, 1)
    bundle.refresh_from_db()
    time_machine.move_to(bundle.expires_at)
    call_command("build_bundle", "--clear")

    assert bundle.status == "ready"
    assert capsys.readouterr().out == "1 files deleted.\n"
    with pytest.raises(CommandError):
        call_command("build_bundle")
