"""Comments on the pages: read, filtered, written, settled, taken back, refused."""

import html
import json
import re

import pytest

from assessment.models import Comment, CommentThread, InternalNote
from assessment.services.comments import resolve_thread
from assessment.services.transitions import return_response
from tests.commenting import MUST, answer, ask, note
from tests.factories import AdministratorFactory, MemberFactory, OfficerFactory
from tests.saving import put, submit

PERU = "/responses/PER/2025/"
COMMENTS = f"{PERU}comments/"
CENSUS = "SRC-INV[SRC-CEN].latest_year"


@pytest.fixture
def submitted(response, coordinator):
    put(response, coordinator, {CENSUS: 2017, "GEN-03": "INEI"})
    submit(response, coordinator)
    return response


@pytest.fixture
def client(response, coordinator, signed_in):
    return signed_in(coordinator)


@pytest.fixture
def review(response, officer, signed_in):
    return signed_in(officer)


def text_of(page):
    content = html.unescape(page.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


def send(client, path, **fields):
    return client.post(f"{COMMENTS}{path}", fields, follow=True)


def send_json(client, path, fields):
    return client.post(
        f"{COMMENTS}{path}", json.dumps(fields), content_type="application/json"
    )


# Writing


@pytest.mark.parametrize(
    ("at", "about", "place"),
    [
        ("GEN", "", "GEN"),
        ("GEN-03", "", "GEN-03"),
        ("SRC-INV", "SRC-INV[SRC-CEN]", "SRC-INV[SRC-CEN]"),
        ("SRC-INV", CENSUS, CENSUS),
    ],
)
def test_officer_comments_from_the_form(submitted, officer, review, at, about, place):
    page = send(
        review,
        f"at/{at}/open/",
        at=about,
        kind="correction",
        must_settle="yes",
        text="Why?",
    )

    assert page.redirect_chain == [(f"{COMMENTS}?at={at}", 302)]
    assert "The comment is sent." in text_of(page)
    thread = CommentThread.objects.get()
    assert (thread.place, thread.kind, thread.must_settle, thread.side) == (
        place,
        "correction",
        True,
        "unsd",
    )


def test_country_asks_before_submitting(response, contributor, signed_in):
    page = send(signed_in(contributor), "at/GEN-03/open/", text="Which agency?")

    assert "waits for UNSD" in text_of(page)
    assert CommentThread.objects.get().side == "country"


@pytest.mark.parametrize("at", ["XXX", "GEN-03[x]", "GEN-99"])
def test_unknown_place_is_not_found(submitted, review, at):
    assert review.get(f"{COMMENTS}at/{at}/").status_code == 404
    assert review.get(COMMENTS, {"at": at}).status_code == 404
    assert send(review, f"at/{at}/open/", text="x").status_code == 404


def test_cell_of_another_question_is_not_found(submitted, review):
    page = send(review, "at/GEN-03/open/", at="GEN-04", text="x")

    assert (page.status_code, CommentThread.objects.count()) == (404, 0)


def test_refused_comment_comes_back_as_it_was_sent(submitted, review):
    page = send(
        review, "at/SRC-INV/open/", at=CENSUS, kind="praise", must_settle="yes", text=""
    )

    content = page.content.decode()
    assert page.status_code == 422
    assert "The comment was not saved. Write something first." in text_of(page)
    assert f'<option value="{CENSUS}" selected>' in content
    assert '<option value="praise" selected>' in content
    assert re.search(r'name="must_settle" value="yes" [^>]*checked', content)


def test_text_of_a_reply_to_a_resolved_point_is_kept(
    submitted, officer, client, review
):
    thread = ask(submitted, officer)
    resolve_thread(thread=thread, by=officer)

    page = send(client, f"{thread.pk}/reply/", text="My long reply.")

    assert page.status_code == 422
    assert "The point is resolved." in text_of(page)
    assert "My long reply." in text_of(page)
    assert Comment.objects.count() == 1


def test_thread_goes_its_way(submitted, officer, client, review):
    thread = ask(submitted, officer, **MUST)
    replied = send(client, f"{thread.pk}/reply/", text="This one.")
    assert "The reply is sent." in text_of(replied)
    resolved = send(review, f"{thread.pk}/resolve/", text="")
    assert f"Resolved by {officer.name}" in text_of(resolved)
    again = send(review, f"{thread.pk}/reopen/", text="Not quite.")
    assert "waits for the country" in text_of(again)
    said = Comment.objects.get(text="This one.")
    withdrawn = send(client, f"said/{said.pk}/withdraw/")

    assert "This one." not in text_of(withdrawn)
    assert list(Comment.objects.order_by("pk").values_list("text", flat=True)) == [
        "Which one?",
        "This one.",
        "Not quite.",
    ]


def test_person_comes_back_to_where_they_were(submitted, officer, client):
    thread = ask(submitted, officer)
    back = f"{PERU}sections/gen/#thread-{thread.pk}"

    page = client.post(f"{COMMENTS}{thread.pk}/reply/", {"text": "x", "next": back})

    assert page.headers["Location"] == back


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org/", "javascript:alert(1)", "x", ""]
)
def test_nobody_is_sent_elsewhere(submitted, officer, client, back):
    thread = ask(submitted, officer)

    page = client.post(f"{COMMENTS}{thread.pk}/reply/", {"text": "x", "next": back})

    assert page.headers["Location"] == f"{COMMENTS}?at=GEN-03"


@pytest.mark.parametrize(
    ("role", "statuses"),
    [
        ("observer", (403, 403, 403, 403, 403)),
        ("contributor", (200, 200, 403, 403, 403)),
        ("coordinator", (200, 200, 403, 403, 403)),
        ("officer", (200, 200, 200, 200, 403)),
        ("administrator", (200, 200, 200, 200, 403)),
    ],
)
def test_actions_ask_the_access_table(
    submitted, peru, officer, signed_in, role, statuses
):
    thread = ask(submitted, officer)
    people = {"officer": OfficerFactory, "administrator": AdministratorFactory}
    person = (
        people[role]() if role in people else MemberFactory(country=peru, role=role)
    )
    client = signed_in(person)
    said = thread.comments.get()

    pages = [
        send(client, "at/GEN-04/open/", text="x", kind="question"),
        send(client, f"{thread.pk}/reply/", text="x"),
        send(client, f"{thread.pk}/resolve/", text=""),
        send(client, f"{thread.pk}/reopen/", text="x"),
        send(client, f"said/{said.pk}/withdraw/"),
    ]

    assert tuple(page.status_code for page in pages) == statuses


@pytest.mark.parametrize("pk", ["0", "9" * 30])
def test_unknown_number_is_not_found(submitted, client, review, pk):
    for path in (f"{pk}/reply/", f"{pk}/resolve/", f"said/{pk}/withdraw/"):
        assert send(client, path, text="x").status_code == 404
    assert send(review, f"notes/{pk}/withdraw/").status_code == 404


def test_thread_of_another_response_is_not_found(
    submitted, officer, client, round_2025
):
    thread = ask(submitted, officer)
    chile = submitted.country._meta.model.objects.get(iso3="CHL")
    other = type(submitted).objects.create(
        round=round_2025, country=chile, opened_by=officer
    )
    CommentThread.objects.update(response=other)

    assert send(client, f"{thread.pk}/reply/", text="x").status_code == 404
    said = thread.comments.get()
    assert send(client, f"said/{said.pk}/withdraw/").status_code == 404


# As a script sends it


def test_script_gets_the_fragment_back(submitted, officer, client):
    thread = ask(submitted, officer, CENSUS)

    page = send_json(client, f"{thread.pk}/reply/", {"text": "This one."})

    body = page.json()
    assert page.status_code == 200
    assert body["message"] == "The reply is sent."
    assert 'id="comments-SRC-INV"' in body["html"]
    assert "This one." in body["html"]
    assert 'name="next"' not in body["html"]


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"text": " "}, 422, "invalid"),
        ({"text": 1}, 400, "malformed"),
        (["text"], 400, "malformed"),
    ],
)
def test_script_is_told_why_not(submitted, officer, client, fields, status, code):
    thread = ask(submitted, officer)

    page = send_json(client, f"{thread.pk}/reply/", fields)

    assert (page.status_code, page.json()["code"]) == (status, code)
    assert Comment.objects.count() == 1


def test_script_is_told_that_the_role_or_the_state_forbids(
    response, officer, contributor, client, review
):
    thread = ask(response, contributor)

    forbidden = send_json(client, f"{thread.pk}/resolve/", {"text": ""})
    closed = send_json(review, "at/GEN-03/open/", {"text": "x", "kind": "question"})

    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "forbidden")
    assert (closed.status_code, closed.json()["state"]) == (409, "draft")


def test_closed_state_keeps_the_typed_text_without_scripts(
    response, contributor, review
):
    ask(response, contributor)

    page = send(review, "at/GEN-03/open/", text="Too early.", kind="question")

    assert page.status_code == 409
    assert "This response is draft; that cannot be done now." in text_of(page)
    assert "You had written: Too early." in text_of(page)
    assert CommentThread.objects.count() == 1


# Reading


def test_list_shows_everything_by_section_and_leads_to_it(
    submitted, officer, coordinator, client
):
    ask(submitted, officer, CENSUS, "The year?", **MUST)
    ask(submitted, coordinator, "GEN", "The section?")

    content = client.get(COMMENTS).content.decode()

    assert re.findall(r'<h2 id="s-(\w+)"', content) == ["GEN", "SRC"]
    assert f'href="{PERU}sections/src/#c-{CENSUS}"' in content
    assert f'href="{PERU}sections/gen/#comments-GEN-box"' in content
    assert "2 open , 1 waits for you of 2 in all" in text_of(client.get(COMMENTS))


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", "abcd"),
        ("state=open", "abd"),
        ("state=resolved", "c"),
        ("turn=country", "a"),
        ("turn=unsd", "bd"),
        ("kind=suggestion", "c"),
        ("settle=must", "a"),
        ("settle=may", "bcd"),
        ("section=SRC", "d"),
        ("section=GEN&turn=unsd", "b"),
        ("state=nonsense", "abcd"),
        ("section=BAS", ""),
    ],
)
def test_filters(submitted, officer, coordinator, client, query, shown):
    ask(submitted, officer, "GEN-01", "<a>", **MUST)
    answer(ask(submitted, officer, "GEN-02", "<b>"), coordinator)
    third = ask(submitted, officer, "GEN-03", "<c>", kind="suggestion")
    resolve_thread(thread=third, by=officer)
    ask(submitted, coordinator, CENSUS, "<d>")

    content = client.get(f"{COMMENTS}?{query}").content.decode()

    assert "".join(re.findall(r"&lt;([a-d])&gt;", content)) == shown


def test_empty_list_says_how_to_begin(response, peru, client, signed_in):
    observer = signed_in(MemberFactory(country=peru, role="observer"))

    assert "To ask UNSD something, choose the question" in text_of(client.get(COMMENTS))
    assert (
        '<select class="form-select" id="at"' in client.get(COMMENTS).content.decode()
    )
    page = observer.get(COMMENTS)
    assert "Nothing was said yet." in text_of(page)
    assert "Ask UNSD" not in text_of(page)


def test_officer_finds_what_was_asked_of_a_draft_and_nothing_else(
    response, coordinator, contributor, officer, review
):
    put(response, coordinator, {"GEN-03": "Secret answer"})
    assert review.get(COMMENTS).status_code == 404
    ask(response, contributor, "GEN-03", "Which agency?")

    page = review.get(COMMENTS)
    place = review.get(COMMENTS, {"at": "GEN-03"})

    for found in (page, place):
        assert "Which agency?" in text_of(found)
        assert "Secret answer" not in text_of(found)
        assert f"{PERU}sections/" not in found.content.decode()
    assert review.get(PERU).status_code == 404
    assert review.get(f"{PERU}sections/gen/").status_code == 404
    thread = CommentThread.objects.get()
    assert send(review, f"{thread.pk}/reply/", text="The lead.").status_code == 200


def test_text_is_shown_as_text(submitted, officer, client):
    ask(submitted, officer, text="<script>alert(1)</script>")

    for path in ("comments/", "comments/?at=GEN-03", "sections/gen/", "check/", ""):
        assert b"<script>alert" not in client.get(f"{PERU}{path}").content


def test_section_shows_open_threads_with_their_box_and_marks_the_cell(
    submitted, officer, client, review
):
    thread = ask(submitted, officer, CENSUS, "The year?", **MUST)
    resolved = ask(submitted, officer, "SRC-01", "Old.")
    resolve_thread(thread=resolved, by=officer)

    content = client.get(f"{PERU}sections/src/").content.decode()
    form, after = content.split('<div id="comment-forms" hidden>')

    assert f'href="#thread-{thread.pk}"' in form
    assert f'form="thread-{thread.pk}-form"' in form
    assert f'<form id="thread-{thread.pk}-form"' in after
    assert "The year?" in form
    assert "Old." not in content
    assert "Comments (1 open)" in text_of(client.get(f"{PERU}sections/src/"))


def test_notes_are_set_apart_for_officers(submitted, officer, review, client):
    written = note(submitted, officer, CENSUS, "Look again.")

    page = review.get(COMMENTS, {"at": "SRC-INV"})
    assert "Only officers see this" in text_of(page)
    assert "Look again." in text_of(page)

    taken = send(review, f"notes/{written.pk}/withdraw/")
    assert "Look again." not in text_of(taken)
    assert send(review, "at/GEN-03/note/", text="Another.").status_code == 200
    assert InternalNote.objects.filter(withdrawn_at__isnull=True).count() == 1


def test_for_the_country_there_are_no_notes(submitted, officer, client):
    written = note(submitted, officer)

    assert send(client, "at/GEN-03/note/", text="x").status_code == 404
    assert send(client, f"notes/{written.pk}/withdraw/").status_code == 404
    page = client.get(COMMENTS, {"at": "GEN-03"})
    assert "officers see" not in text_of(page)
    assert InternalNote.objects.get().withdrawn_at is None


# Return and resubmit


@pytest.fixture
def returned(submitted, officer):
    ask(submitted, officer, CENSUS, "The year?", **MUST)
    ask(submitted, officer, "GEN-03", "The agency?", **MUST)
    return_response(response=submitted, by=officer, message="")
    return submitted


def test_hub_lists_the_tasks_with_their_state(returned, coordinator, client):
    answer(CommentThread.objects.get(question="GEN-03"), coordinator)

    text = text_of(client.get(PERU))

    assert "1 of 2 done. 1 must be settled before you can submit" in text
    assert "The year?" in text
    assert "1 point of the review to do" in text
    assert "The points are listed below." in text
    assert f"{PERU}sections/src/#c-{CENSUS}" in client.get(PERU).content.decode()


def test_check_page_shows_what_is_left_instead_of_submitting(returned, client):
    page = client.get(f"{PERU}check/")

    assert "First settle the 2 points of the review above" in text_of(page)
    assert "formaction" not in page.content.decode()


def test_stale_submission_is_refused_and_says_which_points_are_left(
    returned, coordinator, client
):
    answer(CommentThread.objects.get(question="GEN-03"), coordinator)

    page = client.post(f"{PERU}submit/", {"missing_confirmed": "92"})

    alert = page.content.decode().split("Not submitted")[1].split("</div>")[0]
    assert page.status_code == 409
    assert "One point of the review must be settled first" in alert
    assert f'href="{PERU}sections/src/#c-{CENSUS}"' in alert
    assert "The agency?" not in alert


@pytest.mark.parametrize(("has_point", "status"), [(True, 302), (False, 422)])
def test_return_without_a_message_needs_an_open_point(
    submitted, officer, review, has_point, status
):
    if has_point:
        ask(submitted, officer, "GEN-03", "The agency?")
    words = "The country reads this open point as its task" in text_of(review.get(PERU))

    page = review.post(f"{PERU}return/", {"message": ""})

    assert (page.status_code, words) == (status, has_point)


def test_acceptance_asks_to_confirm_open_points(submitted, officer, review):
    ask(submitted, officer, "GEN-03", "The agency?")
    assert 'name="open_confirmed" value="1"' in review.get(PERU).content.decode()

    refused = review.post(f"{PERU}accept/")
    assert refused.status_code == 409
    assert "One point is still open. Resolve it, or confirm" in text_of(refused)

    accepted = review.post(f"{PERU}accept/", {"open_confirmed": "1"}, follow=True)
    assert "The response was accepted." in text_of(accepted)


def test_withdrawal_is_offered_until_the_review_has_begun(submitted, officer, client):
    assert "Yes, withdraw it" in text_of(client.get(PERU))
    ask(submitted, officer)

    assert "Yes, withdraw it" not in text_of(client.get(PERU))
    assert "The review has begun" in text_of(client.get(PERU))
    assert client.post(f"{PERU}withdraw/").status_code == 409
