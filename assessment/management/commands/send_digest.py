"""Send the day's notices, one e-mail a person."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from assessment.services.digest import send_digest


class Command(BaseCommand):
    help = (
        "Send each person one e-mail with the notices that they want once a day. For "
        "cron, once a day: nothing is sent twice, however often it runs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would be sent, send nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        is_trial = options["dry_run"]
        sent = send_digest(is_trial=is_trial)
        verb = "Would send" if is_trial else "Sent"
        for digest in sent:
            self.stdout.write(f"{verb} to {digest.person.email}: {digest.number}")
        self.stdout.write(f"{verb} {len(sent)} summaries.")
