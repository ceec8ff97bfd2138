"""Whoever alters what was handed in, below the application, is found out."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from assessment.models import (
    Acceptance,
    Answer,
    AnswerRevision,
    EvidenceFile,
    Transition,
)
from assessment.records import canonical_text, sha256_of
from assessment.services.comments import resolve_thread
from assessment.services.dissent import print_views, record_view
from assessment.services.evidence import add_file
from assessment.services.reviewed import set_reviewed_value
from assessment.services.rounds import open_response
from assessment.services.transitions import (
    accept_response,
    reopen_response,
    return_response,
    withdraw_response,
)
from assessment.verifying import problems_of, problems_of_installation
from questionnaire.addresses import Address
from tests.clearing import ask_to_clear, clear, concur
from tests.files import pdf, upload
from tests.saving import change, save, submit


@pytest.fixture
def handed_in(response, coordinator, contributor, officer, media):
    """A response that went every way and is accepted, with a view and a file."""
    save(response, coordinator, change("GEN-01", "Peru"), change("GEN-03", "INEI"))
    save(response, coordinator, change("GEN-01", "Perú", 1))
    add_file(
        response=response,
        question="GEN-11",
        upload=upload("a.pdf", pdf()),
        by=coordinator,
    )
    record_view(
        response=response,
        address=Address("GEN-03"),
        value="Migraciones",
        text="",
        institution="Migraciones",
        by=contributor,
    )
    print_views(response=response, is_printed=True, by=coordinator)
    submit(response, coordinator)
    withdraw_response(response=response, by=coordinator)
    submit(response, coordinator)
    return_response(response=response, by=officer, message="Please check GEN-03.")
    save(response, coordinator, change("GEN-03", "Migraciones", 1))
    submit(response, coordinator)
    accept_response(response=response, by=officer)
    return response


def found(response):
    return [str(problem) for problem in problems_of(response)]


def test_what_nobody_altered_is_sound(handed_in):
    assert found(handed_in) == []
    assert list(problems_of_installation()) == []


def test_response_in_every_status_is_sound(handed_in, officer, coordinator):
    reopen_response(response=handed_in, by=officer, message="Once more.")
    assert found(handed_in) == []

    save(handed_in, coordinator, change("GEN-03", None, 2))
    submit(handed_in, coordinator)

    assert found(handed_in) == []


def test_draft_is_sound(response):
    assert found(response) == []


def test_renaming_a_person_is_no_tampering(handed_in, coordinator, officer):
    for person in (coordinator, officer):
        person.name = f"{person.name} (married)"
        person.save()

    assert found(handed_in) == []


# The texts


def alter(record, **values):
    """Write below the services, as whoever has the database's password."""
    assert type(record).objects.filter(pk=record.pk).update(**values) == 1


def remove(record):
    type(record).objects.filter(pk=record.pk)._raw_delete("default")


def rewrite(frozen, *, hashed=True, **values):
    """Write other values into a frozen text, with a hash that fits or without."""
    text = canonical_text(json.loads(frozen.canonical_json) | values)
    alter(frozen, canonical_json=text)
    if hashed:
        alter(frozen, sha256=sha256_of(text))


def when(moment):
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def last(handed_in):
    return handed_in.submissions.get(number=3)


def test_text_altered_without_its_hash(handed_in):
    submission = last(handed_in)
    rewrite(submission, hashed=False, more="yes")

    (problem,) = found(handed_in)

    said = "PER 2025 submission 3: its text has not the SHA-256"
    assert problem == f"{said} {submission.sha256} stored beside it"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("country", "CHL"),
        ("round", "2024"),
        ("number", 2),
        ("submitted_at", "2025-01-01T00:00:00.000000Z"),
        ("questionnaire", {"code": "NMDC", "hash": "0" * 64, "version": "1.0"}),
    ],
)
def test_text_altered_with_its_hash(handed_in, key, value):
    """The acceptance holds the hash of the submission as it was."""
    submission = last(handed_in)
    was = json.loads(submission.canonical_json)[key]
    rewrite(submission, **{key: value})
    now = last(handed_in).sha256

    text, acceptance = found(handed_in)

    said = f"PER 2025 submission 3: its text says {key}"
    assert text == f"{said} {value!r}, the row {was!r}"
    said = "PER 2025 acceptance of submission 3: its text says submission"
    assert acceptance == f"{said} {submission.sha256!r}, the row {now!r}"


def test_text_in_the_name_of_another(handed_in):
    rewrite(handed_in.submissions.get(number=1), submitted_by="Mallory")

    (problem,) = found(handed_in)

    said = "PER 2025 submission 1: its text says submitted_by 'Mallory'"
    assert problem == f"{said}, who never had that name"


def test_answer_altered_in_a_text(handed_in):
    submission = handed_in.submissions.get(number=2)
    answers = json.loads(submission.canonical_json)["answers"]
    for answer in answers:
        if answer["question"] == "GEN-01":
            answer["value"] = "Chile"
        if answer["question"] == "GEN-03":
            answer["revision"] = 9
    rewrite(submission, answers=answers)

    assert found(handed_in) == [
        "PER 2025 submission 2: GEN-01: revision 2 has another value than its text",
        "PER 2025 submission 2: GEN-03: there is no revision 9",
    ]


@pytest.mark.parametrize("answers", [None, 7, ["x"], [{"question": "GEN-01"}]])
def test_text_without_answers(handed_in, answers):
    rewrite(handed_in.submissions.get(number=1), answers=answers)

    assert found(handed_in) == [
        "PER 2025 submission 1: its text does not hold answers as submissions do"
    ]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"b": 1, "a": 2}', '{"a": NaN}'])
def test_text_that_is_no_canonical_json(handed_in, text):
    submission = handed_in.submissions.get(number=1)
    alter(submission, canonical_json=text, sha256=sha256_of(text))

    assert found(handed_in) == ["PER 2025 submission 1: its text is not canonical JSON"]


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("x", "the differing views that it prints cannot be read"),
        ("[1]", "the differing views that it prints cannot be read"),
        ("Lima", "GEN-03: it prints a differing view that nobody recorded"),
    ],
)
def test_differing_views_altered(handed_in, printed, said):
    submission = handed_in.submissions.get(number=1)
    text = (
        submission.views_json.replace("Migraciones", "Lima")
        if printed == "Lima"
        else printed
    )
    alter(submission, views_json=text)

    assert found(handed_in) == [f"PER 2025 submission 1: {said}"]


def test_acceptance_altered_without_its_hash(handed_in):
    acceptance = Acceptance.objects.get()
    rewrite(acceptance, hashed=False, more="x")

    (problem,) = found(handed_in)

    said = "PER 2025 acceptance of submission 3: its text has not the SHA-256"
    assert problem == f"{said} {acceptance.sha256} stored beside it"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("submission", "0" * 64, "its text says submission"),
        ("accepted_at", "2025", "its text says accepted_at '2025', the row"),
        (
            "accepted_by",
            "Mallory",
            "its text says accepted_by 'Mallory', who never had",
        ),
        ("reviewed_values", None, "its text holds no list of reviewed values"),
    ],
)
def test_acceptance_altered_with_its_hash(handed_in, key, value, said):
    rewrite(Acceptance.objects.get(), **{key: value})

    (problem,) = found(handed_in)

    assert problem.startswith(f"PER 2025 acceptance of submission 3: {said}")


def test_acceptance_that_is_no_json(handed_in):
    alter(Acceptance.objects.get(), canonical_json="x")

    assert found(handed_in)[1:] == [
        "PER 2025 acceptance of submission 3: its text is not canonical JSON"
    ]


@pytest.fixture
def reviewed(response, coordinator, officer):
    """An accepted response with a reviewed value, cleared before it was submitted."""
    save(response, coordinator, change("GEN-03", "INEI"))
    response = ask_to_clear(response)
    concur(response, coordinator, "GEN")
    clear(response, coordinator)
    submit(response, coordinator)
    value = set_reviewed_value(
        response=response,
        address=Address("GEN-03"),
        value="Migraciones",
        reason="Its new name.",
        by=officer,
    )
    resolve_thread(thread=value.thread, by=officer)
    accept_response(response=response, by=officer)
    return response


def test_reviewed_values_and_clearance_are_sound(reviewed):
    assert found(reviewed) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reason": "Another."}, "GEN-03: its reviewed value stood otherwise, or not"),
        ({"question": "GEN-04"}, "GEN-04: its reviewed value stood otherwise, or not"),
        ({"reviewed_at": "2020"}, "GEN-03: its reviewed value stood otherwise, or not"),
        (None, "GEN-03: its reviewed value is left out"),
    ],
)
def test_reviewed_value_altered_in_an_acceptance(reviewed, change, said):
    acceptance = Acceptance.objects.get()
    (value,) = json.loads(acceptance.canonical_json)["reviewed_values"]
    kept = [] if change is None else [value | change]
    rewrite(acceptance, reviewed_values=kept)

    problem = found(reviewed)[0]

    assert problem.startswith(f"PER 2025 acceptance of submission 1: {said}")


@pytest.mark.parametrize("answers", [None, [1], [{"question": "GEN-03"}]])
def test_reviewed_values_of_a_text_without_answers(reviewed, answers):
    rewrite(reviewed.submissions.get(), answers=answers)

    said = "its text does not hold answers as submissions do"
    assert f"PER 2025 submission 1: {said}" in found(reviewed)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "Mallory"}, "Mallory signed it otherwise, or nobody recorded it"),
        (
            {"date": "2020-01-01"},
            "Ana Quispe signed it otherwise, or nobody recorded it",
        ),
        ({"concurrences": [{"name": "X"}]}, "X signed it otherwise, or nobody"),
        ({"concurrences": None}, "its clearance cannot be read"),
    ],
)
def test_clearance_altered_in_a_submission(reviewed, change, said):
    submission = reviewed.submissions.get()
    clearance = json.loads(submission.canonical_json)["clearance"]
    rewrite(submission, clearance=clearance | change)

    assert any(
        problem.startswith(f"PER 2025 submission 1: {said}")
        for problem in found(reviewed)
    )


# The rows


def test_revision_altered(handed_in):
    alter(AnswerRevision.objects.get(answer__question="GEN-03", revision=1), value="x")

    assert found(handed_in) == [
        f"PER 2025 submission {number}: GEN-03: revision 1 has another value than its text"
        for number in (1, 2)
    ]


def test_revision_taken_out(handed_in):
    remove(AnswerRevision.objects.get(answer__question="GEN-01", revision=1))

    assert found(handed_in) == ["PER 2025 GEN-01: its revisions are 2, with a gap"]


def test_last_revision_taken_out(handed_in):
    remove(AnswerRevision.objects.get(answer__question="GEN-01", revision=2))

    assert found(handed_in) == [
        "PER 2025 GEN-01: the answer is not its last revision, 1",
        *[
            f"PER 2025 submission {n}: GEN-01: there is no revision 2"
            for n in (1, 2, 3)
        ],
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("value", "Chile"),
        ("revision", 3),
        ("is_confirmed", False),
        ("changed_at", "2025-01-01T00:00:00Z"),
        ("changed_by", None),
    ],
)
def test_answer_altered(handed_in, officer, column, value):
    value = officer if column == "changed_by" else value
    alter(Answer.objects.get(question="GEN-01"), **{column: value})

    assert found(handed_in) == [
        "PER 2025 GEN-01: the answer is not its last revision, 2"
    ]


def test_truth_is_not_one(handed_in):
    alter(Answer.objects.get(question="GEN-02"), value=1)
    alter(AnswerRevision.objects.get(answer__question="GEN-02"), value=True)

    assert "PER 2025 GEN-02: the answer is not its last revision, 1" in found(handed_in)


def test_answer_without_a_revision(handed_in, officer):
    Answer.objects.create(
        response=handed_in,
        question="GEN-10",
        revision=1,
        changed_by=officer,
        changed_at=handed_in.opened_at,
    )

    assert found(handed_in) == ["PER 2025 GEN-10: the answer has no revision"]


def test_submission_taken_out(handed_in):
    first = handed_in.submissions.get(number=2)
    remove(first)
    at = when(first.submitted_at)

    assert found(handed_in) == [
        f"PER 2025 transitions (submit): that of {at} has no record like it",
        "PER 2025 submissions: their numbers are 1, 3, not 1 to 2",
    ]


def test_acceptance_taken_out(handed_in):
    acceptance = Acceptance.objects.get()
    at = when(acceptance.accepted_at)
    remove(acceptance)

    assert found(handed_in) == [
        f"PER 2025 transitions (accept): that of {at} has no record like it"
    ]


@pytest.mark.parametrize("number", [1, 2])
def test_withdrawal_altered(handed_in, officer, number):
    """Undone, or made of a submission that stands."""
    submission = handed_in.submissions.get(number=number)
    by, at = (None, None) if number == 1 else (officer, submission.submitted_at)
    alter(submission, withdrawn_at=at, withdrawn_by=by)

    (problem,) = found(handed_in)

    lacks = "record" if number == 1 else "transition"
    assert problem.startswith("PER 2025 transitions (withdraw): that of ")
    assert problem.endswith(f" has no {lacks} like it")


def test_status_altered(handed_in):
    alter(handed_in, status="draft")

    assert found(handed_in) == [
        "PER 2025 status: it is 'draft', its transitions end at 'accepted'"
    ]


def test_transition_taken_out(handed_in):
    move = handed_in.transitions.get(action="return")
    after = handed_in.transitions.filter(pk__gt=move.pk).order_by("pk")[0]
    remove(move)

    (problem,) = found(handed_in)

    said = f"PER 2025 transition {after.pk} (submit): it begins at 'returned', but"
    assert problem == f"{said} 'submitted' was reached"


@pytest.mark.parametrize(
    ("action", "column", "value"),
    [
        ("return", "to_status", "accepted"),
        ("return", "action", "reopen"),
        ("return", "action", "erase"),
        ("withdraw", "to_status", "returned"),
        ("open", "to_status", "submitted"),
    ],
)
def test_transition_that_the_table_does_not_know(handed_in, action, column, value):
    move = handed_in.transitions.get(action=action)
    alter(move, **{column: value})
    move.refresh_from_db()

    assert (
        f"PER 2025 transition {move.pk} ({move.action}): it may not lead from "
        f"{move.from_status!r} to {move.to_status!r}"
    ) in found(handed_in)


def test_withdrawal_before_any_submission(response, coordinator):
    move = Transition.objects.create(
        response=response,
        action="withdraw",
        from_status="draft",
        to_status="draft",
        made_by=coordinator,
        made_at=response.opened_at,
    )

    assert found(response)[0] == (
        f"PER 2025 transition {move.pk} (withdraw): it may not lead from 'draft' to "
        "'draft'"
    )


# Files


def test_file_altered(handed_in, media):
    file = EvidenceFile.objects.get()
    (media / file.file.name).write_bytes(pdf("other"))

    (problem,) = found(handed_in)

    said = f"PER 2025 evidence file {file.pk} (GEN-11): the file has not the SHA-256"
    assert problem == f"{said} {file.sha256} stored for it"


def test_file_missing(handed_in, media):
    file = EvidenceFile.objects.get()
    (media / file.file.name).unlink()

    assert found(handed_in) == [
        f"PER 2025 evidence file {file.pk} (GEN-11): the file is missing"
    ]


@pytest.mark.parametrize("name", ["../../etc/passwd", "evidence", ""])
def test_file_that_leads_elsewhere(handed_in, name):
    file = EvidenceFile.objects.get()
    alter(file, file=name)

    assert found(handed_in) == [
        f"PER 2025 evidence file {file.pk} (GEN-11): the file cannot be read"
    ]


# The installation


def test_instrument_altered(nmdc_db):
    with connection.cursor() as cursor:  # the models guard a published version
        cursor.execute(
            "UPDATE questionnaire_question SET text = 'x' WHERE code = 'GEN-01'"
        )

    assert [str(problem) for problem in problems_of_installation()] == [
        f"questionnaire {nmdc_db}: its content is not what was published"
    ]


def test_trigger_taken_out(db):
    name = {"sqlite": "audit_event_no_delete", "postgresql": "audit_event_no_change"}
    of = {"sqlite": "", "postgresql": " ON assessment_auditevent"}[connection.vendor]
    name = name[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{of}")

    assert [str(problem) for problem in problems_of_installation()] == [
        f"audit trail: the database's trigger {name} is missing"
    ]


# The command


def test_command_says_that_all_is_well(handed_in, capsys):
    call_command("verify", "--all")

    assert capsys.readouterr().out == "1 response checked, 0 problems found.\n"


def test_command_names_each_problem_and_fails(handed_in, capsys):
    alter(handed_in, status="draft")

    with pytest.raises(SystemExit) as ended:
        call_command("verify", "--response", "per", "2025")

    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines() == [
        "PER 2025 status: it is 'draft', its transitions end at 'accepted'",
        "1 response checked, 1 problem found.",
    ]


def test_command_speaks_json(handed_in, capsys):
    alter(handed_in, status="draft")

    with pytest.raises(SystemExit):
        call_command("verify", "--format", "json")

    assert json.loads(capsys.readouterr().out) == {
        "responses": 1,
        "problems": [
            {
                "where": "PER 2025 status",
                "what": "it is 'draft', its transitions end at 'accepted'",
            }
        ],
    }


def test_command_knows_no_such_response(handed_in):
    with pytest.raises(CommandError, match="no response of CHL in a round 2025"):
        call_command("verify", "--response", "chl", "2025")


def test_command_checks_the_response_named_only(handed_in, peru, officer, capsys):
    alter(handed_in, status="draft")
    chile = type(peru).objects.get(iso3="CHL")
    open_response(round_=handed_in.round, country=chile, by=officer)

    call_command("verify", "--response", "CHL", "2025")

    assert capsys.readouterr().out == "1 response checked, 0 problems found.\n"
