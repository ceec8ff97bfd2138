"""The version that a report prints: another one for whatever file makes it another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reports.content_key import content_key
from reports.versions import FILES, _files, template_version
from tests.instruments import ROOT
from tests.report_sources import submission

CONTRIBUTING = {
    "assessment/*.py": "assessment/plans.py",
    "questionnaire/**/*.py": "questionnaire/checks/codes.py",
    "reports/**/*.py": "reports/document/narrative/words.py",
    "templates/reports/**/*": "templates/reports/pdf/partials/refs.html",
    "static/css/report*": "static/css/report.css",
    "static/fonts/*": "static/fonts/fonts.conf",
    "locale/**/*.mo": "locale/ar/LC_MESSAGES/django.mo",
}
MAKERS = (
    "reports/glyphs.py", "reports/logo.py", "reports/palette.py", "reports/charts.py",
    "reports/pdf.py", "reports/pdf_joined.py", "reports/renderer/text.py",
    "reports/analysis/gaps.py", "static/fonts/NotoSans_400Regular.ttf",
    "templates/reports/pdf/report.html",
)  # fmt: skip


@pytest.fixture
def installed(settings, tmp_path) -> Path:
    """An installation with one file for each pattern, looked at anew each time."""
    for name in CONTRIBUTING.values():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("as it was")
    settings.BASE_DIR, settings.DEBUG = tmp_path, True
    return tmp_path


@pytest.mark.parametrize("pattern", FILES)
def test_touching_a_file_changes_the_printed_version_and_the_key(installed, pattern):
    source = submission("PER")
    before = template_version(), content_key(source, "en")

    (installed / CONTRIBUTING[pattern]).write_text("as it is")

    after = template_version(), content_key(source, "en")
    assert [len(set(pair)) for pair in zip(before, after, strict=True)] == [2, 2]


def test_moving_a_file_changes_the_printed_version(installed):
    before = template_version()

    path = installed / "assessment/plans.py"
    path.rename(path.with_name("others.py"))

    assert template_version() != before


def test_other_files_change_nothing(installed):
    before = template_version()

    (installed / "assessment/notes.txt").write_text("new")
    (installed / "static/css/hub.css").write_text("new")

    assert template_version() == before


def test_what_makes_a_report_is_in_the_list():
    names = {path.relative_to(ROOT).as_posix() for path in _files()}

    assert set(MAKERS) - names == set()


def test_templates_of_the_report_read_no_others():
    used = {
        name
        for path in (ROOT / "templates/reports").rglob("*.html")
        if "pdf" in path.parts
        for name in re.findall(r'{% (?:include|extends) "([^"]+)"', path.read_text())
    }

    assert used
    assert {name for name in used if not name.startswith("reports/")} == set()
