"""What the pages of an action plan show: the plan, and what is recommended besides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language_bidi

from assessment.models import PlanAction, PlanEdition, Response, User
from assessment.permissions import Action, may
from assessment.plans import (
    ActionPlan,
    PlannedAction,
    actions_of,
    edition_plan,
    edition_to_carry,
    editions_of,
    plan_of,
    planned,
    went_on_in,
)
from assessment.services.plan_editions import digest_of_plan
from assessment.services.plans import Said
from questionnaire.states import ResponseState
from reports.analysis import analyse
from reports.document.actions import actions
from reports.document.plan import PlanRow, action_views, earlier_title, plan_rows
from reports.document.reader import Reader
from reports.document.structure import Actions, ActionView
from reports.document.wording import percent
from reports.sources import ReportSource


@dataclass(frozen=True, slots=True)
class Line:
    """An action and its words; `place` counts from 1 among all that stand.

    `said` is what was just sent about it and could not be saved.
    """

    action: PlanAction
    row: PlanRow
    place: int
    is_last: bool
    said: Said | None = None

    @property
    def status(self) -> str:
        return self.said.status if self.said else self.action.status

    @property
    def remark(self) -> str:
        return self.said.remark if self.said else self.action.remark

    @property
    def lacks_status(self) -> bool:
        return self.said is not None and not self.said.status


@dataclass(frozen=True, slots=True)
class Suggestion:
    view: ActionView
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Suggested:
    """What is recommended within one horizon and not in the plan."""

    title: str
    suggestions: tuple[Suggestion, ...]


class PlanPage:
    """The plan of a response as one person reads it.

    The live one for people of the country, unless `edition` was asked for; else what was
    adopted. Up to five queries besides those of `source`.
    """

    def __init__(
        self,
        user: User,
        response: Response,
        source: ReportSource,
        *,
        edition: int | None = None,
    ) -> None:
        self.response = response
        self.source = source
        self.instrument = source.instrument
        self.is_live = edition is None and may(user, Action.READ_LIVE, response)
        self.actions = actions_of(response) if self.is_live else []
        self.editions = editions_of(response)
        self.plan = plan_of(self.actions) if self.is_live else self._adopted(edition)
        self.went_on = went_on_in(response) if self.is_live else None
        may_change = self.is_live and may(user, Action.PLAN, response)
        self.can_edit = may_change and self.went_on is None
        self.said: dict[int, Said] = {}  # by number: sent just now and not saved

    def _adopted(self, number: int | None) -> ActionPlan | None:
        for edition in self.editions:
            if number in (None, edition.number):
                return edition_plan(edition)
        if number is not None:
            raise PlanEdition.DoesNotExist
        return None

    # The plan

    @property
    def standing(self) -> list[PlanAction]:
        return [action for action in self.actions if action.is_standing]

    @cached_property
    def lines(self) -> list[Line]:
        """The live actions that go on, in their order."""
        standing = self.standing
        rows = self._rows([planned(action) for action in standing])
        current = {a.number for a in self.plan.current} if self.plan else set()
        return [
            Line(action, row, place, place == len(standing), self.said.get(row.number))
            for place, (action, row) in enumerate(
                zip(standing, rows, strict=True), start=1
            )
            if action.number in current
        ]

    @property
    def waiting(self) -> list[Line]:
        return [line for line in self.lines if not line.action.status]

    @cached_property
    def rows(self) -> tuple[PlanRow, ...]:
        """What a reader sees of the plan that goes on."""
        return self._rows(self.plan.current) if self.plan else ()

    @cached_property
    def became(self) -> tuple[PlanRow, ...]:
        """What the country has said of the earlier plan's actions."""
        if self.plan is None:
            return ()
        return self._rows([a for a in self.plan.carried if a.content.status])

    @cached_property
    def carried(self) -> tuple[PlanRow, ...]:
        """All actions of the earlier plan that were left, told of or not."""
        return self._rows(self.plan.carried) if self.plan else ()

    @property
    def earlier(self) -> str:
        return earlier_title(self.plan.earlier if self.plan else None)

    @cached_property
    def withdrawn(self) -> list[Line]:
        gone = [action for action in self.actions if not action.is_standing]
        rows = self._rows([planned(action) for action in gone])
        return [
            Line(action, row, 0, is_last=False)
            for action, row in zip(gone, rows, strict=True)
        ]

    @property
    def titles(self) -> dict[int, str]:
        """The titles of all live actions, those taken out too, by key."""
        rows = plan_rows(map(planned, self.actions), self.instrument, {})
        return {a.pk: r.title for a, r in zip(self.actions, rows, strict=True)}

    def _rows(self, found: Sequence[PlannedAction]) -> tuple[PlanRow, ...]:
        return plan_rows(found, self.instrument, self._views) if found else ()

    # Editions

    @property
    def latest(self) -> PlanEdition | None:
        return self.editions[0] if self.editions else None

    def adopted_or(self, plan: ActionPlan) -> ActionPlan:
        """Return the last edition, where the live plan says the same; else `plan`."""
        if self.latest is None or self.is_changed or not self.is_live:
            return plan
        return edition_plan(self.latest)

    @cached_property
    def digest(self) -> str:
        return digest_of_plan(self.plan) if self.plan else ""

    @cached_property
    def is_changed(self) -> bool:
        """Whether the live plan says something else than the last edition."""
        if not self.is_live or self.latest is None or self.plan is None:
            return False
        return digest_of_plan(edition_plan(self.latest)) != self.digest

    @property
    def can_adopt(self) -> bool:
        is_new = self.latest is None or self.is_changed
        return self.can_edit and self.plan is not None and is_new

    @cached_property
    def to_carry(self) -> PlanEdition | None:
        """An earlier adopted plan of which nothing was carried over. At most one query."""
        if not self.can_edit or any(a.earlier_id for a in self.actions):
            return None
        found = edition_to_carry(self.response)
        return found if found and edition_plan(found).current else None

    # What is recommended

    @cached_property
    def _reader(self) -> Reader:
        source = self.source
        return Reader(
            source=source,
            analysis=analyse(source.instrument, source.answers),
            state=ResponseState(source.instrument, source.answers),
            earlier=None,
            is_rtl=get_language_bidi(),
        )

    @cached_property
    def recommended(self) -> Actions:
        return actions(self._reader, number="", anchor="")

    @property
    def answered(self) -> str | None:
        """The share of required answers in words, None once all are given."""
        share = self._reader.analysis.completeness.overall
        return None if share is None or share >= 100 else percent(share)

    @cached_property
    def _views(self) -> dict[str, ActionView]:
        return {view.code: view for view in action_views(self.recommended)}

    @cached_property
    def suggested(self) -> list[Suggested]:
        """What is recommended and not in the plan, by horizon and rank.

        The first wave is ticked as long as no recommendation was chosen.
        """
        chosen = {action.recommendation for action in self.standing} - {""}
        first = {view.code for view in self.recommended.plan} if not chosen else set()
        by_horizon: dict[str, list[Suggestion]] = {
            count.title: [] for count in self.recommended.counts
        }
        views = sorted(self._views.values(), key=lambda view: view.rank)
        for view in views:
            if view.code not in chosen:
                by_horizon[view.horizon].append(
                    Suggestion(view, is_ticked=view.code in first)
                )
        return [Suggested(t, tuple(found)) for t, found in by_horizon.items() if found]
