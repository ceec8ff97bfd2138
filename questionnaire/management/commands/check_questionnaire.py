"""`manage.py check_questionnaire`: whether the fixtures may be loaded."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from questionnaire.checks import Problem, check_paths, fixture_paths
from questionnaire.checks.code_maps import check_code_maps
from questionnaire.content import content_from_entries, content_hash, read_entries
from questionnaire.models import Publication


class Command(BaseCommand):
    help = "Check the fixtures of the questionnaire; nothing is loaded or written."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths",
            nargs="*",
            type=Path,
            metavar="file",
            help="Fixture files of one version; all of fixtures/questionnaire if none.",
        )

    def handle(self, *args: Any, paths: list[Path], **options: Any) -> None:
        paths = paths or fixture_paths()
        self._refuse(check_paths(paths))
        content = content_from_entries(read_entries(paths))
        found_hash = content_hash(content)
        self._refuse(check_code_maps(content))
        self._refuse(_differing(content["questionnaire"], found_hash, paths[0].name))
        self.stdout.write(f"{_summary(content)}: no problem found.")
        self.stdout.write(f"Content hash: {found_hash}")

    def _refuse(self, problems: list[Problem]) -> None:
        for problem in problems:
            self.stdout.write(str(problem))
        if problems:
            count = len(problems)
            message = f"{count} problem{'s' if count > 1 else ''} found."
            raise CommandError(message)


def _summary(content: Mapping[str, Any]) -> str:
    head, sections = content["questionnaire"], content["sections"]
    questions = sum(len(section["questions"]) for section in sections)
    return (
        f"{head['code']} {head['version']}: {len(sections)} sections, "
        f"{questions} questions, {len(content['recommendations'])} recommendations, "
        f"{len(content['consistency_rules'])} consistency rules"
    )


def _differing(head: Mapping[str, Any], found_hash: str, file: str) -> list[Problem]:
    """Return a problem if this version is published with other content.

    Without a database, or before its tables exist, there is nothing to compare. Two
    queries.
    """
    try:
        if Publication._meta.db_table not in connection.introspection.table_names():
            return []
        published = Publication.objects.filter(
            questionnaire__code=head["code"], questionnaire__version=head["version"]
        ).first()
    except DatabaseError:
        return []
    if published is None or published.content_hash == found_hash:
        return []
    message = f"version {head['version']} is published with other content."
    remedy = "Give the fixtures a new version number to publish the correction."
    return [Problem(file, head["code"], message, remedy)]
