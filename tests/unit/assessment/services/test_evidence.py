"""Files kept and withdrawn, and which of them belong to a submission."""

import hashlib

import pytest

from assessment.evidence_queries import (
    ResponseFiles,
    files_in,
    files_standing,
    readable_file,
)
from assessment.models import EvidenceFile
from assessment.queries import latest_submission
from assessment.refusals import ResponseClosed, RoleForbids, TooLarge
from assessment.services.evidence import (
    FILES_MAX,
    NotTaken,
    add_file,
    withdraw_file,
)
from assessment.services.rounds import close_round
from assessment.services.transitions import return_response, withdraw_response
from tests.factories import MemberFactory
from tests.files import docx, pdf, upload
from tests.saving import submit


@pytest.fixture
def give(response, coordinator, media, fresh):
    def given(name="a.pdf", content=None, question="GEN-11", by=coordinator, **more):
        return add_file(
            response=fresh(response),
            question=question,
            upload=upload(name, pdf(name) if content is None else content),
            by=by,
            **more,
        )

    return given


def stored(media):
    return [path for path in media.rglob("*") if path.is_file()]


def test_file_is_kept_under_a_random_name(give, media, coordinator, response):
    content = docx()

    file = give("تقرير.docx", content, title="  Annual   report ")

    file.refresh_from_db()
    assert (file.question, file.row, file.name) == ("GEN-11", "", "تقرير.docx")
    assert (file.title, file.size) == ("Annual report", len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert (file.uploaded_by, file.withdrawn_at) == (coordinator, None)
    (path,) = stored(media)
    assert path.read_bytes() == content
    assert path.suffix == ""
    assert len(path.name) == 38
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.pdf", b"", "The file is empty."),
        ("a.pdf", b"<html>", "This kind of file is not taken."),
        ("a.docx", pdf(), "The name says otherwise, but this is a PDF file."),
    ],
)
def test_what_is_not_taken_is_stored_nowhere(give, media, name, content, message):
    with pytest.raises(NotTaken) as refused:
        give(name, content)

    assert refused.value.message.startswith(message)
    assert stored(media) == []
    assert EvidenceFile.objects.count() == 0


@pytest.mark.parametrize(("more", "is_taken"), [(0, True), (1, False)])
def test_limit_is_exact(give, media, settings, more, is_taken):
    content = pdf()
    settings.EVIDENCE_MAX_BYTES = len(content) - more

    if is_taken:
        assert give(content=content).size == len(content)
    else:
        with pytest.raises(TooLarge) as refused:
            give(content=content)
        assert refused.value.message.startswith("The file is too large: at most ")
        assert stored(media) == []


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"question": "XXX-1"}, "This question is not part of the questionnaire."),
        ({"row": "nowhere"}, "This question is not part of the questionnaire."),
        ({"title": "x" * 301}, "The text has 301 characters"),
    ],
)
def test_place_and_title_are_checked(give, media, more, message):
    with pytest.raises(NotTaken) as refused:
        give(**more)

    assert refused.value.message.startswith(message)
    assert stored(media) == []


def test_row_of_a_matrix_has_files_of_its_own(give):
    assert give(question="SRC-INV", row="SRC-CEN").row == "SRC-CEN"


def test_same_content_twice_is_one_file(give, media, response):
    first = give("a.pdf", pdf("x"))
    second = give("b.pdf", pdf("x"))
    elsewhere = give("a.pdf", pdf("x"), question="SRC-INV")

    assert (second.pk, elsewhere.pk != first.pk) == (first.pk, True)
    assert len(stored(media)) == 2


def test_withdrawn_file_can_be_given_again(give, response, coordinator, fresh):
    first = give()
    withdraw_file(response=fresh(response), pk=first.pk, by=coordinator)

    again = give()

    assert list(files_standing(response)) == [again]


def test_number_of_files_of_a_question_is_limited(give, media):
    for number in range(FILES_MAX):
        give(content=pdf(number))

    with pytest.raises(NotTaken) as refused:
        give(content=pdf("more"))

    assert refused.value.message == "At most 20 files can be given for one question."
    assert len(stored(media)) == FILES_MAX


# Who may


def test_contributor_gives_and_withdraws(give, response, contributor, fresh):
    file = give(by=contributor)

    withdrawn = withdraw_file(response=fresh(response), pk=file.pk, by=contributor)

    assert withdrawn.withdrawn_by == contributor


def test_observer_and_officer_give_nothing(give, media, peru, officer):
    for person in (MemberFactory(country=peru, role="observer"), officer):
        with pytest.raises(RoleForbids):
            give(by=person)

    assert stored(media) == []


def test_submitted_response_takes_and_gives_back_nothing(
    give, response, coordinator, fresh, media
):
    file = give()
    submit(fresh(response), coordinator)

    with pytest.raises(ResponseClosed):
        give("b.pdf")
    with pytest.raises(ResponseClosed):
        withdraw_file(response=fresh(response), pk=file.pk, by=coordinator)

    assert len(stored(media)) == 1
    assert list(files_standing(response)) == [file]


def test_closed_round_takes_nothing(give, round_2025, officer):
    close_round(round_=round_2025, by=officer)

    with pytest.raises(ResponseClosed):
        give()


def test_withdrawing_twice_keeps_the_first_moment(give, response, coordinator, fresh):
    file = give()
    first = withdraw_file(response=fresh(response), pk=file.pk, by=coordinator)

    second = withdraw_file(response=fresh(response), pk=file.pk, by=coordinator)

    assert second.withdrawn_at == first.withdrawn_at


# What belongs to a submission


@pytest.fixture
def returned(give, response, coordinator, officer, fresh):
    """A file withdrawn before the submission, one after it, one that stands, one new."""
    files = {name: give(f"{name}.pdf") for name in ("before", "after", "stands")}
    withdraw_file(response=fresh(response), pk=files["before"].pk, by=coordinator)
    submit(fresh(response), coordinator)
    return_response(response=fresh(response), by=officer, message="Please.")
    withdraw_file(response=fresh(response), pk=files["after"].pk, by=coordinator)
    files["new"] = give("new.pdf")
    return files


def test_submission_keeps_its_files_for_ever(returned, response):
    submission = latest_submission(response)

    assert list(files_in(submission)) == [returned["after"], returned["stands"]]
    assert list(files_standing(response)) == [returned["stands"], returned["new"]]


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("coordinator", ["after", "new", "stands"]),
        ("observer", ["after", "new", "stands"]),
        ("officer", ["after", "stands"]),
    ],
)
def test_people_read_the_files_of_what_they_read(
    returned, response, peru, officer, role, names
):
    person = officer if role == "officer" else MemberFactory(country=peru, role=role)

    def is_readable(file):
        try:
            return readable_file(person, response, file.pk) == file
        except EvidenceFile.DoesNotExist:
            return False

    assert sorted(name for name, file in returned.items() if is_readable(file)) == names


def test_files_of_a_withdrawn_submission_are_not_read_at_unsd(
    give, response, coordinator, officer, fresh
):
    file = give()
    submit(fresh(response), coordinator)
    assert readable_file(officer, response, file.pk) == file

    withdraw_response(response=fresh(response), by=coordinator)

    with pytest.raises(EvidenceFile.DoesNotExist):
        readable_file(officer, response, file.pk)


def test_page_lists_what_is_read(returned, response, fresh, django_assert_num_queries):
    response = fresh(response)
    with django_assert_num_queries(1):
        live = ResponseFiles(response, None)
    frozen = ResponseFiles(response, latest_submission(response))

    assert [f.name for f in live.of("GEN-11").files] == ["stands.pdf", "new.pdf"]
    assert [f.name for f in frozen.of("GEN-11").files] == ["after.pdf", "stands.pdf"]
    assert live.of("GEN-12").files == []
    assert live.of("GEN-12").url == "/responses/PER/2025/evidence/gen-12/"


def test_page_asks_for_no_files_where_there_never_was_one(
    response, django_assert_num_queries
):
    with django_assert_num_queries(0):
        found = ResponseFiles(response, None)

    assert found.of("GEN-11").files == []
