"""Who at UNSD is in charge of which country of a round."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.audit import record
from assessment.models import AuditAction, OfficerAssignment, Response, User
from assessment.permissions import UNSD_ROLES, GlobalAction, may_globally, role_of
from assessment.refusals import Refusal, RoleForbids
from assessment.services.telling import tell_assigned


class NotInCharge(Refusal):
    """The person cannot be put in charge; `details` name the countries, if it is these."""

    code = "not_in_charge"


@transaction.atomic
def assign_officer(
    *, responses: Collection[int], officer: User | None, by: User
) -> int:
    """Put an officer, or nobody, in charge of responses; return how many changed.

    `responses` are ids. Raises RoleForbids, and NotInCharge if the officer has no role at
    UNSD or belongs to one of the countries: nobody reviews their own. Five queries.
    """
    if not may_globally(by, GlobalAction.ASSIGN):
        raise RoleForbids
    found = list(
        Response.objects.select_for_update(of=("self",))
        .select_related("country", "round")
        .filter(pk__in=responses)
        .order_by("pk")
    )
    if officer is not None:
        _refuse_unfit(officer, found)
    moved = [r for r in found if r.officer_id != (officer.pk if officer else None)]
    now = timezone.now()
    OfficerAssignment.objects.bulk_create(
        OfficerAssignment(
            response=response,
            from_officer_id=response.officer_id,
            to_officer=officer,
            assigned_at=now,
            assigned_by=by,
        )
        for response in moved
    )
    Response.objects.filter(pk__in=[r.pk for r in moved]).update(officer=officer)
    if moved:
        record(
            AuditAction.ROUND_ASSIGNED,
            by=by,
            round_=moved[0].round,
            subject=officer.email if officer else "",
            countries=", ".join(sorted(r.country.iso3 for r in moved)),
        )
    tell_assigned(officer, moved, by=by)
    return len(moved)


def _refuse_unfit(officer: User, responses: Collection[Response]) -> None:
    if not may_globally(officer, GlobalAction.FOLLOW_ROUNDS):
        raise NotInCharge(_("Only people with a role at UNSD can be put in charge."))
    own = [r for r in responses if role_of(officer, r.country_id) not in UNSD_ROLES]
    if own:
        message = _("%(person)s belongs to the team of a country chosen.")
        raise NotInCharge(
            message % {"person": officer}, [response.country.name for response in own]
        )
