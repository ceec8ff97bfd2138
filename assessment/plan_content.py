"""What may be said about an action of a plan: one place judges every way in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessment.institution_queries import clean_name
from assessment.models import PlanAction
from assessment.models.plans import TITLE_MAX
from assessment.plans import ActionContent
from assessment.refusals import Refusal
from questionnaire.instrument import Instrument
from questionnaire.values import InvalidValue, clean_text

TEXT_MAX = 5_000
SHORT_TEXT_MAX = 1_000
YEARS = range(1990, 2101)


class PlanRefused(Refusal):
    """What was said cannot be kept as it was sent; `details` say why."""

    status = 422
    code = "invalid"

    def __init__(self, details: Iterable[str]) -> None:
        super().__init__(_("The action was not saved."), list(details))


def cleaned(
    content: ActionContent,
    instrument: Instrument,
    *,
    is_own: bool,
    kept: ActionContent | None = None,
) -> ActionContent:
    """Return the content as it is kept: texts NFC, names on one line, partners by code.

    `kept` is what stands: an empty status and partners that the catalogue no longer knows
    may stay. Raises PlanRefused with everything that is wrong.
    """
    problems: list[str] = []

    def text(name: str, longest: int) -> str:
        try:
            return clean_text(getattr(content, name), longest)
        except InvalidValue as invalid:
            problems.extend(f"{label_of(name)}: {one}" for one in invalid.messages)
            return ""

    found = replace(
        content,
        title=clean_name(text("title", TITLE_MAX)) if is_own else "",
        text=text("text", TEXT_MAX),
        owner=clean_name(text("owner", TITLE_MAX)),
        co_owners=text("co_owners", SHORT_TEXT_MAX),
        partners_other=clean_name(text("partners_other", TITLE_MAX)),
        measure=text("measure", SHORT_TEXT_MAX),
        remark=text("remark", TEXT_MAX),
        partners=tuple(sorted(set(content.partners))),
    )
    problems += _problems(found, content, instrument, is_own=is_own, kept=kept)
    if problems:
        raise PlanRefused(problems)
    return found


def label_of(name: str) -> str:
    """Return what a field of an action is called."""
    return capfirst(str(PlanAction._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def _problems(
    found: ActionContent,
    given: ActionContent,
    instrument: Instrument,
    *,
    is_own: bool,
    kept: ActionContent | None,
) -> list[str]:
    problems = []
    if is_own and not found.title and not given.title.strip():
        problems.append(_("Say in a title what is to be done."))
    statuses = set(PlanAction.Status.values) | ({kept.status} if kept else set())
    if found.status not in statuses:
        problems.append(_("Choose a status."))
    if found.cost not in {"", *PlanAction.Cost.values}:
        problems.append(_("Choose a cost of the list."))
    known = {*instrument.catalogue.partners, *(kept.partners if kept else ())}
    if not set(found.partners) <= known:
        problems.append(_("Choose partners of the list."))
    return problems + _date_problems(found)


def _date_problems(found: ActionContent) -> list[str]:
    days = [day for day in (found.starts_on, found.ends_on) if day is not None]
    if any(day.year not in YEARS for day in days):
        return [
            _("A date lies between %(first)s and %(last)s.")
            % {"first": YEARS[0], "last": YEARS[-1]}
        ]
    if len(days) == 2 and days[1] < days[0]:
        return [_("The action ends before it starts.")]
    return []
