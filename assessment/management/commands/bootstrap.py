"""Make an installation ready: migrate, countries, questionnaire. Idempotent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from assessment.models import Country
from questionnaire.checks import check_paths, fixture_paths
from questionnaire.content import content_from_entries, content_hash, read_entries
from questionnaire.models import Publication


class Command(BaseCommand):
    help = "Migrate the database and load countries and questionnaire. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if not Country.objects.exists():
            countries = settings.BASE_DIR / "fixtures" / "countries.yaml"
            call_command("loaddata", str(countries), verbosity=0)
        paths = fixture_paths()
        problems = check_paths(paths)
        if problems:
            lines = "\n".join(f"  {problem}" for problem in problems)
            raise CommandError(f"The questionnaire was not loaded:\n{lines}")
        found = content_hash(content_from_entries(read_entries(paths)))
        if not Publication.objects.filter(content_hash=found).exists():
            call_command("loaddata", *map(str, paths), verbosity=0)
        self.stdout.write("Database, countries and questionnaire are ready.")
