"""The command: what it prints, its exit, and the comparison with what is published."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from questionnaire.checks import fixture_paths
from questionnaire.content import content_from_entries, content_hash, read_entries
from questionnaire.models import Publication, Questionnaire

SUMMARY = (
    "NMDC 1.0: 9 sections, 141 questions, 71 recommendations, "
    "145 consistency rules: no problem found.\n"
)


def _hash() -> str:
    return content_hash(content_from_entries(read_entries(fixture_paths())))


def _published(version: str, found_hash: str) -> None:
    questionnaire, _ = Questionnaire.objects.get_or_create(
        code="NMDC", version=version, defaults={"title": "T", "method": {}}
    )
    Publication.objects.update_or_create(
        questionnaire=questionnaire, defaults={"content_hash": found_hash}
    )


@pytest.mark.django_db
def test_sound_fixtures_print_counts_and_hash() -> None:
    out = StringIO()

    call_command("check_questionnaire", stdout=out)

    assert out.getvalue() == f"{SUMMARY}Content hash: {_hash()}\n"


def test_command_needs_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> list[str]:
        raise OperationalError

    monkeypatch.setattr(
        "django.db.connection.introspection.table_names", refuse, raising=True
    )
    out = StringIO()

    call_command("check_questionnaire", stdout=out)

    assert out.getvalue().startswith(SUMMARY)


def test_command_needs_no_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.db.connection.introspection.table_names", list)
    out = StringIO()

    call_command("check_questionnaire", stdout=out)

    assert out.getvalue().startswith(SUMMARY)


def test_problems_are_printed_and_counted(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("questions: none\n", "utf-8")
    out = StringIO()

    with pytest.raises(CommandError, match=r"^1 problem found\.$"):
        call_command("check_questionnaire", broken, stdout=out)

    assert out.getvalue() == (
        "broken.yaml: file: the file is not a list of records. "
        "Begin each record with '- model: questionnaire.…'.\n"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("version", "same"), [("1.0", True), ("0.9", False)])
def test_same_content_and_other_versions_are_no_problem(
    version: str, same: bool
) -> None:
    _published(version, _hash() if same else "0" * 64)
    out = StringIO()

    call_command("check_questionnaire", stdout=out)

    assert out.getvalue().startswith(SUMMARY)


@pytest.mark.django_db
def test_other_content_under_a_published_version_is_a_problem() -> None:
    _published("1.0", "0" * 64)
    out = StringIO()

    with pytest.raises(CommandError, match=r"^1 problem found\.$"):
        call_command("check_questionnaire", stdout=out)

    assert out.getvalue() == (
        "00_questionnaire.yaml: NMDC: version 1.0 is published with other content. "
        "Give the fixtures a new version number to publish the correction.\n"
    )
