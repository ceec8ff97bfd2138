"""Print the gap analysis of one response."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessment.models import Response, Submission
from reports.analysis import Analysis, analyse
from reports.analysis.figures import half_up
from reports.published import published_figures
from reports.queries import report_source


class Command(BaseCommand):
    help = "Print the gap analysis of one response: acceptance, submission or draft."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("iso3", help="ISO alpha-3 code of the country")
        parser.add_argument("round", help="code of the round")
        parser.add_argument("--format", choices=["json", "table"], default="table")
        parser.add_argument(
            "--submission", type=int, help="an older submission's number"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        iso3, round_code = options["iso3"].upper(), options["round"]
        try:
            source = report_source(iso3, round_code, submission=options["submission"])
        except Response.DoesNotExist:
            raise CommandError(
                f"{iso3} has no response in round {round_code}."
            ) from None
        except Submission.DoesNotExist:
            raise CommandError(
                f"{iso3} has no submission {options['submission']} in round {round_code}."
            ) from None
        analysis = analyse(source.instrument, source.answers)
        if options["format"] == "json":
            content = published_figures(source, analysis)
            self.stdout.write(json.dumps(content, indent=2, ensure_ascii=False))
            return
        self.stdout.write(f"{source.country}, {source.round_title}: {source.kind}")
        for line in table(analysis):
            self.stdout.write(line)
        if source.own_answers is not None:
            own = analyse(source.instrument, source.own_answers).overall.score.final
            self.stdout.write(f"{len(source.reviewed)} answers reviewed.")
            self.stdout.write(f"Overall, self-assessed:{_figure(own)}")


def table(analysis: Analysis) -> list[str]:
    """Return the main figures as lines of text, one decimal."""
    overall = analysis.overall
    lines = [f"{'':6}{'final':>8}{'prov.':>8}{'upper':>8}  level"]
    for code, group in (*analysis.sections.items(), *analysis.dimensions.items()):
        level = group.level.name if group.level else ""
        figures = (group.score.final, group.score.provisional, group.score.upper)
        lines.append(
            f"{code:6}{''.join(map(_figure, figures))}  {level}  {group.title}"
        )
    figures = (overall.score.final, overall.score.provisional, overall.score.upper)
    level = overall.level.name if overall.level else ""
    lines.append(f"{'ALL':6}{''.join(map(_figure, figures))}  {level}")
    lines.append(f"Complete{_figure(analysis.completeness.overall)} %")
    lines.append("Gaps, the most severe first:")
    for code in analysis.gap_order:
        gap = analysis.gaps[code]
        lines.append(
            f"  {code:12}{gap.gap_class:10}{_figure(gap.severity)}  {gap.label}"
        )
    lines.append("First wave of actions:")
    titles = {action.code: action for action in analysis.actions}
    for code in analysis.first_wave:
        action = titles[code]
        lines.append(
            f"  {code:10}{_figure(action.rank_value)}  {action.recommendation.title}"
        )
    return lines


def _figure(value: float | None) -> str:
    return f"{'–':>8}" if value is None else f"{half_up(value, 1):>8.1f}"
