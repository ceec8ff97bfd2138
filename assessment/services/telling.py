"""Who is told when something happens to a response: called by the services that do it.

Internal notes are not among what happens: they tell nobody anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from assessment.models import (
    Channel,
    Comment,
    CommentThread,
    Delegation,
    Invitation,
    Kind,
    PlanEdition,
    Response,
    Side,
    User,
)
from assessment.notice_words import Params
from assessment.permissions import Action, Role
from assessment.queries import coordinators_of
from assessment.services.notices import notify

_OF_COUNTRY = {
    Action.RETURN: (Kind.RETURNED, "assessment:response_detail"),
    Action.REOPEN: (Kind.REOPENED, "assessment:response_detail"),
    Action.ACCEPT: (Kind.ACCEPTED, "reports:report_detail"),
}


def tell_moved(response: Response, action: Action, *, by: User) -> None:
    """Tell the other side of a transition that has just been made."""
    if action is Action.SUBMIT:
        _tell_unsd(
            Kind.SUBMITTED, response, path_of(response, "reports:review_detail"), by
        )
    elif action is Action.WITHDRAW:
        path = reverse("assessment:round_detail", args=[response.round.code])
        _tell_unsd(Kind.WITHDRAWN, response, path, by)
    elif action in _OF_COUNTRY:
        kind, view = _OF_COUNTRY[action]
        people = [*coordinators_of(response), *_delegates(response)]
        notify(kind, people, by=by, response=response, path=path_of(response, view))


def tell_said(thread: CommentThread, *, by: User) -> None:
    """Tell those who take part in a thread of what was just said in it."""
    response = thread.response
    standing = Comment.objects.filter(thread=thread, withdrawn_at__isnull=True)
    sides = dict(standing.values_list("written_by", "side"))
    is_first = Comment.objects.filter(thread=thread).count() == 1
    kind = Kind.COMMENTED if is_first else Kind.REPLIED
    people = [
        *coordinators_of(response),
        *_in_charge(response),
        *User.objects.filter(pk__in=sides),
    ]
    asked = urlencode({"at": thread.question or thread.section})
    path = f"{path_of(response, 'assessment:comment_list')}?{asked}#thread-{thread.pk}"
    notify(kind, people, by=by, response=response, path=path, place=thread.place)
    is_of_country = sides.get(by.pk) == Side.COUNTRY
    if is_of_country and Side.UNSD not in sides.values() and not _in_charge(response):
        notify(
            kind,
            _commenters(response) or _officers(),
            by=by,
            response=response,
            path=path,
            at_most=Channel.DAILY,
            place=thread.place,
        )


def tell_plan_adopted(edition: PlanEdition, *, by: User) -> None:
    """Tell the other coordinators, and UNSD as it is told of a submission."""
    response, kind = edition.response, Kind.PLAN_ADOPTED
    path = f"{path_of(response, 'reports:plan_detail')}?edition={edition.number}"
    coordinators = coordinators_of(response)
    notify(
        kind, coordinators, by=by, response=response, path=path, count=edition.number
    )
    _tell_unsd(kind, response, path, by, count=edition.number)


def tell_invited(invitation: Invitation, *, by: User) -> None:
    """Tell who has an account already; the e-mail with the link is sent to everybody."""
    people = User.objects.filter(email=invitation.email.lower())
    notify(Kind.INVITED, people, by=by, country=invitation.country, path="")


def tell_assigned(
    officer: User | None, responses: Sequence[Response], *, by: User
) -> None:
    """Tell an officer, once, which countries are now theirs."""
    if officer is None or not responses:
        return
    first = responses[0]
    path = reverse("assessment:round_detail", args=[first.round.code])
    if len(responses) == 1:
        notify(Kind.ASSIGNED, [officer], by=by, response=first, path=path)
    else:
        notify(
            Kind.ASSIGNED,
            [officer],
            by=by,
            path=path,
            count=len(responses),
            round=first.round.title,
        )


def path_of(response: Response, view: str) -> str:
    """Return the address of a page of a response."""
    return reverse(view, args=[response.country.iso3, response.round.code])


def _tell_unsd(
    kind: Kind, response: Response, path: str, by: User, **params: Unpack[Params]
) -> None:
    """Tell who is in charge; where nobody is, all officers, with the day's others."""
    officers = _in_charge(response)
    at_most = Channel.IMMEDIATE if officers else Channel.DAILY
    notify(
        kind,
        officers or _officers(),
        by=by,
        response=response,
        path=path,
        at_most=at_most,
        **params,
    )


def _in_charge(response: Response) -> list[User]:
    """Return the officer in charge as it stands now, or nobody. One query."""
    now = Response.objects.filter(pk=response.pk).values("officer")
    return list(
        User.objects.filter(pk__in=now, is_active=True).exclude(
            unsd_role=User.UnsdRole.NONE
        )
    )


def _officers() -> list[User]:
    """Return all officers, or where there is none the administrators."""
    people = User.objects.filter(is_active=True)
    return list(people.filter(unsd_role=Role.OFFICER)) or list(
        people.filter(unsd_role=Role.ADMINISTRATOR)
    )


def _commenters(response: Response) -> list[User]:
    """Return who at UNSD has commented on a response."""
    said = Comment.objects.filter(
        thread__response=response, side=Side.UNSD, withdrawn_at__isnull=True
    )
    return list(User.objects.filter(pk__in=said.values("written_by"), is_active=True))


def _delegates(response: Response) -> list[User]:
    """Return who has a part of a response now. One query."""
    running = Delegation.objects.filter(response=response, ended_at__isnull=True)
    return list(
        User.objects.filter(
            Q(pk__in=running.filter(user__isnull=False).values("user"))
            | Q(email__in=running.exclude(email="").values("email"))
        )
    )
