"""Giving, withdrawing and saving evidence files through the pages."""

import html
from urllib.parse import quote

import pytest
from django.core.files.uploadhandler import MemoryFileUploadHandler

from assessment.models import EvidenceFile
from assessment.services.rounds import open_response
from tests import delegating
from tests.factories import MemberFactory, OfficerFactory
from tests.files import docx, pdf, upload
from tests.saving import put, submit

PAGE = "/responses/PER/2025/evidence/gen-11/"
FILES = "/responses/PER/2025/evidence/files/"
SECTION = "/responses/PER/2025/sections/gen/"


@pytest.fixture
def client(response, coordinator, signed_in, media):
    return signed_in(coordinator)


def text(page):
    return html.unescape(page.content.decode())


def give(client, name="a.pdf", content=None, **more):
    file = upload(name, pdf(name) if content is None else content)
    return client.post(PAGE, {"file": file}, **more)


def saved(client, pk):
    """Save a file as a browser does: to its end."""
    page = client.get(f"{FILES}{pk}/")
    content = b"".join(page.streaming_content) if page.status_code == 200 else b""
    return page, content


def stored(media):
    return [path for path in media.rglob("*") if path.is_file()]


def test_file_is_added_listed_and_saved(client):
    page = client.post(PAGE, {"file": upload("a.pdf", pdf()), "title": "Law 123"})

    assert (page.status_code, page.headers["Location"]) == (302, PAGE)
    file = EvidenceFile.objects.get()
    for url in (PAGE, SECTION):
        assert f'<a href="{FILES}{file.pk}/">Law 123</a>' in text(client.get(url))

    sent, content = saved(client, file.pk)

    assert content == pdf()
    assert sent.headers["Content-Disposition"] == 'attachment; filename="a.pdf"'
    assert sent.headers["Content-Type"] == "application/pdf"
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert sent.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("تقرير الهجرة.pdf", "تقرير الهجرة.pdf"),
        ("../../../etc/cron.d/x.pdf", "x.pdf"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("a;b c.pdf", "a;b c.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "img src=x onerror=alert(1).pdf"),
    ],
)
def test_names_are_made_safe_and_come_back(client, media, name, kept):
    give(client, name)

    file = EvidenceFile.objects.get()
    assert file.name == kept
    assert all(path.is_relative_to(media) for path in stored(media))
    sent = saved(client, file.pk)[0].headers["Content-Disposition"]
    if kept.isascii():
        assert sent == f'attachment; filename="{kept}"'
    else:
        assert sent == f"attachment; filename*=utf-8''{quote(kept)}"
    assert f">{html.escape(kept)}</a>" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pdf", b"", "The file is empty."),
        ("a.html", b"<html><script>alert(1)</script>", "This kind of file is not taken."),
        ("a.pdf.exe", pdf(), "The name says otherwise, but this is a PDF file."),
        ("a.pdf", pdf() + docx(), "The file is two kinds of file at once."),
        ("a.docx", docx(**{"word/vbaProject.bin": b"x"}), "The file holds macros"),
    ],
)  # fmt: skip
def test_refusal_is_read_on_the_page(client, media, name, content, message):
    page = client.post(PAGE, {"file": upload(name, content), "title": "My title"})

    assert page.status_code == 422
    assert message in text(page)
    assert 'value="My title"' in text(page)
    assert "<title>Error: " in text(page)
    assert stored(media) == []


def test_form_without_a_file_says_so(client):
    page = client.post(PAGE, {"title": "Nothing"})

    assert page.status_code == 422
    assert "Choose a file first." in text(page)


def test_file_beyond_the_limit_is_refused_and_kept_nowhere(
    client, media, settings, monkeypatch
):
    """Not even in memory: the handlers behind the limit see the first part only."""
    settings.EVIDENCE_MAX_BYTES = 100_000
    seen = []
    receive = MemoryFileUploadHandler.receive_data_chunk
    monkeypatch.setattr(
        MemoryFileUploadHandler,
        "receive_data_chunk",
        lambda self, raw, start: seen.append(len(raw)) or receive(self, raw, start),
    )

    page = give(client, content=pdf() + b"x" * 200_000)

    assert page.status_code == 413
    assert "The file is too large: at most 0.1 MB can be kept." in text(page)
    assert sum(seen) <= 100_000
    assert stored(media) == []


def test_link_is_listed_with_the_files(client, response, coordinator):
    links = [{"title": "Act", "url": "https://example.org/act"}]
    put(response, coordinator, {"GEN-11.@evidence": links})

    page = text(client.get(PAGE))

    assert '<a href="https://example.org/act" rel="noopener noreferrer">Act</a>' in page


def test_withdrawn_file_leaves_the_page(client):
    give(client)
    file = EvidenceFile.objects.get()

    page = client.post(PAGE, {"withdraw": file.pk}, follow=True)

    assert "a.pdf was withdrawn." in text(page)
    assert client.get(f"{FILES}{file.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("pk", "code"), [("99999", 404), ("x", 400), ("", 400), ("9" * 30, 400), ("²", 400)]
)
def test_withdrawing_what_is_not_there_is_refused(client, pk, code):
    assert client.post(PAGE, {"withdraw": pk}).status_code == code


@pytest.mark.parametrize("code", ["xxx-1", "0"])
def test_question_that_is_not_there_is_not_found(client, code):
    url = f"/responses/PER/2025/evidence/{code}/"

    assert (client.get(url).status_code, client.post(url).status_code) == (404, 404)


# For scripts


JSON = {"headers": {"accept": "application/json"}}


def test_script_is_told_what_is_kept(client):
    page = give(client, **JSON)

    pk = EvidenceFile.objects.get().pk
    assert (page.status_code, page.json()) == (
        200,
        {
            "message": "a.pdf is kept.",
            "files": [
                {
                    "title": "a.pdf",
                    "label": "PDF",
                    "size": len(pdf("a.pdf")),
                    "url": f"{FILES}{pk}/",
                }
            ],
        },
    )


def test_script_is_told_why_not(client, response, coordinator):
    empty = give(client, content=b"", **JSON)
    submit(response, coordinator)
    closed = give(client, **JSON)

    assert (empty.status_code, empty.json()) == (
        422,
        {"code": "not_taken", "message": "The file is empty."},
    )
    assert (closed.status_code, closed.json()["code"]) == (409, "closed")


# Who may


def test_observer_reads_and_gives_nothing(client, signed_in, peru):
    give(client)
    observer = signed_in(MemberFactory(country=peru, role="observer"))

    page = observer.get(PAGE)

    assert (page.status_code, 'type="file"' in text(page)) == (200, False)
    assert give(observer, "b.pdf").status_code == 403
    assert saved(observer, EvidenceFile.objects.get().pk)[1] == pdf("a.pdf")


def test_unsd_saves_what_was_submitted_and_nothing_newer(
    client, response, coordinator, signed_in
):
    give(client)
    file = EvidenceFile.objects.get()
    officer = signed_in(OfficerFactory())
    before = saved(officer, file.pk)[0].status_code
    submit(response, coordinator)

    assert (before, saved(officer, file.pk)[1]) == (404, pdf("a.pdf"))
    assert "a.pdf" in text(officer.get(SECTION))
    assert give(officer).status_code == 403


def test_other_country_finds_nothing(client, peru, signed_in):
    give(client)
    chile = peru._meta.model.objects.get(iso3="CHL")
    stranger = signed_in(MemberFactory(country=chile, role="coordinator"))
    pk = EvidenceFile.objects.get().pk

    for url in (PAGE, f"{FILES}{pk}/", f"/responses/CHL/2025/evidence/files/{pk}/"):
        assert stranger.get(url).status_code == 404
    assert give(stranger).status_code == 404


def test_file_of_another_response_is_not_found_under_this_one(
    client, peru, round_2025, officer, signed_in
):
    give(client)
    chile = peru._meta.model.objects.get(iso3="CHL")
    open_response(round_=round_2025, country=chile, by=officer)
    member = signed_in(MemberFactory(country=chile, role="coordinator"))
    pk = EvidenceFile.objects.get().pk

    assert member.get(f"/responses/CHL/2025/evidence/files/{pk}/").status_code == 404
    page = member.post("/responses/CHL/2025/evidence/gen-11/", {"withdraw": pk})
    assert page.status_code == 404
    assert EvidenceFile.objects.get().withdrawn_at is None


def test_file_lost_from_the_folder_is_not_found(client, media):
    give(client)
    (path,) = stored(media)
    path.unlink()

    page = client.get(f"{FILES}{EvidenceFile.objects.get().pk}/")

    assert page.status_code == 404


def test_stored_file_has_no_address(client, settings):
    give(client)
    file = EvidenceFile.objects.get()

    for url in (f"/media/{file.file.name}", f"/{file.file.name}"):
        assert client.get(url).status_code == 404


def test_delegate_gives_files_to_their_part_only(
    response, peru, coordinator, contributor, signed_in, media
):
    delegating.switch(peru, coordinator)
    delegating.give(response, coordinator, contributor, "GEN-11")
    delegate = signed_in(contributor)

    own = delegate.post(
        "/responses/PER/2025/evidence/gen-11/", {"file": upload("a.pdf", pdf())}
    )
    other = delegate.post(
        "/responses/PER/2025/evidence/gen-10/", {"file": upload("b.pdf", pdf("b"))}
    )

    assert (own.status_code, other.status_code) == (302, 403)
    assert "Not delegated to you" in other.content.decode()
    assert [file.name for file in EvidenceFile.objects.all()] == ["a.pdf"]
