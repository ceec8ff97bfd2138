"""Render a report that somebody waits for, or will; clear what is kept no longer."""

from __future__ import annotations

import gc
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.models import Response, Submission
from reports.compare.records import figures_by_record, latest_records
from reports.kept import build_pdf, clear_kept, keep_ahead


class Command(BaseCommand):
    help = (
        "Render a report as PDF and keep it; the application starts this by itself. "
        "--clear deletes drafts older than a day and files that newer ones replace."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--work",
            nargs=2,
            type=int,
            metavar=("NUMBER", "ATTEMPT"),
            help="what a page is waiting for",
        )
        what.add_argument(
            "--ahead",
            type=int,
            metavar="RESPONSE",
            help="the latest submission, in every language",
        )
        what.add_argument("--clear", action="store_true", help="delete old files")

    def handle(self, **options: Any) -> None:
        if options["clear"]:
            self.stdout.write(f"{clear_kept()} reports deleted.")
        elif options["work"]:
            number, attempt = options["work"]
            gc.disable()  # somebody waits, and the process ends with this report
            try:
                build_pdf(pk=number, attempt=attempt)
            finally:
                gc.enable()
        else:
            self._ahead(options["ahead"])

    def _ahead(self, number: int) -> None:
        """Make what is read most of a record that was just frozen: figures, then files."""
        try:
            response = Response.objects.get(pk=number)
            figures_by_record(latest_records(Response.objects.filter(pk=number)))
            keep_ahead(response)
        except (Response.DoesNotExist, Submission.DoesNotExist):
            message = f"Response {number} was not submitted."
            raise CommandError(message) from None
