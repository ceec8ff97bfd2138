"""The report as the page shows it: every figure with the answers and the sum behind it."""

from reports.screen.actions import ActionFilters
from reports.screen.build import screen
from reports.screen.structure import Screen

__all__ = ["ActionFilters", "Screen", "screen"]
