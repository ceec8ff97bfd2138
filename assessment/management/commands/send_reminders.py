"""Remind delegates of parts that are due, and coordinators of overdue ones."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from assessment.models import Delegation, Response
from assessment.services.reminders import send_reminders, warn_of_deadline


class Command(BaseCommand):
    help = (
        "Send e-mails about delegated parts that are due soon or overdue. For cron: at "
        "most one a day and part, however often it runs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days",
            type=int,
            default=3,
            help="remind of what is due within so many days (3)",
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would be sent, send nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        is_trial = options["dry_run"]
        reminded, told = send_reminders(days=options["days"], is_trial=is_trial)
        warned = warn_of_deadline(is_trial=is_trial)
        verb = "Would send" if is_trial else "Sent"
        for one in reminded:
            self.stdout.write(f"{verb} a reminder to {_line(one.delegation)}")
        for summary in told:
            to = ", ".join(person.email for person in summary.coordinators) or "nobody"
            self.stdout.write(
                f"{verb} to {to}: overdue in {_where(summary.response)}: "
                + "; ".join(
                    f"{d.address} {' '.join(d.parts)}" for d in summary.delegations
                )
            )
        for warning in warned:
            to = ", ".join(person.email for person in warning.coordinators)
            self.stdout.write(f"{verb} to {to}: deadline of {_where(warning.response)}")
        self.stdout.write(
            f"{verb} {len(reminded)} reminders, "
            f"{sum(len(s.coordinators) for s in told)} summaries."
        )


def _line(delegation: Delegation) -> str:
    return (
        f"{delegation.address}: {_where(delegation.response)}, "
        f"{' '.join(delegation.parts)}, due {delegation.due_on.isoformat()}"
    )


def _where(response: Response) -> str:
    return f"{response.country.iso3} {response.round.code}"
