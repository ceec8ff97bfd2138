"""The gap analysis: instrument and answers in, figures out (docs/gap_method.md).

Pure Python over frozen dataclasses: no ORM, no clock, no settings, no Django. Every
score, gap and recommendation carries the addresses of the answers that caused it.
"""

from reports.analysis.analyse import analyse
from reports.analysis.results import Analysis

__all__ = ["Analysis", "analyse"]
