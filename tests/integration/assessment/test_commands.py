"""contracts.md, section 6: setting up, demonstration, answers from a file."""

from io import StringIO

import pytest
import yaml
from django.core import mail
from django.core.management import CommandError, call_command

from assessment.management.commands.load_demo import ROUNDS
from assessment.models import (
    Acceptance,
    AnswerRevision,
    Country,
    Delegation,
    Institution,
    Invitation,
    Membership,
    MembershipChange,
    Response,
    ReviewedValue,
    Round,
    Submission,
    Team,
    Transition,
    User,
)
from assessment.queries import held_answers
from assessment.services.rounds import close_round
from questionnaire.addresses import Address
from questionnaire.models import (
    ConsistencyRule,
    Publication,
    Question,
    Questionnaire,
    Recommendation,
    Section,
)
from tests.delegating import age, give
from tests.saving import put, submit

COUNTED = [
    Country, User, Membership, Questionnaire, Question, Publication, Round, Response,
    AnswerRevision, Submission, Acceptance, Transition, Invitation, MembershipChange,
]  # fmt: skip


def counts():
    return {model.__name__: model.objects.count() for model in COUNTED}


def run(name, *arguments):
    """Return what a command printed: its output, its errors."""
    out, err = StringIO(), StringIO()
    call_command(name, *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


# bootstrap


def test_bootstrap_of_a_ready_installation_changes_nothing(nmdc_db):
    before = counts()

    out, _err = run("bootstrap")

    assert out == "Database, countries and questionnaire are ready.\n"
    assert counts() == before


def test_bootstrap_loads_countries_and_questionnaire(nmdc_db):
    for model in (
        Publication, Question, Section, Recommendation, ConsistencyRule, Questionnaire, Country,
    ):  # fmt: skip
        model.objects.all()._raw_delete("default")

    run("bootstrap")
    first = counts()
    run("bootstrap")

    assert counts() == first
    assert (first["Country"], first["Questionnaire"], first["Question"]) == (
        248,
        1,
        141,
    )


def test_bootstrap_makes_no_accounts(nmdc_db):
    run("bootstrap")

    assert User.objects.count() == 0


# load_demo


@pytest.fixture
def demo_allowed(settings):
    settings.DEMO_ALLOWED = True


def test_demonstration_is_refused_in_production(nmdc_db, settings):
    settings.DEMO_ALLOWED = False

    with pytest.raises(CommandError) as refused:
        run("load_demo")

    assert str(refused.value) == (
        "Demonstration data is never loaded in production (DEBUG=0)."
    )
    assert User.objects.count() == Round.objects.count() == 0


def test_demonstration_is_loaded_once_and_touches_nothing_that_exists(
    nmdc_db, demo_allowed, fresh
):
    out, _err = run("load_demo")

    assert out == "Round 2022: 6 responses loaded.\nRound 2025: 6 responses loaded.\n"
    statuses = {
        code: dict(
            Response.objects.filter(round__code=code).values_list(
                "country__iso3", "status"
            )
        )
        for code in ("2022", "2025")
    }
    assert statuses == {demo.code: demo.statuses for demo in ROUNDS}
    assert set(Round.objects.values_list("code", "is_illustrative")) == {
        ("2022", True),
        ("2025", True),
    }
    assert [r.is_open for r in Round.objects.order_by("year")] == [False, True]

    assert mail.outbox == []
    assert list(
        Invitation.objects.values_list("country__iso3", "email", "role", "sent_at")
    ) == [("PER", "interior.per@example.org", "contributor", None)]

    reviewed = ReviewedValue.objects.get()
    assert (reviewed.response.country.iso3, reviewed.response.round.code) == (
        "MEX",
        "2022",
    )
    assert (str(reviewed.address), reviewed.replaced, reviewed.value) == (
        "EXC-01",
        "regular",
        "occasional",
    )
    assert reviewed.thread.resolved_at is not None

    before = counts()
    peru = Response.objects.get(round__code="2025", country__iso3="PER")
    assert run("load_demo")[0] == (
        "Round 2022: 0 responses loaded.\nRound 2025: 0 responses loaded.\n"
    )
    assert counts() == before

    coordinator = User.objects.get(email="coordinator.per@example.org")
    put(fresh(peru), coordinator, {"GEN-01": "Changed by hand"})
    run("load_demo")
    assert held_answers(peru)[Address("GEN-01")].value == "Changed by hand"
    expect_delegated_parts_of_peru()
    expect_institutions_that_answers_name()


def expect_delegated_parts_of_peru():
    made = Delegation.objects.order_by("due_on")
    assert [(d.response.country.iso3, d.address, d.parts) for d in made] == [
        (
            "PER",
            "contributor.per@example.org",
            ["SRC-INV[SRC-BOR]", "SRC-INV[SRC-RES]", "SRC-13"],
        ),
        ("PER", "migration.office@example.org", ["EXC"]),
    ]
    assert made[0].user.email == "contributor.per@example.org"
    assert Team.objects.count() == 0
    assert mail.outbox == []


def expect_institutions_that_answers_name():
    by_country = {
        iso3: Institution.objects.filter(country__iso3=iso3).count()
        for iso3 in ("PER", "GEO", "JOR", "THA", "MEX", "PRY")
    }
    assert by_country == {
        "PER": 11, "GEO": 13, "JOR": 15, "THA": 13, "MEX": 15, "PRY": 10,
    }  # fmt: skip
    kinds = dict(
        Institution.objects.filter(country__iso3="PER").values_list("name", "kind")
    )
    assert kinds["Border authority"] == "border"


def test_demonstration_needs_a_questionnaire(db, demo_allowed):
    for model in (
        Publication, Question, Section, Recommendation, ConsistencyRule, Questionnaire,
    ):  # fmt: skip
        model.objects.all()._raw_delete("default")

    with pytest.raises(CommandError) as refused:
        run("load_demo")

    assert str(refused.value) == (
        "There is no questionnaire yet: run `manage.py bootstrap` first."
    )


# load_answers


@pytest.fixture
def file_of(tmp_path):
    def write(answers, iso3="PER", **keys):
        path = tmp_path / "answers.yaml"
        entry = {"iso3": iso3, "answers": answers} | keys
        path.write_text(yaml.safe_dump({"countries": [entry]}, allow_unicode=True))
        return str(path)

    return write


def standing(iso3="PER"):
    response = Response.objects.filter(country__iso3=iso3).first()
    if response is None:
        return None
    held = held_answers(response)
    return {str(a): h.value for a, h in held.items() if str(a) != "GEN-02"}


def refusal(*arguments):
    """Run load_answers, which has to refuse; return its reason and the lines named."""
    err = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("load_answers", *arguments, stdout=StringIO(), stderr=err)
    return str(refused.value), err.getvalue().splitlines()


@pytest.mark.parametrize("iso3", ["PER", "per"])
def test_answers_are_loaded(response, file_of, iso3):
    out, err = run("load_answers", iso3, "2025", file_of({"GEN-01": "Perú"}))

    assert (out, err) == ("Peru: 1 cells saved, 0 lines rejected.\n", "")
    assert standing() == {"GEN-01": "Perú"}


def test_answers_of_a_country_not_in_the_round_open_its_response(round_2025, file_of):
    run("load_answers", "PER", "2025", file_of({"GEN-01": "Peru"}))

    assert standing() == {"GEN-01": "Peru"}
    assert Transition.objects.get().made_by.is_system


def test_rejected_lines_stop_everything_and_are_all_named(round_2025, file_of):
    path = file_of({"GEN-01": "Peru", "GEN-04": "xxx", "XXX-01": 1})

    reason, lines = refusal("PER", "2025", path)

    assert reason == (
        "2 lines rejected, nothing was saved. Correct the file, or save the rest with "
        "--partial."
    )
    assert lines == [
        "  XXX-01: There is no question with this code.",
        "  GEN-04: Choose one of the answers listed.",
    ]
    assert standing() is None


def test_partial_saves_the_rest_and_names_what_it_left(response, file_of):
    path = file_of({"GEN-01": "Peru", "GEN-04": "xxx", "XXX-01": 1})

    out, err = run("load_answers", "PER", "2025", path, "--partial")

    assert out == "Peru: 1 cells saved, 2 lines rejected.\n"
    assert err.splitlines() == [
        "  XXX-01: There is no question with this code.",
        "  GEN-04: Choose one of the answers listed.",
    ]
    assert standing() == {"GEN-01": "Peru"}


def test_other_keys_of_the_file_are_ignored(response, file_of):
    path = file_of({"GEN-01": "Peru"}, name="X", profile={"a": 1}, answers_2={})

    run("load_answers", "PER", "2025", path)

    assert standing() == {"GEN-01": "Peru"}


def test_submitted_response_is_refused(response, coordinator, file_of):
    submit(response, coordinator)

    reason, _ = refusal("PER", "2025", file_of({"GEN-01": "Peru"}))

    assert reason == (
        "This response is submitted. Changes are no longer accepted. Nothing was saved."
    )
    assert standing() == {}


def test_closed_round_is_refused(response, round_2025, officer, file_of):
    close_round(round_=round_2025, by=officer)

    reason, _ = refusal("PER", "2025", file_of({"GEN-01": "Peru"}))

    assert reason == "Round 2025 is not open; nothing was saved."


def test_unknown_country_and_round_are_named(round_2025, file_of):
    assert refusal("XXX", "2025", file_of({}, iso3="XXX"))[0] == (
        "There is no country with the code XXX."
    )
    assert refusal("PER", "1999", file_of({}))[0] == (
        "There is no round 1999. Rounds: 2025."
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"countries: [", "is not a YAML file in UTF-8"),
        (b"\xff\xfe\x00", "is not a YAML file in UTF-8"),
        (b"", "has no list `countries`."),
        (b"countries: {}", "has no list `countries`."),
        (b"- 1", "has no list `countries`."),
        (b"countries: []", "has no entry for PER."),
        (b"countries: [PER, {iso3: CHL}]", "has no entry for PER."),
        (b"countries: !!python/object:os.system []", "is not a YAML file in UTF-8"),
    ],
)
def test_file_that_cannot_be_used_is_refused_with_why(
    round_2025, tmp_path, content, reason
):
    path = tmp_path / "answers.yaml"
    path.write_bytes(content)

    assert reason in refusal("PER", "2025", str(path))[0]


def test_file_that_is_not_there_is_named(round_2025, tmp_path):
    path = tmp_path / "nowhere.yaml"

    assert refusal("PER", "2025", str(path))[0] == (
        f"Cannot read {path}: No such file or directory."
    )
    assert refusal("PER", "2025", str(tmp_path))[0] == (
        f"Cannot read {tmp_path}: Is a directory."
    )


# send_reminders


@pytest.fixture
def due(response, coordinator, contributor):
    return age(give(response, coordinator, contributor, "SRC", "GEN-01"), -1)


def test_reminders_say_what_they_send(due, coordinator, contributor):
    what = f"{contributor.email}: PER 2025, GEN-01 SRC, due {due.due_on.isoformat()}\n"
    summary = (
        f"{coordinator.email}: overdue in PER 2025: {contributor.email} GEN-01 SRC\n"
    )

    trial = run("send_reminders", "--dry-run")[0]
    first = run("send_reminders")[0]
    second = run("send_reminders", "--days", "30")[0]

    assert trial == (
        f"Would send a reminder to {what}Would send to {summary}"
        "Would send 1 reminders, 1 summaries.\n"
    )
    assert first == (
        f"Sent a reminder to {what}Sent to {summary}Sent 1 reminders, 1 summaries.\n"
    )
    assert second == "Sent 0 reminders, 0 summaries.\n"
