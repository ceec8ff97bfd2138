"""Check that nothing that was handed in has been changed since."""

from __future__ import annotations

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from assessment.models import Response
from assessment.verifying import Problem, problems_of, problems_of_installation


class Command(BaseCommand):
    help = (
        "Recompute the hash of every submission and acceptance, compare their texts with "
        "the rows they were made of, answers with their revisions, evidence files with "
        "their hashes, editions of action plans with the actions they froze, and statuses "
        "with the table of transitions. Ends with status 1 "
        "when anything is wrong. Changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--response",
            nargs=2,
            metavar=("ISO3", "ROUND"),
            help="one response; without it, all",
        )
        which.add_argument("--all", action="store_true", help="all responses (default)")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        responses = _chosen(options["response"])
        problems = list(problems_of_installation())
        for response in responses:
            problems += problems_of(response)
        if options["format"] == "json":
            self._write_json(len(responses), problems)
        else:
            self._write_lines(len(responses), problems)
        if problems:
            sys.exit(1)

    def _write_json(self, count: int, problems: list[Problem]) -> None:
        found = [{"where": p.where, "what": p.what} for p in problems]
        report = {"responses": count, "problems": found}
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))

    def _write_lines(self, count: int, problems: list[Problem]) -> None:
        for problem in problems:
            self.stdout.write(str(problem))
        checked, found = _counted(count, "response"), _counted(len(problems), "problem")
        self.stdout.write(f"{checked} checked, {found} found.")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _chosen(named: list[str] | None) -> QuerySet[Response]:
    found = Response.objects.select_related("country", "round")
    found = found.order_by("round", "country__iso3")
    if named:
        iso3, code = named
        found = found.filter(country__iso3=iso3.upper(), round__code=code)
        if not found:
            message = f"There is no response of {iso3.upper()} in a round {code}."
            raise CommandError(message)
    return found
