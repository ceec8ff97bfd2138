"""The recommended actions by horizon, the first wave apart, and what triggered each."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.analysis.results import Action
from reports.document.needs import class_marks
from reports.document.reader import Reader
from reports.document.structure import (
    Actions,
    ActionView,
    Fact,
    Horizon,
    HorizonCount,
    Ref,
)
from reports.document.wording import figure, mark_of_priority

_CAUSES = 4
_CAUSES_OF_OTHERS = 3
_GAPS = 6


def actions(reader: Reader, *, number: str, anchor: str) -> Actions:
    found = reader.analysis.actions
    first = set(reader.analysis.first_wave)
    views = {
        action.code: _view(reader, action, rank, is_first=action.code in first)
        for rank, action in enumerate(found, start=1)
    }
    priorities = tuple(reader.source.instrument.catalogue.priority_from)
    return Actions(
        anchor=anchor,
        number=number,
        sentences=tuple(_sentences(reader)),
        priorities=tuple(mark_of_priority(code) for code in priorities),
        counts=_counts(reader, found, priorities),
        first_wave=_horizons(reader, [a for a in found if a.code in first], views),
        others=_horizons(reader, [a for a in found if a.code not in first], views),
        plan=tuple(views[action.code] for action in found if action.code in first),
    )


def too_early() -> str:
    return _(
        "Too little has been answered to choose: what is not answered counts as not known to "
        "exist, so that the actions listed may change with every answer."
    )


def action_anchor(code: str) -> str:
    return f"action-{code}"


def _sentences(reader: Reader) -> list[str]:
    count = len(reader.analysis.actions)
    if not count:
        return [_("No action is recommended: no trigger of the catalogue is true.")]
    catalogue = reader.source.instrument.catalogue
    warning = [] if reader.analysis.overall.is_publishable else [too_early()]
    return [
        *warning,
        ngettext(
            "%(count)d action of the catalogue of %(all)d is triggered by the answers.",
            "%(count)d actions of the catalogue of %(all)d are triggered by the answers.",
            count,
        )
        % {"count": count, "all": len(reader.source.instrument.recommendations)},
        _(
            "Actions are ranked by the deficit of their own subject, by that of their "
            "dimension and by the need they serve. The first wave takes the highest ranks, "
            "at most %(per_dimension)d of one dimension and %(size)d in all; the others "
            "are in annex A."
        )
        % {
            "per_dimension": catalogue.first_wave_per_dimension,
            "size": catalogue.first_wave_size,
        },
    ]


def _counts(
    reader: Reader, found: Sequence[Action], priorities: Sequence[str]
) -> tuple[HorizonCount, ...]:
    first = set(reader.analysis.first_wave)
    counts = []
    for horizon in reader.source.instrument.catalogue.horizons:
        inside = [a for a in found if a.recommendation.horizon == horizon.code]
        counts.append(
            HorizonCount(
                title=horizon.label,
                counts=tuple(
                    sum(a.priority == code for a in inside) for code in priorities
                ),
                total=len(inside),
                first_wave=sum(a.code in first for a in inside),
            )
        )
    return tuple(counts)


def _horizons(
    reader: Reader, found: Sequence[Action], views: dict[str, ActionView]
) -> tuple[Horizon, ...]:
    return tuple(
        Horizon(horizon.label, tuple(views[action.code] for action in inside))
        for horizon in reader.source.instrument.catalogue.horizons
        if (inside := [a for a in found if a.recommendation.horizon == horizon.code])
    )


def _view(reader: Reader, action: Action, rank: int, *, is_first: bool) -> ActionView:
    recommendation = action.recommendation
    catalogue = reader.source.instrument.catalogue
    kinds = {kind.code: kind.label for kind in catalogue.kinds}
    horizons = {horizon.code: horizon.label for horizon in catalogue.horizons}
    limit = _CAUSES if is_first else _CAUSES_OF_OTHERS
    causes, more = reader.refs_by_row(action.causes, limit)
    return ActionView(
        anchor=action_anchor(action.code),
        rank=rank,
        code=action.code,
        title=recommendation.title,
        text=recommendation.text,
        dimension=reader.dimension_title(recommendation.dimension),
        kind=kinds.get(recommendation.kind, recommendation.kind),
        horizon=horizons.get(recommendation.horizon, recommendation.horizon),
        priority=mark_of_priority(action.priority),
        rank_value=figure(action.rank_value),
        figures=_figures(action),
        partners=", ".join(recommendation.partners),
        standards=", ".join(recommendation.standards),
        causes=causes,
        more_causes=more,
        gaps=_gap_refs(reader, action),
    )


def _figures(action: Action) -> tuple[Fact, ...]:
    return (
        Fact(_("own subject"), figure(action.deficit)),
        Fact(_("dimension"), figure(action.dimension_deficit)),
        Fact(_("need"), figure(action.need)),
    )


def _gap_refs(reader: Reader, action: Action) -> tuple[Ref, ...]:
    """Return the needs that the action helps to meet, the most severe first."""
    marks = class_marks(reader)
    order = {code: i for i, code in enumerate(reader.analysis.gap_order)}
    codes = sorted(action.gaps, key=lambda code: order.get(code, len(order)))
    refs = []
    for code in codes[:_GAPS]:
        gap = reader.analysis.gaps[code]
        question = reader.source.instrument.question_by_code[gap.matrix]
        mark = marks[gap.gap_class]
        refs.append(reader.row_ref(question, code, mark.label, mark))
    return tuple(refs)
