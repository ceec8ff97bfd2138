"""What a notice says, in the language that is active: kinds to sentences."""

from __future__ import annotations

import datetime
from typing import TypedDict

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assessment.models import Kind, Notification


class Params(TypedDict, total=False):
    """All that a notice may carry: names of places and numbers, never what was written."""

    place: str  # an address, or codes of parts
    due: str  # a day as ISO 8601
    count: int
    round: str


# %(by)s is who acted; country, round and the rest are in their own language.
SENTENCES: dict[str, Promise | str] = {
    Kind.INVITED: _(
        "%(by)s invites you to the team of %(country)s. The link is in an e-mail to you."
    ),
    Kind.DELEGATED: _(
        "%(by)s asks you to answer %(place)s by %(due)s: %(country)s, %(round)s"
    ),
    Kind.OVERDUE: _("Parts are overdue (%(count)s): %(country)s, %(round)s"),
    Kind.HANDED_BACK: _("%(by)s handed back %(place)s: %(country)s, %(round)s"),
    Kind.RETURNED: _(
        "%(by)s returned the response for correction: %(country)s, %(round)s"
    ),
    Kind.ACCEPTED: _("%(by)s accepted the response: %(country)s, %(round)s"),
    Kind.REOPENED: _("%(by)s reopened the accepted response: %(country)s, %(round)s"),
    Kind.COMMENTED: _("%(by)s commented on %(place)s: %(country)s, %(round)s"),
    Kind.REPLIED: _("%(by)s replied to a comment on %(place)s: %(country)s, %(round)s"),
    Kind.SUBMITTED: _("%(by)s submitted the response: %(country)s, %(round)s"),
    Kind.WITHDRAWN: _("%(by)s withdrew the submission: %(country)s, %(round)s"),
    Kind.PLAN_ADOPTED: _(
        "%(by)s adopted edition %(count)s of the action plan: %(country)s, %(round)s"
    ),
}
_DUE_PART = _("%(place)s is due by %(due)s: %(country)s, %(round)s")
_DUE_WHOLE = _("The whole response is due by %(due)s: %(country)s, %(round)s")
_IN_CHARGE = _("%(by)s put you in charge of %(country)s, %(round)s")


def sentence(notice: Notification) -> str:
    """Return what happened as one sentence of plain text. No query.

    The notice comes from `notice_queries`, with response, round, country and person.
    """
    params = notice.params
    due = params.get("due", "")
    names = {
        "by": str(notice.by) if notice.by else "",
        "country": notice.country.name if notice.country else "",
        "round": notice.response.round.title
        if notice.response
        else params.get("round", ""),
        "place": params.get("place", ""),
        "due": date_format(datetime.date.fromisoformat(due)) if due else "",
        "count": params.get("count", 0),
    }
    return str(_template(notice)) % names


def _template(notice: Notification) -> Promise | str:
    if notice.kind == Kind.DUE_SOON:
        return _DUE_PART if notice.params.get("place") else _DUE_WHOLE
    if notice.kind == Kind.ASSIGNED:
        if notice.country:
            return _IN_CHARGE
        return ngettext(
            "%(by)s put you in charge of %(count)s country: %(round)s",
            "%(by)s put you in charge of %(count)s countries: %(round)s",
            notice.params.get("count", 0),
        )
    return SENTENCES[notice.kind]
