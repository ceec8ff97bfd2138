"""The command that writes reports as files."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assessment.models import Country
from assessment.services.rounds import open_response
from reports.queries import report_source
from tests.integration.reports.test_kept import keep
from tests.saving import submit

pytestmark = pytest.mark.usefixtures("media")


@pytest.fixture
def submitted(response, coordinator):
    """Peru's response with hardly an answer: its report is made soonest."""
    submit(response, coordinator)
    return response


def test_command_writes_one_report(submitted, tmp_path):
    output = tmp_path / "peru.pdf"
    output.write_bytes(b"old")

    call_command("render_report", "per", "2025", output=output, verbosity=0)

    assert output.read_bytes().startswith(b"%PDF-1.7")
    assert [path.name for path in tmp_path.glob("*.pdf")] == ["peru.pdf"]


def test_command_renders_a_round_and_names_what_failed(submitted, tmp_path, settings):
    """A logo that cannot be drawn fails for Chile; Peru's report is kept already."""
    chile = Country.objects.get(iso3="CHL")
    open_response(round_=submitted.round, country=chile, by=submitted.opened_by)
    settings.REPORT_LOGO = tmp_path / "logo.svg"
    settings.REPORT_LOGO.write_text("no picture")
    keep(submitted, report_source("PER", "2025"))

    with pytest.raises(CommandError, match=r"^CHL: Failed to load image"):
        call_command(
            "render_report", all="2025", output_dir=tmp_path, workers=1, verbosity=0
        )

    assert [path.name for path in tmp_path.glob("*.pdf")] == ["PER_2025_en.pdf"]


def test_command_says_what_it_did_not_find(submitted, tmp_path):
    output = tmp_path / "x.pdf"

    with pytest.raises(CommandError, match="CHL takes no part in round '2025'"):
        call_command("render_report", "CHL", "2025", output=output)
    with pytest.raises(CommandError, match="PER has no submission 7"):
        call_command("render_report", "PER", "2025", output=output, submission=7)


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (["PER"], {"output": Path("x.pdf")}),
        (["PER", "2025"], {}),
        ([], {"all": "2025"}),
        (["PER", "2025"], {"output": Path("x.pdf"), "language": "no such"}),
        ([], {"all": "2025", "output_dir": Path("x"), "submission": 1}),
    ],
)
def test_command_refuses_what_it_cannot_understand(arguments, options):
    with pytest.raises(CommandError):
        call_command("render_report", *arguments, **options)


def test_command_asks_for_a_file_where_a_folder_is_named(tmp_path):
    with pytest.raises(CommandError, match="is a folder: name a file in it"):
        call_command("render_report", "PER", "2025", output=tmp_path)
