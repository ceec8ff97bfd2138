"""Reminders that officers send to the coordinators of countries whose response is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessment.audit import record
from assessment.mails import full_url, mail_after_commit
from assessment.models import AuditAction, CountryReminder, Response, User
from assessment.permissions import GlobalAction, may_globally
from assessment.queries import coordinators_of
from assessment.refusals import RoleForbids

# One reminder a country within this time, unless more is expressly wanted.
REST = timedelta(days=1)


def default_subject() -> str:
    return _("Reminder: {country}, {round}")


def default_text() -> str:
    """Return what is proposed; words in braces stand for those of each country."""
    return _(
        "Dear colleagues,\n\nthe response of {country} to “{round}” is still open. "
        "The deadline is {deadline}.\n\nYou find it here:\n{link}\n\n"
        "Please write to us if anything holds you up.\n\n"
        "United Nations Statistics Division"
    )


def words_of(response: Response) -> dict[str, str]:
    """Return what stands for the words in braces, in the active language."""
    country, round_ = response.country, response.round
    return {
        "country": country.name,
        "round": round_.title,
        "deadline": date_format(round_.closes_on),
        "link": full_url("assessment:response_detail", country.iso3, round_.code),
    }


def worded(text: str, words: Mapping[str, str]) -> str:
    """Return `text` with the words of a country; other braces stay as they are."""
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    return text


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent to a country, or why nothing was: a reason is not empty then."""

    response: Response
    people: tuple[User, ...] = ()
    reason: str = ""


def remind_countries(
    *,
    responses: Iterable[Response],
    subject: str,
    text: str,
    by: User,
    is_again: bool = False,
) -> list[Sent]:
    """Write to the coordinators of each country; return what became of each.

    Left out are responses that cannot be edited, countries without a coordinator and,
    but for `is_again`, those reminded within a day. Each country is a transaction of its
    own, so that a double click sends once. Raises RoleForbids.
    """
    if not may_globally(by, GlobalAction.ASSIGN):
        raise RoleForbids
    return [
        _remind(response.pk, subject, text, by, is_again=is_again)
        for response in responses
    ]


@transaction.atomic
def _remind(pk: int, subject: str, text: str, by: User, *, is_again: bool) -> Sent:
    response = (
        Response.objects.select_for_update(of=("self",))
        .select_related("country", "round")
        .get(pk=pk)
    )
    people = coordinators_of(response)
    since = timezone.now() - REST
    is_recent = response.country_reminders.filter(sent_at__gt=since).exists()
    reason = reason_against(response, people, is_recent=is_recent and not is_again)
    if reason:
        return Sent(response, reason=reason)
    words = words_of(response)
    reminder = CountryReminder.objects.create(
        response=response,
        subject=" ".join(worded(subject, words).split())[:300],
        text=worded(text, words),
        sent_to=[person.email for person in people],
        sent_at=timezone.now(),
        sent_by=by,
    )
    record(AuditAction.ROUND_REMINDED, by=by, response=response, number=len(people))
    for person in people:
        mail_after_commit(
            to=person.email,
            subject=reminder.subject,
            template="country_reminder",
            context={"text": reminder.text},
        )
    return Sent(response, tuple(people))


def reason_against(
    response: Response, people: Sequence[User], *, is_recent: bool
) -> str:
    """Return why a country is not written to, or nothing."""
    if not response.is_editable:
        return _("The response was handed in.")
    if not response.round.is_open:
        return _("The round is closed.")
    if not people:
        return _("The country has no coordinator.")
    if is_recent:
        return _("Reminded within the last day.")
    return ""
