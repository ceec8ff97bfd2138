"""The figures that the rules of the summary ask about needs for data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from questionnaire.addresses import Address
from reports.analysis.figures import half_up
from reports.analysis.gaps import NOT_COUNTED
from reports.analysis.results import Gap
from reports.document.reader import Reader

DISAGGREGATED, PUBLISHED = "disaggregated", "published"


class NeedFigures:
    """What rules can ask about needs; see `figures.Figures`."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.analysis = reader.analysis
        self.instrument = reader.source.instrument
        self.decimals = self.instrument.scoring_rules.threshold_decimals

    def _rounded(self, value: float) -> float:
        return half_up(value, self.decimals) if value >= 0 else -self._rounded(-value)

    @cached_property
    def in_class(self) -> Mapping[str, list[Gap]]:
        classes = self.instrument.gap_rules.class_by_code
        gaps = {code: self.analysis.gaps[code] for code in self.analysis.gap_order}
        rest = {code: self.analysis.gaps[code] for code in self.analysis.without_gap}
        found = (gaps | rest).values()
        return {
            code: [gap for gap in found if gap.gap_class == code] for code in classes
        }

    @property
    def assessed(self) -> int:
        return sum(len(g) for c, g in self.in_class.items() if c not in NOT_COUNTED)

    @property
    def met(self) -> int:
        return len(self.in_class["met"])

    @property
    def gaps(self) -> int:
        return len(self.analysis.gap_order)

    @property
    def critical(self) -> int:
        return len(self.in_class["critical"])

    @property
    def all_critical(self) -> bool:
        return self.critical == self.gaps > 1

    @property
    def critical_no_data(self) -> bool:
        highest = max(self.instrument.gap_rules.need_values.values())
        return all(
            not gap.data_level and gap.need == highest
            for gap in self.in_class["critical"]
        )

    @property
    def major(self) -> int:
        return len(self.in_class["major"])

    @property
    def not_assessed(self) -> int:
        return len(self.in_class["not_assessed"])

    @property
    def critical_unknown(self) -> int:
        """How many critical gaps there are where nobody knows whether data exist."""
        return sum(gap.is_unknown for gap in self.in_class["critical"])

    @property
    def no_need(self) -> int:
        return len(self.in_class["no_need"])

    @property
    def policy_gap(self) -> float | None:
        return self.analysis.weighted_gaps.get(self.instrument.gap_inputs[0].matrix)

    @cached_property
    def themes(self) -> list[tuple[float, str]]:
        """Return the data gap and the label of each theme, the widest first."""
        found = [
            (self._rounded(gap), theme.label)
            for theme in self.instrument.gap_rules.themes
            if (gap := self.analysis.weighted_gaps.get(f"theme_{theme.code}"))
            is not None
        ]
        return sorted(found, key=lambda pair: -pair[0])

    @property
    def themes_compared(self) -> int:
        return len(self.themes)

    @property
    def theme_spread(self) -> float | None:
        return self.themes[0][0] - self.themes[-1][0] if len(self.themes) > 1 else None

    @cached_property
    def disaggregated(self) -> list[Any]:
        """Return what was said of each SDG indicator that can be disaggregated."""
        return [
            self.reader.state.value(Address(gap.matrix, gap.code, DISAGGREGATED))
            for gap in self.analysis.gaps.values()
            if gap.matrix == self.instrument.gap_inputs[-1].matrix
        ]

    @property
    def sdg_all(self) -> int:
        return len(self.disaggregated)

    @property
    def sdg_unknown(self) -> int:
        """Of how many it is not known, or not answered, whether they are published."""
        return sum(
            gap.is_unknown
            for gap in self.analysis.gaps.values()
            if gap.matrix == self.instrument.gap_inputs[-1].matrix
        )

    @property
    def sdg_published(self) -> int:
        return sum(value == PUBLISHED for value in self.disaggregated)

    @property
    def sdg_unpublished(self) -> int:
        return self.sdg_all - self.sdg_published
