"""What delegates and coordinators are told by e-mail about parts of a response."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from assessment.mails import full_url, mail_after_commit
from assessment.models import Delegation, Response, User
from assessment.parts import place_of
from assessment.queries import instrument_of


def mail_delegated(delegation: Delegation, *, by: User) -> None:
    """Tell the delegate what is asked of them."""
    subject = _("Please answer a part of the questionnaire: %(country)s, %(round)s")
    _mail(delegation, [delegation.address], subject, "delegated", by=by)


def mail_reminder(delegation: Delegation, *, by: User) -> None:
    """Remind the delegate of a part that is not done."""
    if delegation.is_overdue:
        subject = _("Overdue: your part of the questionnaire, %(country)s, %(round)s")
    else:
        subject = _("Reminder: your part of the questionnaire, %(country)s, %(round)s")
    _mail(delegation, [delegation.address], subject, "reminder", by=by)


def mail_handed_back(
    delegation: Delegation, *, by: User, to: Iterable[User], message: str
) -> None:
    """Tell the coordinators that nobody has a part any more."""
    subject = _("A part was handed back: %(country)s, %(round)s")
    addresses = [person.email for person in to]
    _mail(delegation, addresses, subject, "handed_back", by=by, words=message)


def mail_overdue(
    response: Response, delegations: Sequence[Delegation], *, to: Iterable[User]
) -> None:
    """Tell the coordinators of a response which parts are overdue."""
    lines = [(d, places_in_mail(d, response)) for d in delegations]
    for person in to:
        mail_after_commit(
            to=person.email,
            subject=_("Overdue parts: %(country)s, %(round)s") % _names(response),
            template="overdue",
            context={
                "lines": lines,
                "list_url": _url(response, "assessment:delegation_list"),
                **_names(response),
            },
        )


def _mail(
    delegation: Delegation,
    addresses: Iterable[str],
    subject: str,
    template: str,
    **context: Any,
) -> None:
    response = delegation.response
    for address in addresses:
        mail_after_commit(
            to=address,
            subject=subject % _names(response),
            template=template,
            context={
                "delegation": delegation,
                "places": places_in_mail(delegation, response),
                "hub_url": _url(response, "assessment:response_detail"),
                "list_url": _url(response, "assessment:delegation_list"),
                **_names(response),
                **context,
            },
        )


def places_in_mail(delegation: Delegation, response: Response) -> list[tuple[str, str]]:
    """Return name and full address of each part."""
    instrument = instrument_of(response)
    found = []
    for part in delegation.parts:
        place = place_of(instrument, part)
        section = place.section.code.lower()
        url = _url(response, "assessment:section_detail", section)
        anchor = f"#{quote(place.anchor, safe='')}" if place.anchor else ""
        found.append((place.name, url + anchor))
    return found


def _names(response: Response) -> dict[str, str]:
    return {"country": response.country.name, "round": response.round.title}


def _url(response: Response, view: str, *arguments: str) -> str:
    return full_url(view, response.country.iso3, response.round.code, *arguments)
