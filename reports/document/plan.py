"""The action plan in words: what is to be done, the gap behind it, and what became of
the plan of an earlier round. The pages of the plan show the same rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.models import PlanAction
from assessment.plan_content import label_of
from assessment.plans import ActionContent, ActionPlan, EarlierPlan, PlannedAction
from questionnaire.instrument import Instrument
from reports.document.reader import Reader
from reports.document.structure import Actions, ActionView, Fact, Mark, Ref
from reports.document.wording import day, day_of, listed, moment
from reports.sources import ReportSource

Status, Cost = PlanAction.Status, PlanAction.Cost
_BEHIND = 3
_SIGNS = {
    Status.PLANNED.value: ("○", "closed"),
    Status.UNDER_WAY.value: ("◑", "half"),
    Status.DONE.value: ("✓", "met"),
    Status.POSTPONED.value: ("◇", "moderate"),
    Status.DROPPED.value: ("–", "na"),
}


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One action as it is printed. `ref` leads to the recommendation, where this report
    has it; `behind` are the gaps it helps to close, else the answers that triggered it.

    `was` is its status in the earlier plan, of an action carried over.
    """

    anchor: str
    number: int
    title: str
    code: str
    horizon: str
    ref: str
    text: str
    behind: tuple[Ref, ...]
    owner: str
    co_owners: str
    starts: str
    ends: str
    cost: str
    support: str
    measure: str
    status: Mark
    remark: str
    is_carried: bool
    was: Mark | None = None


@dataclass(frozen=True, slots=True)
class PlanChapter:
    """`rows` are the plan as it goes on; `became` what the earlier plan had left."""

    sentences: tuple[str, ...]
    rows: tuple[PlanRow, ...]
    earlier: str
    became_sentences: tuple[str, ...]
    became: tuple[PlanRow, ...]


def plan_chapter(reader: Reader, recommended: Actions) -> PlanChapter | None:
    """Return the plan of the source, None where there is none."""
    plan = reader.source.plan
    if plan is None:
        return None
    views = {view.code: view for view in action_views(recommended)}
    rows = plan_rows(plan.actions, reader.source.instrument, views)
    became = tuple(row for row in rows if row.is_carried)
    current = {action.number for action in plan.current}
    return PlanChapter(
        sentences=tuple(_sentences(plan)),
        rows=tuple(row for row in rows if row.number in current),
        earlier=earlier_title(plan.earlier),
        became_sentences=tuple(_became(plan)),
        became=became,
    )


def action_views(recommended: Actions) -> Iterator[ActionView]:
    for horizon in (*recommended.first_wave, *recommended.others):
        yield from horizon.actions


def plan_rows(
    actions: Iterable[PlannedAction],
    instrument: Instrument,
    views: dict[str, ActionView],
) -> tuple[PlanRow, ...]:
    """Return the rows of `actions`; `views` are the recommendations by code."""
    words = _Words(instrument)
    return tuple(
        words.row(action, views.get(action.recommendation)) for action in actions
    )


class _Words:
    """The words of the catalogue, in the language of the instrument."""

    def __init__(self, instrument: Instrument) -> None:
        catalogue = instrument.catalogue
        self.partners = catalogue.partners
        self.horizons = {one.code: one.label for one in catalogue.horizons}
        self.catalogue = {one.code: one for one in instrument.recommendations}

    def row(self, action: PlannedAction, view: ActionView | None) -> PlanRow:
        said = action.content
        known = self.catalogue.get(action.recommendation)
        others = [said.partners_other] if said.partners_other else []
        return PlanRow(
            anchor=f"plan-{action.number}",
            number=action.number,
            title=known.title if known else said.title or action.recommendation,
            code=action.recommendation,
            horizon=self.horizons.get(known.horizon, "") if known else "",
            ref=view.anchor if view else "",
            text=said.text,
            behind=(view.gaps or view.causes)[:_BEHIND] if view else (),
            owner=said.owner,
            co_owners=said.co_owners,
            starts=short_day(said.starts_on) if said.starts_on else "",
            ends=short_day(said.ends_on) if said.ends_on else "",
            cost=cost_words(said.cost),
            support=", ".join([*said.partners, *others]),
            measure=said.measure,
            status=mark_of_status(said.status),
            remark=said.remark,
            is_carried=action.is_carried,
            was=mark_of_status(action.earlier_status) if action.is_carried else None,
        )


def short_day(value: date) -> str:
    """Return a day as it fits into a column."""
    return format_date(value, "j M Y")


def cost_words(code: str) -> str:
    return str(Cost(code).label) if code in Cost.values else ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of an action that was filled in differently, in words."""

    label: str
    before: str
    after: str


def differences(
    before: ActionContent | None, after: ActionContent
) -> tuple[Difference, ...]:
    """Return what `after` says differently; nothing where there was nothing before."""
    if before is None:
        return ()
    return tuple(
        Difference(
            label_of(name),
            shown_value(name, getattr(before, name)),
            shown_value(name, getattr(after, name)),
        )
        for name in before.differences(after)
    )


def shown_value(name: str, value: Any) -> str:
    """Return what stands in a field of an action, in words."""
    if name == "cost":
        return cost_words(value)
    if name == "status":
        return mark_of_status(value).label
    if isinstance(value, date):
        return day(value)
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")


def mark_of_status(code: str) -> Mark:
    """Return the sign of a status; a question mark where nothing has been said."""
    if code not in _SIGNS:
        return Mark("?", _("Not said yet"), "dk")
    return Mark(_SIGNS[code][0], str(Status(code).label), _SIGNS[code][1])


def plan_facts(source: ReportSource) -> list[Fact]:
    """Return where the plan that is printed comes from."""
    plan = source.plan
    if plan is None:
        return []
    if plan.number is None or plan.adopted_at is None:
        words = _("as it stands in the draft: no edition has been printed")
        return [Fact(_("Action plan"), words)]
    adopted = _("Edition %(number)s, adopted %(when)s, by %(who)s") % {
        "number": plan.number,
        "when": moment(plan.adopted_at),
        "who": plan.adopted_by,
    }
    return [
        Fact(_("Action plan"), adopted),
        Fact(_("Hash of the edition of the plan (SHA-256)"), plan.sha256),
    ]


def earlier_title(earlier: EarlierPlan | None) -> str:
    if earlier is None:
        return ""
    return _("What became of the plan of %(year)s") % {"year": earlier.year}


# Sentences


def _sentences(plan: ActionPlan) -> Iterator[str]:
    if plan.number is None or plan.adopted_at is None:
        yield _(
            "This is the plan as it stands in the draft. It may change until the country "
            "adopts it."
        )
    else:
        yield _("The country adopted this plan on %(day)s, as edition %(number)s.") % {
            "day": day_of(plan.adopted_at),
            "number": plan.number,
        }
    count = len(plan.current)
    if count:
        yield ngettext(
            "It has %(count)d action: %(parts)s.",
            "It has %(count)d actions: %(parts)s.",
            count,
        ) % {"count": count, "parts": _by_status(plan.current)}
    nobody = sum(not action.content.owner for action in plan.current)
    if nobody:
        yield ngettext(
            "For %(count)d of them nobody is named as responsible yet.",
            "For %(count)d of them nobody is named as responsible yet.",
            nobody,
        ) % {"count": nobody}


def _by_status(actions: tuple[PlannedAction, ...]) -> str:
    found = Counter(action.content.status for action in actions)
    return listed(
        [
            words % {"count": found[code]}
            for code, words in _status_counts(found).items()
            if found[code]
        ]
    )


def _status_counts(found: Counter[str]) -> dict[str, str]:
    done, begun = found[Status.DONE], found[Status.UNDER_WAY]
    planned, postponed = found[Status.PLANNED], found[Status.POSTPONED]
    return {
        Status.DONE.value: ngettext("%(count)d done", "%(count)d done", done),
        Status.UNDER_WAY.value: ngettext(
            "%(count)d under way", "%(count)d under way", begun
        ),
        Status.PLANNED.value: ngettext(
            "%(count)d planned", "%(count)d planned", planned
        ),
        Status.POSTPONED.value: ngettext(
            "%(count)d postponed", "%(count)d postponed", postponed
        ),
        Status.DROPPED.value: ngettext(
            "%(count)d dropped", "%(count)d dropped", found[Status.DROPPED]
        ),
        "": ngettext(
            "%(count)d of which nothing has been said yet",
            "%(count)d of which nothing has been said yet",
            found[""],
        ),
    }


def _became(plan: ActionPlan) -> Iterator[str]:
    earlier = plan.earlier
    if earlier is None:
        return
    yield ngettext(
        "The plan adopted in the round of %(year)s had %(count)d action.",
        "The plan adopted in the round of %(year)s had %(count)d actions.",
        earlier.count,
    ) % {"year": earlier.year, "count": earlier.count}
    finished = sum(earlier.finished.values())
    if finished:
        yield ngettext(
            "%(count)d of them was already finished when it was last adopted.",
            "%(count)d of them were already finished when it was last adopted.",
            finished,
        ) % {"count": finished}
    yield ngettext(
        "%(count)d action was left and carried over: %(parts)s.",
        "%(count)d actions were left and carried over: %(parts)s.",
        len(plan.carried),
    ) % {"count": len(plan.carried), "parts": _by_status(plan.carried)}
