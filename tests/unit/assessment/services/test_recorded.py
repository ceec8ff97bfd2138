"""Every service records what it did, once, or is exempt for a reason."""

import ast
import datetime
import importlib
import inspect
import pkgutil

import pytest
from django.utils import timezone

from assessment import services
from assessment.institution_particulars import Particulars
from assessment.models import Comment, Country, Invitation, Team
from assessment.refusals import RoleForbids
from assessment.services import comments as said
from assessment.services import delegations as parts
from assessment.services import dissent, teams
from assessment.services import institutions as producers
from assessment.services import invitations as offers
from assessment.services.assignments import assign_officer
from assessment.services.clearance import withdraw_clearance
from assessment.services.country_reminders import remind_countries
from assessment.services.evidence import add_file, withdraw_file
from assessment.services.imports import ImportRejected, import_answers
from assessment.services.reviewed import set_reviewed_value, withdraw_reviewed_value
from assessment.services.rounds import close_round, open_response, open_round
from assessment.services.transitions import (
    accept_response,
    reopen_response,
    return_response,
    submit_response,
    withdraw_response,
)
from questionnaire.addresses import Address
from questionnaire.models import Publication
from tests.auditing import Trail, gen
from tests.clearing import ask_to_clear, clear, concur
from tests.delegating import give
from tests.factories import MemberFactory, RoundFactory
from tests.files import pdf, upload
from tests.saving import put, state_of, submit
from tests.teams import EMAIL, last_token, offer

# Services that change nothing, or whose every change is on record otherwise.
EXEMPT = {
    "answers.as_utc": "reads",
    "answers.judged": "reads",
    "answers.lock_open": "reads",
    "answers.refuse_closed": "reads",
    "answers.save_changes": "each AnswerRevision is its own record",
    "clearance.clearance_to_freeze": "reads",
    "comments.lock_for": "reads",
    "country_reminders.default_subject": "reads",
    "country_reminders.default_text": "reads",
    "country_reminders.reason_against": "reads",
    "country_reminders.worded": "reads",
    "country_reminders.words_of": "reads",
    "delegations.closed": "reads",
    "figures.keep_figures": "keeps what can be computed again",
    "digest.send_digest": "sends, and changes no state, right or answer",
    "evidence.refuse_evidence": "reads",
    "evidence.too_large": "reads",
    "invitation_mail.send_invitation": "sends what inviting recorded",
    "notices.choose_channels": "one's own choice of e-mails",
    "notices.notify": "tells of what was recorded",
    "notices.read_all_notices": "one's own reading",
    "notices.read_notice": "one's own reading",
    "notices.unsubscribe": "one's own choice of e-mails",
    "plan_editions.digest_of_plan": "reads",
    "plan_editions.edition_record": "reads",
    "plan_owners.rename_owners": "save_action records each",
    "plans.lock_plan": "reads",
    "plans.new_action": "its callers record",
    "plans.next_places": "reads",
    "prefill.carry_over": "each AnswerRevision is its own record",
    "presence.end_presence": "where somebody is, true for half a minute",
    "presence.record_presence": "where somebody is, true for half a minute",
    "progress.keep_progress": "a figure that can be computed anew",
    "reminders.send_reminders": "sends, and changes no state, right or answer",
    "reminders.warn_of_deadline": "sends, and changes no state, right or answer",
    "restoring.restore_revision": "an AnswerRevision is its own record",
    "rounds.system_user": "an account that nobody can use",
    "teams.lock_as_manager": "reads",
    "teams.lock_team": "reads",
    "telling.path_of": "reads",
    "telling.tell_assigned": "tells of what was recorded",
    "telling.tell_invited": "tells of what was recorded",
    "telling.tell_moved": "tells of what was recorded",
    "telling.tell_plan_adopted": "tells of what was recorded",
    "telling.tell_said": "tells of what was recorded",
}


def functions_of(module):
    """Return the functions of a module by name, each with the names it calls."""
    tree = ast.parse(inspect.getsource(module))
    return {
        node.name: {
            found.id
            for call in ast.walk(node)
            if isinstance(call, ast.Call)
            for found in ast.walk(call.func)
            if isinstance(found, ast.Name)
        }
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


def recording():
    """Return the public services, by whether they reach `record` within their module.

    `record_change` of the team is another way there.
    """
    reached = {}
    for info in pkgutil.iter_modules(services.__path__):
        calls = functions_of(
            importlib.import_module(f"{services.__name__}.{info.name}")
        )
        names = {"record", "record_change"}
        before = set()
        while before != names:
            before = set(names)
            names |= {name for name, called in calls.items() if called & names}
        for name in calls:
            if not name.startswith("_"):
                reached[f"{info.name}.{name}"] = name in names
    return reached


def test_every_service_records_or_is_exempt():
    silent = {name for name, records in recording().items() if not records}

    assert silent == set(EXEMPT)


# What each records, of two clicks one


def twice(function, *arguments, **named):
    function(*arguments, **named)
    return function(*arguments, **named)


def opened(response, by, text="Please check."):
    return said.open_thread(
        response=response,
        place=gen(response),
        kind="correction",
        must_settle=False,
        text=text,
        by=by,
    )


@pytest.fixture
def submitted(response, coordinator):
    submit(response, coordinator)
    return response


def test_way_of_a_response_is_recorded(response, coordinator, officer):
    trail = Trail()
    missing = len(state_of(response).missing())

    twice(submit_response, response=response, by=coordinator, missing_confirmed=missing)
    twice(withdraw_response, response=response, by=coordinator)
    submit_response(response=response, by=coordinator, missing_confirmed=missing)
    twice(return_response, response=response, by=officer, message="Secret")
    submit_response(response=response, by=coordinator, missing_confirmed=missing)
    twice(accept_response, response=response, by=officer)
    twice(reopen_response, response=response, by=officer, message="Secret")

    who, unsd = coordinator.name, officer.name
    steps = [
        (who, "submit", "draft", "submitted"),
        (who, "withdraw", "submitted", "draft"),
        (who, "submit", "draft", "submitted"),
        (unsd, "return", "submitted", "returned"),
        (who, "submit", "returned", "submitted"),
        (unsd, "accept", "submitted", "accepted"),
        (unsd, "reopen", "accepted", "returned"),
    ]
    assert trail.said == [
        (by, f"response.{action}", "", {"from_status": before, "to_status": after})
        for by, action, before, after in steps
    ]
    assert {event.response for event in trail.events} == {response}


def test_refused_action_is_not_recorded(response, contributor):
    trail = Trail()

    with pytest.raises(RoleForbids):
        submit_response(response=response, by=contributor, missing_confirmed=0)

    assert trail.actions == []


def test_rounds_and_responses_opened_are_recorded(nmdc_db, peru, officer):
    Publication.objects.filter(questionnaire=nmdc_db).delete()
    round_ = RoundFactory(code="2031", year=2031, questionnaire=nmdc_db)
    trail = Trail()

    twice(open_round, round_=round_, countries=[peru], by=officer)
    twice(close_round, round_=round_, by=officer)
    open_round(round_=round_, countries=[], by=officer)
    open_response(round_=round_, country=peru, by=officer)

    assert trail.said == [
        (officer.name, "version.published", str(nmdc_db), {}),
        (officer.name, "round.opened", "2031", {}),
        (officer.name, "response.open", "", {}),
        (officer.name, "round.closed", "2031", {}),
        (officer.name, "round.opened", "2031", {}),
    ]
    assert {event.round for event in trail.events} == {round_}


def test_comments_and_notes_are_recorded_without_their_text(submitted, officer):
    trail = Trail()

    thread = twice(opened, submitted, officer, "Secret")
    reply = twice(said.reply, thread=thread, text="Secret reply", by=officer)
    twice(said.resolve_thread, thread=thread, by=officer, text="Secret end")
    twice(said.unresolve_thread, thread=thread, text="Secret again", by=officer)
    twice(said.withdraw_comment, comment=reply, by=officer)
    twice(said.resolve_thread, thread=thread, by=officer)
    note = twice(
        said.write_note,
        response=submitted,
        place=gen(submitted),
        text="Secret note",
        by=officer,
    )
    twice(said.withdraw_note, note=note, by=officer)

    about = {"number": thread.pk}
    assert [
        (action, subject, detail) for _by, action, subject, detail in trail.said
    ] == [
        ("comment.opened", "GEN", about | {"kind": "correction"}),
        ("comment.replied", "GEN", about),
        ("comment.resolved", "GEN", about),
        ("comment.unresolved", "GEN", about),
        ("comment.withdrawn", "GEN", about | {"comment": reply.pk}),
        ("comment.resolved", "GEN", about),
        ("comment.note", "GEN", {"number": note.pk}),
        ("comment.note_withdrawn", "GEN", {"number": note.pk}),
    ]
    assert "Secret" not in str([event.__dict__ for event in trail.events])
    assert Comment.objects.filter(text__contains="Secret").count() == 4


def test_delegations_are_recorded(response, coordinator, contributor):
    trail = Trail()

    twice(
        parts.set_team_mode, response=response, mode=Team.Mode.DELEGATED, by=coordinator
    )
    part = twice(give, response, coordinator, contributor, "GEN", message="Secret")
    twice(parts.finish_delegation, delegation=part, by=contributor)
    twice(parts.reopen_delegation, delegation=part, by=contributor)
    twice(parts.nudge_delegate, delegation=part, by=coordinator)
    twice(parts.hand_back_delegation, delegation=part, by=contributor, message="Secret")
    other = give(response, coordinator, "new@example.org", "POL")
    twice(parts.withdraw_delegation, delegation=other, by=coordinator)

    due = (parts.today() + datetime.timedelta(days=7)).isoformat()
    one = {"parts": ["GEN"], "number": part.pk}
    two = {"parts": ["POL"], "number": other.pk}
    assert trail.said == [
        (coordinator.name, "delegation.mode", "delegated", {}),
        (coordinator.name, "delegation.made", contributor.email, one | {"due_on": due}),
        (contributor.name, "delegation.done", contributor.email, one),
        (contributor.name, "delegation.reopened", contributor.email, one),
        (coordinator.name, "delegation.reminded", contributor.email, one),
        (contributor.name, "delegation.handed_back", contributor.email, one),
        (coordinator.name, "delegation.made", "new@example.org", two | {"due_on": due}),
        (coordinator.name, "delegation.withdrawn", "new@example.org", two),
    ]


def test_differing_views_are_recorded_without_their_words(
    response, coordinator, contributor
):
    put(response, coordinator, {"GEN-03": "INEI"})
    trail = Trail()
    words = {"address": Address("GEN-03"), "institution": "Secret", "by": contributor}

    first = twice(
        dissent.record_view, response=response, value="Secret", text="", **words
    )
    second = dissent.record_view(response=response, value="Secret 2", text="", **words)
    twice(dissent.adopt_view, response=response, view=second, base=1, by=coordinator)
    twice(dissent.print_views, response=response, is_printed=True, by=coordinator)
    twice(dissent.withdraw_view, response=response, view=second, by=contributor)

    assert trail.said == [
        (contributor.name, "view.recorded", "GEN-03", {"number": first.pk}),
        (contributor.name, "view.withdrawn", "GEN-03", {"number": first.pk}),
        (contributor.name, "view.recorded", "GEN-03", {"number": second.pk}),
        (coordinator.name, "view.adopted", "GEN-03", {"number": second.pk}),
        (coordinator.name, "view.printed", "", {"on": True}),
        (contributor.name, "view.withdrawn", "GEN-03", {"number": second.pk}),
    ]


def test_clearances_are_recorded_without_their_words(response, coordinator):
    asked = ask_to_clear(response)
    trail = Trail()

    concurred = twice(concur, asked, coordinator, "POL")
    cleared = twice(clear, asked, coordinator)
    words = {"response": asked, "clearance": cleared, "by": coordinator}
    twice(withdraw_clearance, **words)

    name = coordinator.name
    parts = {"parts": ["POL"], "number": concurred.pk}
    assert trail.said == [
        (name, "clearance.concurred", "", parts),
        (name, "clearance.cleared", "", {"number": cleared.pk}),
        (name, "clearance.withdrawn", "", {"number": cleared.pk}),
    ]


def test_evidence_files_are_recorded_without_their_names(response, coordinator, media):
    trail = Trail()

    file = twice(
        add_file,
        response=response,
        question="GEN-11",
        upload=upload("secret.pdf", pdf()),
        by=coordinator,
        title="Secret",
    )
    twice(withdraw_file, response=response, pk=file.pk, by=coordinator)

    detail = {"number": file.pk, "sha256": file.sha256, "bytes": file.size}
    assert trail.said == [
        (coordinator.name, "evidence.added", "GEN-11.@evidence", detail),
        (coordinator.name, "evidence.withdrawn", "GEN-11.@evidence", detail),
    ]


def test_institutions_are_recorded(response, coordinator):
    put(response, coordinator, {"GEN-03": "INEI", "SRC-INV[SRC-CEN].holder": "Office"})
    trail = Trail()

    inei, office = producers.institutions_from_answers(
        response=response, by=coordinator
    )
    producers.institutions_from_answers(response=response, by=coordinator)
    added = producers.add_institution(
        response=response, particulars=Particulars("RENIEC"), by=coordinator
    )
    twice(
        producers.edit_institution,
        response=response,
        institution=inei,
        particulars=Particulars("Instituto", kind="statistics", aliases=("INEI",)),
        by=coordinator,
    )
    producers.merge_institutions(
        response=response, source=office, into=added, by=coordinator
    )

    assert [said[1:] for said in trail.said] == [
        ("institution.added", "INEI", {}),
        ("institution.added", "Office", {}),
        ("institution.added", "RENIEC", {}),
        (
            "institution.changed",
            "Instituto",
            {"before": "INEI", "fields": ["name", "kind", "aliases"], "answers": 1},
        ),
        ("institution.merged", "Office", {"into": "RENIEC", "answers": 1}),
    ]
    assert {event.country for event in trail.events} == {response.country}


def test_changes_of_a_team_are_recorded(
    peru, coordinator, contributor, django_capture_on_commit_callbacks
):
    trail = Trail()
    member = contributor.memberships.get()
    heir = MemberFactory(country=peru, role="contributor").memberships.get()

    invitation = offer(peru, coordinator)
    twice(teams.change_role, membership=member, role="observer", by=coordinator)
    twice(teams.deactivate_member, membership=member, by=coordinator)
    twice(teams.reactivate_member, membership=member, by=coordinator)
    Invitation.objects.update(sent_at=None)
    with django_capture_on_commit_callbacks(execute=True):
        offers.resend_invitation(
            invitation=invitation, by=coordinator, site="https://example.org"
        )
    luz = offers.register_invited(token=last_token(), name="Luz", password="x")
    other = offer(peru, coordinator, email="other@example.org")
    twice(offers.revoke_invitation, invitation=other, by=coordinator)
    teams.hand_over(country=peru, to=heir, by=coordinator)

    who, them = coordinator.name, contributor.email
    to = {"to_role": "contributor"}
    assert trail.said == [
        (who, "team.invited", EMAIL, to),
        (who, "team.role", them, {"from_role": "contributor", "to_role": "observer"}),
        (who, "team.deactivated", them, {"from_role": "observer"}),
        (who, "team.reactivated", them, {"to_role": "observer"}),
        (who, "team.resent", EMAIL, to),
        ("Luz", "team.accepted", luz.email, to),
        (who, "team.invited", "other@example.org", to),
        (who, "team.revoked", "other@example.org", {"from_role": "contributor"}),
        (
            who,
            "team.handed_over",
            heir.user.email,
            {"from_role": "contributor", "to_role": "coordinator"},
        ),
    ]
    assert {event.country for event in trail.events} == {peru}


def test_what_officers_do_with_countries_is_recorded(
    response, coordinator, officer, submitted
):
    trail = Trail()
    cell = Address("GEN-03")
    values = {
        "address": cell,
        "value": "INEI",
        "reason": "Its new name.",
        "by": officer,
    }

    reviewed = twice(set_reviewed_value, response=submitted, **values)
    twice(withdraw_reviewed_value, response=submitted, reviewed=reviewed, by=officer)
    twice(assign_officer, responses=[submitted.pk], officer=officer, by=officer)
    return_response(response=submitted, by=officer, message="Please check.")
    remind_countries(responses=[submitted], subject="s", text="t", by=officer)

    who = officer.name
    said = [one for one in trail.said if one[1].split(".")[0] in ("reviewed", "round")]
    assert said == [
        (who, "reviewed.set", "GEN-03", {"submission": 1}),
        (who, "reviewed.withdrawn", "GEN-03", {"submission": 1}),
        (who, "round.assigned", officer.email, {"countries": "PER"}),
        (who, "round.reminded", "", {"number": 1}),
    ]


def test_import_is_recorded_once_with_its_counts(response):
    trail = Trail()
    entry = {"answers": {"GEN-01": "Peru", "GEN-03": "INEI", "NO-01": "x"}}

    with pytest.raises(ImportRejected):
        import_answers(response=response, entry=entry)
    import_answers(response=response, entry=entry, is_partial=True)

    assert trail.said == [("import", "round.imported", "", {"saved": 2, "rejected": 1})]


def test_moments_are_those_of_the_change(response, coordinator, officer):
    before = timezone.now()
    trail = Trail()

    chile = Country.objects.get(iso3="CHL")
    open_response(round_=response.round, country=chile, by=officer)

    (event,) = trail.events
    assert before <= event.at <= timezone.now()
