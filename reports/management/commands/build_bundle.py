"""Make a ZIP of reports that was asked for, or clear those whose time is over."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.bundles import build_bundle, clear_expired


class Command(BaseCommand):
    help = (
        "Make the ZIP of reports with this number; the application starts this by "
        "itself. --clear deletes the files that are older than a week."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pk", nargs="?", type=int, help="number of the bundle")
        parser.add_argument("attempt", nargs="?", type=int, help="which attempt")
        parser.add_argument("--clear", action="store_true", help="delete old files")

    def handle(self, **options: Any) -> None:
        if options["clear"]:
            self.stdout.write(f"{clear_expired()} files deleted.")
            return
        if options["pk"] is None or options["attempt"] is None:
            raise CommandError("Give the number of the bundle and of the attempt.")
        build_bundle(pk=options["pk"], attempt=options["attempt"])
