"""What delegates and coordinators are told by e-mail about parts of a response."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.mails import full_url, mail_after_commit
from assessment.models import Delegation, Kind, Notification, Response, User
from assessment.notice_mails import unsubscribe_url
from assessment.notice_queries import language_for
from assessment.parts import place_of
from assessment.queries import instrument_of, responses_with_instrument
from assessment.services.notices import notify
from assessment.services.telling import path_of

_HUB = "assessment:response_detail"
_LIST = "assessment:delegation_list"
_CODES_SHOWN = 4


def mail_delegated(delegation: Delegation, *, by: User) -> None:
    """Tell the delegate what is asked of them."""
    subject = _("Please answer a part of the questionnaire: %(country)s, %(round)s")
    _tell_delegate(Kind.DELEGATED, delegation, subject, "delegated", by=by, actor=by)


def mail_reminder(delegation: Delegation, *, by: User) -> None:
    """Remind the delegate of a part that is not done; of their own one, too."""
    if delegation.is_overdue:
        subject = _("Overdue: your part of the questionnaire, %(country)s, %(round)s")
    else:
        subject = _("Reminder: your part of the questionnaire, %(country)s, %(round)s")
    _tell_delegate(Kind.DUE_SOON, delegation, subject, "reminder", by=by, actor=None)


def mail_handed_back(
    delegation: Delegation, *, by: User, to: Iterable[User], message: str
) -> None:
    """Tell the coordinators that nobody has a part any more."""
    response = delegation.response
    subject = _("A part was handed back: %(country)s, %(round)s")
    notify(
        Kind.HANDED_BACK,
        to,
        by=by,
        response=response,
        path=path_of(response, _LIST),
        mail=partial(
            _mail_notice, delegation, subject, "handed_back", by=by, words=message
        ),
        place=_codes(delegation),
    )


def mail_overdue(
    response: Response, delegations: Sequence[Delegation], *, to: Iterable[User]
) -> None:
    """Tell the coordinators of a response which parts are overdue."""

    def mail(notice: Notification) -> None:
        with translation.override(language_for(notice.person)):
            worded = _worded(response)
            mail_after_commit(
                to=notice.person.email,
                subject=str(_("Overdue parts: %(country)s, %(round)s"))
                % _names(response),
                template="overdue",
                context={
                    "lines": [(d, places_in_mail(d, worded)) for d in delegations],
                    "list_url": _url(response, _LIST),
                    **_names(response),
                },
                unsubscribe=unsubscribe_url(notice.person, notice.kind),
            )

    path = path_of(response, _LIST)
    number = len(delegations)
    notify(
        Kind.OVERDUE, to, by=None, response=response, path=path, mail=mail, count=number
    )


def _tell_delegate(
    kind: Kind,
    delegation: Delegation,
    subject: Promise | str,
    template: str,
    *,
    by: User,
    actor: User | None,
) -> None:
    """Tell the person; an address that nobody here has yet gets an e-mail in any case."""
    response = delegation.response
    person = delegation.user or _member(delegation)
    if person is None:
        _mail(delegation, delegation.address, subject, template, by=by)
        return
    notify(
        kind,
        [person],
        by=actor,
        response=response,
        path=path_of(response, _HUB),
        mail=partial(_mail_notice, delegation, subject, template, by=by),
        place=_codes(delegation),
        due=delegation.due_on.isoformat(),
    )


def _member(delegation: Delegation) -> User | None:
    """Return who has joined the country with the address of a delegation."""
    return User.objects.filter(
        email=delegation.email.lower(),
        memberships__country=delegation.response.country_id,
        memberships__is_active=True,
    ).first()


def _codes(delegation: Delegation) -> str:
    codes = list(delegation.parts)
    more = " …" if len(codes) > _CODES_SHOWN else ""
    return ", ".join(codes[:_CODES_SHOWN]) + more


def _mail_notice(
    delegation: Delegation,
    subject: Promise | str,
    template: str,
    notice: Notification,
    **context: Any,
) -> None:
    person = notice.person
    with translation.override(language_for(person)):
        way_out = unsubscribe_url(person, notice.kind)
        _mail(delegation, person.email, subject, template, way_out, **context)


def _mail(
    delegation: Delegation,
    address: str,
    subject: Promise | str,
    template: str,
    unsubscribe: str = "",
    **context: Any,
) -> None:
    response = _worded(delegation.response)
    mail_after_commit(
        to=address,
        subject=str(subject) % _names(response),
        template=template,
        context={
            "delegation": delegation,
            "places": places_in_mail(delegation, response),
            "hub_url": _url(response, _HUB),
            "list_url": _url(response, _LIST),
            **_names(response),
            **context,
        },
        unsubscribe=unsubscribe,
    )


def _worded(response: Response) -> Response:
    """Return the response with what its instrument needs in the active language.

    One query: it may have been read in another.
    """
    return responses_with_instrument().get(pk=response.pk)


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
