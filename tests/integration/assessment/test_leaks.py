"""What must not cross: officers' notes to the country, live answers to officers.

Every URL of the table in test_urls.py is asked for with every number that exists, so that
a new page is covered from the day it is in the table.
"""

import io
import json
import zipfile

import pikepdf
import pytest
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.urls import reverse

from assessment.models import (
    Acceptance,
    Answer,
    Comment,
    CommentThread,
    Country,
    Delegation,
    InternalNote,
    Invitation,
    Notification,
    RenderedReport,
    Submission,
)
from assessment.plans import ActionContent
from assessment.services.transitions import accept_response, return_response
from tests.commenting import MUST, answer, ask, note
from tests.comparing import AMERICAS, answers_like, hand_in
from tests.delegating import give
from tests.factories import AdministratorFactory, InstitutionFactory, MemberFactory
from tests.files import pdf, upload
from tests.integration.assessment.test_urls import OURS, PAGES
from tests.integration.reports.test_pdf import page_text
from tests.planning import add, adopt, own
from tests.saving import put, submit
from tests.standing import take_again
from tests.teams import offer

MARKER = "Zyxwvut"  # one word: nothing can break it
STATUSES = ["draft", "submitted", "returned", "accepted"]
ROLES = ["coordinator", "contributor", "observer"]
NOTED = ("GEN", "GEN-03", "SRC-INV[SRC-CEN]", "SRC-INV[SRC-CEN].latest_year")
# What takes long to write is asked for once, not as every role.
FILES = ["reports:report_pdf", "reports:report_docx", "reports:report_xlsx"]
KEPT = "reports:pdf_download"


@pytest.fixture(autouse=True)
def small_numbers(response, coordinator, contributor):
    """On both databases numbers begin at one: a walk asks with every number there is.

    After those of what stands before each test (tests.standing), which keeps its own.
    """
    models = apps.get_app_config("assessment").get_models()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)
    yield
    take_again()


def bring(response, status, coordinator, officer):
    """Bring a response to a status; there are comments of both sides in each."""
    ask(response, coordinator, "GEN-04")
    if status == "draft":
        return
    submit(response, coordinator)
    point = ask(response, officer, "GEN-03", **MUST)
    answer(point, coordinator)
    if status == "returned":
        return_response(response=response, by=officer, message="Please check.")
    elif status == "accepted":
        accept_response(response=response, by=officer, open_confirmed=2)


def furnish(response, peru, coordinator, contributor, client, officer):
    """Make something for every number in an address."""
    give(response, coordinator, contributor, "POL")
    offer(peru, coordinator, email="new@example.com")
    InstitutionFactory(country=peru)
    InstitutionFactory(country=peru)
    client.post(
        "/responses/PER/2025/evidence/gen-11/", {"file": upload("law.pdf", pdf(1))}
    )


def urls(response, names):
    """Yield name and address of every URL, with each number that something has."""
    people = response.country.memberships.values_list("user", flat=True)
    numbers = {1, *people, *response.country.institutions.values_list("pk", flat=True)}
    for model in (
        CommentThread,
        Comment,
        InternalNote,
        Delegation,
        Invitation,
        Notification,
        RenderedReport,
    ):
        numbers |= set(model.objects.values_list("pk", flat=True))
    numbers |= set(response.evidence_files.values_list("pk", flat=True))
    for name in names:
        arguments = PAGES[name][0]
        (number,) = {"pk", "revision", "view_id", "number"} & set(arguments) or {""}
        for pk in sorted(numbers) if number else [0]:
            changed = {number: pk} if number else {}
            yield name, reverse(name, kwargs=arguments | changed)


def text_of(page):
    return read(b"".join(page.streaming_content) if page.streaming else page.content)


def read(body):
    """Return the text of a page, of a PDF or of all that is in an archive or workbook."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return " ".join(read(archive.read(name)) for name in archive.namelist())
    if body.startswith(b"%PDF-") and b"startxref" in body:
        with pikepdf.open(io.BytesIO(body)) as document:
            pages = [page_text(page) for page in document.pages]
            return " ".join([*pages, str(document.docinfo)])
    return body.decode("utf-8", "replace")


def expect_no_marker(response, client, names, methods=("get", "post")):
    """Walk; a page that does not know a method says so whatever the number."""
    walked, refused = set(), set()
    for method in methods:
        for name, url in urls(response, names):
            if (name, method) in refused:
                continue
            page = getattr(client, method)(url)
            refused |= {(name, method)} if page.status_code == 405 else set()
            walked |= {name} if page.status_code == 200 else set()
            assert MARKER not in text_of(page), (method, url)
            assert MARKER not in str(page.headers), (method, url)
    return walked


def expect_no_marker_in_mails():
    for message in mail.outbox:
        parts = [message.subject, message.body, *map(str, message.alternatives)]
        assert MARKER not in " ".join(parts)


@pytest.fixture
def everything(response, peru, coordinator, contributor, signed_in, officer, media):
    client = signed_in(coordinator)
    furnish(response, peru, coordinator, contributor, client, officer)
    return response


# Internal notes never reach the country


@pytest.fixture
def noted(everything, coordinator, officer):
    def brought(status):
        for at in NOTED:
            note(everything, officer, at, f"{MARKER} at {at}")
        bring(everything, status, coordinator, officer)
        return everything

    return brought


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("status", STATUSES)
def test_note_is_on_no_page_of_the_country(noted, peru, signed_in, status, role):
    response = noted(status)
    client = signed_in(MemberFactory(country=peru, role=role))

    methods = ("get", "post") if role == "coordinator" else ("get",)
    names = [name for name in OURS if name not in FILES]
    walked = expect_no_marker(response, client, names, methods)

    assert {
        "assessment:response_detail",
        "assessment:section_detail",
        "assessment:comment_list",
        "assessment:comments_at",
        "assessment:history_export",
        "reports:report_detail",
        "reports:report_json",
        "reports:report_csv",
    } <= walked
    expect_no_marker_in_mails()


SECTIONS = ("gen", "src")
PLACES = ("GEN", "GEN-03", "GEN-04", "SRC-INV", "SRC-INV[SRC-CEN].latest_year")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("status", STATUSES)
def test_note_is_not_where_it_was_written(noted, peru, signed_in, status, role):
    noted(status)
    client = signed_in(MemberFactory(country=peru, role=role))
    base = "/responses/PER/2025/"

    for path in (
        *(f"sections/{code}/" for code in SECTIONS),
        *(f"comments/at/{place}/" for place in PLACES),
        *(f"comments/?at={place}" for place in PLACES),
        "comments/?state=open",
        "comments/?section=SRC",
    ):
        page = client.get(base + path)
        assert page.status_code == 200
        assert MARKER not in page.content.decode(), path


@pytest.mark.parametrize("status", ["submitted", "accepted"])
def test_note_is_not_in_files_of_the_report(noted, coordinator, signed_in, status):
    response = noted(status)

    client = signed_in(coordinator)
    walked = expect_no_marker(response, client, FILES, ["get"])
    walked |= expect_no_marker(response, client, [KEPT], ["get"])

    assert walked == {*FILES, KEPT}


def test_note_is_in_no_record(noted):
    response = noted("accepted")

    records = [
        *Submission.objects.filter(response=response),
        *Acceptance.objects.filter(submission__response=response),
    ]
    assert len(records) == 2
    for record in records:
        assert MARKER not in record.canonical_json
        assert MARKER not in getattr(record, "views_json", "")


def test_note_is_in_no_mail_and_no_output_of_commands(
    noted, coordinator, contributor, capsys, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = noted("returned")
    with django_capture_on_commit_callbacks(execute=True):
        call_command("send_reminders")
        call_command("send_digest")
    call_command("analyse", "PER", "2025")
    expect_no_marker_in_mails()
    out = capsys.readouterr()

    assert {coordinator.email, contributor.email} <= {m.to[0] for m in mail.outbox}
    assert MARKER not in out.out + out.err
    assert response.internal_notes.count() == len(NOTED)


def test_note_is_in_no_notice_and_tells_the_country_nothing(
    everything, coordinator, officer
):
    submit(everything, coordinator)
    before = Notification.objects.count()

    for at in NOTED:
        note(everything, officer, at, f"{MARKER} at {at}")

    assert Notification.objects.count() == before
    for notice in Notification.objects.all():
        assert MARKER not in f"{notice.params} {notice.path}"


def test_marker_is_found_where_it_belongs(noted, officer, signed_in):
    """The walk is no proof unless an officer finds it."""
    noted("submitted")
    client = signed_in(officer)

    for path in ("comments/", "comments/?at=GEN", "comments/at/GEN-03/"):
        page = client.get(f"/responses/PER/2025/{path}")
        assert MARKER in page.content.decode(), path


# Other countries


@pytest.mark.parametrize("role", ["coordinator", "observer"])
def test_no_other_country_is_on_any_page_of_a_country(
    everything, round_2025, coordinator, officer, peru, signed_in, role
):
    """Medians of five others are; nothing that is one country's."""
    for number, iso3 in enumerate(AMERICAS[:5]):
        Country.objects.filter(iso3=iso3).update(name=f"{MARKER} {iso3}")
        hand_in(round_2025, iso3, officer, answers=answers_like(number))
    bring(everything, "accepted", coordinator, officer)
    client = signed_in(MemberFactory(country=peru, role=role))
    names = [name for name in OURS if name not in FILES]

    walked = expect_no_marker(everything, client, names, ["get"])

    assert {
        "reports:response_over_time",
        "reports:response_over_time_export",
        "reports:report_detail",
    } <= walked
    assert not walked & {
        "reports:round_compare",
        "reports:compare_export",
        "reports:round_synthesis",
        "reports:synthesis_detail",
        "reports:synthesis_download",
        "reports:region_over_time",
        "reports:region_over_time_export",
    }
    page = client.get("/responses/PER/2025/over-time/")
    assert "median of 5 other countries" in text_of(page)
    for record in Acceptance.objects.exclude(submission__response=everything):
        assert record.sha256 not in text_of(page)


# Live answers never reach people at UNSD


def change(response, coordinator):
    """Change answers, a note, a document and the plan after what was submitted."""
    put(
        response,
        coordinator,
        {
            "GEN-03": MARKER,
            "GEN-03.@note": f"{MARKER} note",
            "GEN-12": f"A remark, {MARKER}.",
            "SRC-INV[SRC-CEN].holder": MARKER,
            "GEN-11.@evidence": [{"title": MARKER, "url": "https://example.org/"}],
        },
    )
    add(response, coordinator, "R-GOV-01")
    adopt(response, coordinator)
    own(response, coordinator, ActionContent(title=f"{MARKER} action", owner=MARKER))


@pytest.mark.parametrize("factory", ["officer", "administrator"])
@pytest.mark.parametrize("status", ["draft", "returned"])
def test_live_answer_is_on_no_page_of_unsd(
    everything, coordinator, officer, signed_in, status, factory
):
    bring(everything, status, coordinator, officer)
    change(everything, coordinator)
    person = officer if factory == "officer" else AdministratorFactory()
    # Lists of institutions are the country's records, told apart from its answers.
    names = [name for name in OURS if name not in FILES]

    walked = expect_no_marker(everything, signed_in(person), names)

    assert "assessment:comment_list" in walked
    assert ("assessment:section_detail" in walked) is (status == "returned")
    assert ("reports:plan_detail" in walked) is (status == "returned")
    assert ("reports:plan_xlsx" in walked) is (status == "returned")
    assert Answer.objects.filter(value__icontains=MARKER).count() == 5
    expect_no_marker_in_mails()


def test_live_answer_is_not_in_files_of_the_report_for_unsd(
    everything, coordinator, officer, signed_in
):
    bring(everything, "returned", coordinator, officer)
    change(everything, coordinator)

    client = signed_in(officer)
    walked = expect_no_marker(everything, client, FILES, ["get"])
    walked |= expect_no_marker(everything, client, [KEPT], ["get"])

    assert walked == {*FILES, KEPT}


def test_marker_is_found_in_files_of_the_country(everything, coordinator, signed_in):
    """The walk is no proof unless a live answer is found in them by the country."""
    change(everything, coordinator)

    for ending in ("docx", "xlsx"):
        page = signed_in(coordinator).get(f"/responses/PER/2025/report.{ending}")
        assert MARKER in text_of(page), ending


def test_comment_quotes_no_answer(everything, coordinator, officer, signed_in):
    """A place is named by the questionnaire, not by what stands in it."""
    ask(everything, coordinator, "SRC-INV[SRC-CEN].holder")
    change(everything, coordinator)

    page = signed_in(officer).get("/responses/PER/2025/comments/")

    assert page.status_code == 200
    assert MARKER not in json.dumps(page.content.decode())
