"""`manage.py keep_figures`: compute the figures that comparisons read, ahead of them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assessment.models import Response
from reports.compare.records import accepted_by, figures_by_record, latest_records


class Command(BaseCommand):
    help = (
        "Compute and keep the figures of submissions and acceptances, so that the first "
        "comparison after an upgrade does not wait for them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--round", help="The code of a round; all if left out.")

    def handle(self, *args: Any, **options: Any) -> None:
        responses = Response.objects.all()
        if options["round"]:
            responses = responses.filter(round__code=options["round"])
        records = [*latest_records(responses), *accepted_by(responses)]
        found = figures_by_record(records)
        self.stdout.write(f"Figures of {len(found)} records are kept.")
