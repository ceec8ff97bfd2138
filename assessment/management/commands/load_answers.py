"""Load one country's answers from a YAML file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from assessment.models import Country, Round
from assessment.refusals import Refusal
from assessment.services.imports import ImportRejected, import_answers
from assessment.services.rounds import open_response, system_user


class Command(BaseCommand):
    help = (
        "Load the answers of one country from a file in the form of "
        "fixtures/demo/answers_2025.yaml. All or nothing unless --partial."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("iso3", help="ISO alpha-3 code of the country")
        parser.add_argument("round", help="code of the round")
        parser.add_argument("file", type=Path, help="YAML file")
        parser.add_argument(
            "--partial", action="store_true", help="save what is valid, report the rest"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        iso3 = options["iso3"].upper()
        entry = entry_for(iso3, options["file"])
        country = Country.objects.filter(iso3=iso3).first()
        if country is None:
            raise CommandError(f"There is no country with the code {iso3}.")
        round_ = Round.objects.filter(code=options["round"]).first()
        if round_ is None:
            known = ", ".join(Round.objects.values_list("code", flat=True)) or "none"
            raise CommandError(
                f"There is no round {options['round']}. Rounds: {known}."
            )
        if not round_.is_open:
            raise CommandError(f"Round {round_.code} is not open; nothing was saved.")
        try:
            with transaction.atomic():
                response = open_response(
                    round_=round_, country=country, by=system_user()
                )
                done = import_answers(
                    response=response, entry=entry, is_partial=options["partial"]
                )
        except ImportRejected as rejection:
            for line in rejection.rejected:
                self.stderr.write(f"  {line}")
            raise CommandError(
                f"{len(rejection.rejected)} lines rejected, nothing was saved. "
                "Correct the file, or save the rest with --partial."
            ) from None
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} Nothing was saved.") from None
        for line in done.rejected:
            self.stderr.write(f"  {line}")
        self.stdout.write(
            f"{country}: {done.saved} cells saved, {len(done.rejected)} lines rejected."
        )


def entry_for(iso3: str, path: Path) -> dict[str, Any]:
    """Return the entry of one country. Raises CommandError with what to do."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise CommandError(f"Cannot read {path}: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} is not a YAML file in UTF-8: {error}") from None
    entries = content.get("countries") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise CommandError(f"{path} has no list `countries`.")
    for entry in entries:
        if isinstance(entry, dict) and str(entry.get("iso3", "")).upper() == iso3:
            return entry
    raise CommandError(f"{path} has no entry for {iso3}.")
