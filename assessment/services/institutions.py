"""Institutions: adding, changing, merging; answers that can change follow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.audit import record
from assessment.institution_particulars import (
    Particulars,
    absorbed,
    as_is,
    cleaned,
    differences,
    kept_names,
    renamed,
)
from assessment.institution_queries import (
    Directory,
    directory_of,
    name_key,
    new_names,
    open_responses_of,
    places_in,
    usage_in,
)
from assessment.models import (
    AuditAction,
    Country,
    Institution,
    InstitutionChange,
    Response,
    User,
    Via,
)
from assessment.models.institutions import NAME_MAX
from assessment.permissions import Action, may, may_ever
from assessment.queries import held_answers, instrument_of
from assessment.refusals import Refusal, ResponseClosed, RoleForbids
from assessment.services.answers import Change, Saved, lock_open, save_changes
from assessment.services.plan_owners import rename_owners

What = InstitutionChange.What


class NameTaken(Refusal):
    """A name already means another institution of the country."""

    code = "name_taken"

    def __init__(self, name: str, institution: Institution) -> None:
        message = _("“%(name)s” is already listed: it is a name of %(institution)s.")
        super().__init__(message % {"name": name, "institution": institution.name})
        self.institution = institution


class NotMergeable(Refusal):
    code = "not_mergeable"


@transaction.atomic
def add_institution(
    *, response: Response, particulars: Particulars, by: User
) -> Institution:
    """List an institution of the response's country. Raises NameTaken.

    Whoever may answer may add.
    """
    _require(by, response, Action.EDIT, Action.MANAGE_INSTITUTIONS)
    directory = _locked_directory(response.country_id)
    return _add(response.country_id, particulars, directory, by, timezone.now())


@transaction.atomic
def institutions_from_answers(
    *, response: Response, by: User, names: Collection[str] | None = None
) -> list[Institution]:
    """List every institution that the live answers name, or those of `names`.

    Names that are listed already, or too long to be one, are passed over. Idempotent.
    """
    _require(by, response, Action.EDIT, Action.MANAGE_INSTITUTIONS)
    directory = _locked_directory(response.country_id)
    usage = usage_in(instrument_of(response), held_answers(response), directory)
    keys = None if names is None else set(map(name_key, names))
    now = timezone.now()
    return [
        _add(response.country_id, Particulars(named.name), directory, by, now)
        for named in usage.unlisted
        if len(named.name) <= NAME_MAX
        and (keys is None or name_key(named.name) in keys)
    ]


@transaction.atomic
def edit_institution(
    *, response: Response, institution: Institution, particulars: Particulars, by: User
) -> int:
    """Change an institution; return how many answers follow its new name.

    The old name stays as another name. Answers follow in open responses only: what was
    submitted keeps what was said. Raises NameTaken, NotMergeable for a circle of parents.
    """
    _require(by, response, Action.MANAGE_INSTITUTIONS)
    directory = _locked_directory(institution.country_id)
    institution = _fresh(directory, institution)
    _refuse_circle(institution, particulars.parent)
    before = as_is(institution)
    wanted = kept_names(before, particulars)
    _refuse_taken(wanted, directory, institution)
    rewritten = _rewrite(institution.country_id, renamed(before, wanted), by)
    _write(institution, before, wanted, by=by, answers=rewritten)
    changed = [what.value for what, *_values in differences(before, wanted)]
    if changed:
        record(
            AuditAction.INSTITUTION_CHANGED,
            by=by,
            country_id=institution.country_id,
            subject=institution.name,
            before=before.name if before.name != institution.name else "",
            fields=changed,
            answers=rewritten or None,
        )
    return rewritten


@transaction.atomic
def merge_institutions(
    *, response: Response, source: Institution, into: Institution, by: User
) -> int:
    """Merge `source` into another; return how many answers now give the other's name.

    The names of `source` become other names of the other, which also takes over what it
    does not know itself. Raises NotMergeable.
    """
    _require(by, response, Action.MANAGE_INSTITUTIONS)
    if source.pk == into.pk:
        raise NotMergeable(_("An institution cannot be merged into itself."))
    directory = _locked_directory(source.country_id)
    source, into = _fresh(directory, source), _fresh(directory, into)
    now = timezone.now()
    rewritten = _rewrite(
        source.country_id, new_names(source.names, into.name, keep=into.names), by
    )
    _hand_over_children(source, into, directory)
    before = as_is(into)
    source.merged_into, source.merged_at, source.merged_by = into, now, by
    source.save(update_fields=["merged_into", "merged_at", "merged_by"])
    _write(into, before, absorbed(before, source), by=by, answers=0)
    for one, what in ((source, What.MERGED), (into, What.ABSORBED)):
        _record(one, what, source.name, into.name, by, now, rewritten)
    record(
        AuditAction.INSTITUTION_MERGED,
        by=by,
        country_id=into.country_id,
        subject=source.name,
        into=into.name,
        answers=rewritten or None,
    )
    return rewritten


# Rights and locks


def _require(by: User, response: Response, *actions: Action) -> None:
    if any(may(by, action, response) for action in actions):
        return
    if not any(may_ever(by, action, response) for action in actions):
        raise RoleForbids
    message = _("This response is %(status)s and cannot be changed now.")
    raise ResponseClosed(
        response.status, message % {"status": response.get_status_display().lower()}
    )


def _locked_directory(country_id: int) -> Directory:
    """Return the institutions of a country, which nobody else can change meanwhile."""
    Country.objects.select_for_update(no_key=True).get(pk=country_id)
    return directory_of(country_id)


def _fresh(directory: Directory, institution: Institution) -> Institution:
    for found in directory.institutions:
        if found.pk == institution.pk:
            return found
    raise NotMergeable(
        _("%(name)s was merged into another institution meanwhile.")
        % {"name": institution.name}
    )


def _refuse_taken(
    wanted: Particulars, directory: Directory, own: Institution | None
) -> None:
    for name in wanted.names:
        found = directory.find(name)
        if found is not None and found != own:
            raise NameTaken(name, found)


# Parents


def _refuse_circle(institution: Institution, parent: Institution | None) -> None:
    at = parent
    while at is not None:
        if at.pk == institution.pk:
            raise NotMergeable(_("An institution cannot be part of itself."))
        at = at.parent


def _hand_over_children(
    source: Institution, into: Institution, directory: Directory
) -> None:
    """Put what was part of `source` under `into`, which itself moves out of it."""
    by_pk = {institution.pk: institution for institution in directory.institutions}
    at = into.parent_id
    while at is not None and at != source.pk:
        at = by_pk[at].parent_id if at in by_pk else None
    if at == source.pk:
        into.parent = source.parent
        into.save(update_fields=["parent"])
    Institution.objects.filter(parent=source).exclude(pk=into.pk).update(parent=into)


# Writing


def _rewrite(country_id: int, names: Mapping[str, str], by: User) -> int:
    """Write the new names into the answers that can change; return how many there are.

    Plans follow too.
    """
    if not names:
        return 0
    rename_owners(country_id=country_id, names=names, by=by)
    count = 0
    for response in open_responses_of(country_id):
        try:
            lock_open(response, by)
        except (
            ResponseClosed
        ):  # submitted or closed a moment ago: it keeps what was said
            continue
        places = places_in(response, names).places
        for is_confirmed in (True, False):
            outcomes = save_changes(
                response=response,
                changes=[
                    Change(place.address, place.after, place.held.revision)
                    for place in places
                    if place.held.is_confirmed is is_confirmed
                ],
                by=by,
                via=Via.MERGE,
                is_confirmed=is_confirmed,
            )
            count += sum(isinstance(outcome, Saved) for outcome in outcomes)
    return count


def _add(
    country_id: int,
    particulars: Particulars,
    directory: Directory,
    by: User,
    now: datetime,
) -> Institution:
    wanted = cleaned(particulars)
    _refuse_taken(wanted, directory, None)
    institution = Institution(country_id=country_id, created_at=now, created_by=by)
    _copy(institution, wanted, by, now)
    institution.save()
    _record(institution, What.ADDED, "", institution.name, by, now)
    record(
        AuditAction.INSTITUTION_ADDED,
        by=by,
        country_id=institution.country_id,
        subject=institution.name,
    )
    return institution


def _copy(
    institution: Institution, wanted: Particulars, by: User, now: datetime
) -> None:
    institution.name = wanted.name
    institution.key = name_key(wanted.name)
    institution.short_name = wanted.short_name
    institution.kind = wanted.kind
    institution.contact_name = wanted.contact_name
    institution.contact_email = wanted.contact_email
    institution.parent = wanted.parent
    institution.aliases = list(wanted.aliases)
    if wanted.is_retired is not (institution.retired_at is not None):
        institution.retired_at = now if wanted.is_retired else None
        institution.retired_by = by if wanted.is_retired else None


def _write(
    institution: Institution,
    before: Particulars,
    after: Particulars,
    *,
    by: User,
    answers: int,
) -> None:
    """Store what changed and record each part of it; the name answers for the answers."""
    now = timezone.now()
    _copy(institution, after, by, now)
    institution.save()
    for what, was, now_is in differences(before, after):
        rewritten = answers if what in (What.NAME, What.SHORT_NAME) else 0
        _record(institution, what, was, now_is, by, now, rewritten)
        answers -= rewritten


def _record(
    institution: Institution,
    what: InstitutionChange.What,
    before: str,
    after: str,
    by: User,
    at: datetime,
    answers: int = 0,
) -> None:
    InstitutionChange.objects.create(
        institution=institution,
        what=what,
        before=before,
        after=after,
        answers=answers,
        changed_by=by,
        changed_at=at,
    )
