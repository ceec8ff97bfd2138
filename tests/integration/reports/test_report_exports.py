"""Word document, workbook and CSV: who gets them, of which record, under which name."""

import csv
import io

import docx
import openpyxl
import pytest
from django.core.management import CommandError, call_command

from tests.auditing import Trail
from tests.factories import MemberFactory
from tests.integration.reports.test_report_views import change_answer

BASE = "/responses/PER/2025/report"
TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def score_of(page, code):
    lines = csv.DictReader(io.StringIO(page.content.decode("utf-8-sig")))
    return next(
        line["value"]
        for line in lines
        if (line["code"], line["figure"]) == (code, "score_final")
    )


@pytest.mark.parametrize("ending", TYPES)
@pytest.mark.parametrize(
    ("state", "edition", "caching"),
    [
        ("response", "draft", "private, no-store"),
        ("submitted", "submission-1", "private, no-cache"),
    ],
)
def test_download_says_what_it_is_and_is_recorded(
    ending, state, edition, caching, request, peru, signed_in
):
    request.getfixturevalue(state)
    observer = MemberFactory(country=peru, role="observer")
    client, trail = signed_in(observer), Trail()

    page = client.get(f"{BASE}.{ending}")

    name = f"migration-data-capacity-PER-2025-{edition}.{ending}"
    assert page.status_code == 200
    assert page["Content-Type"] == TYPES[ending]
    assert page["Content-Disposition"] == f'attachment; filename="{name}"'
    assert page["Cache-Control"] == caching
    assert [(e.action, e.subject, e.actor_name) for e in trail.events] == [
        ("download.report", name, observer.name)
    ]


@pytest.mark.parametrize("ending", TYPES)
def test_officer_finds_nothing_before_the_first_submission(
    ending, filled, officer, signed_in
):
    assert signed_in(officer).get(f"{BASE}.{ending}").status_code == 404


@pytest.mark.parametrize("ending", TYPES)
@pytest.mark.parametrize("number", ["2", "0", "-1", "one", "9" * 30])
def test_submission_that_is_none_is_not_found(
    ending, number, submitted, coordinator, signed_in
):
    page = signed_in(coordinator).get(f"{BASE}.{ending}", {"submission": number})

    assert page.status_code == 404


def test_returned_response_is_live_for_the_country_and_frozen_for_unsd(
    returned, coordinator, officer, signed_in
):
    change_answer(returned, coordinator)

    live = signed_in(coordinator).get(f"{BASE}.csv")
    older = signed_in(coordinator).get(f"{BASE}.csv?submission=1")
    frozen = signed_in(officer).get(f"{BASE}.csv")

    assert score_of(live, "BAS-14") == "100.0"
    assert score_of(older, "BAS-14") == score_of(frozen, "BAS-14") == "0.0"
    assert older.content == frozen.content


def test_report_page_offers_every_form_of_the_record_that_is_shown(
    submitted, officer, signed_in
):
    text = signed_in(officer).get(f"{BASE}/?submission=1").content.decode()

    assert [
        ending
        for ending in ("pdf", "docx", "xlsx", "csv", "json")
        if f'href="{BASE}.{ending}?submission=1"' not in text
    ] == []


def test_command_writes_each_form(submitted, tmp_path):
    for ending in TYPES:
        call_command(
            "render_report",
            "PER",
            "2025",
            format=ending,
            output=tmp_path / f"peru.{ending}",
            verbosity=0,
        )

    titles = docx.Document(tmp_path / "peru.docx").core_properties.title
    assert titles == "Migration data capacity of Peru: gap analysis, A round"
    book = openpyxl.load_workbook(tmp_path / "peru.xlsx", read_only=True)
    assert book.sheetnames[1] == "Scores"
    assert (tmp_path / "peru.csv").read_bytes().count(b"\r\n") > 700


def test_command_names_files_by_their_form(submitted, tmp_path):
    call_command(
        "render_report", all="2025", format="csv", output_dir=tmp_path, workers=1,
        verbosity=0,
    )  # fmt: skip

    assert [path.name for path in tmp_path.iterdir()] == ["PER_2025_en.csv"]


def test_command_refuses_another_form(submitted, tmp_path):
    with pytest.raises(CommandError, match="invalid choice: 'odt'"):
        call_command(
            "render_report", "PER", "2025", "--format=odt", f"--output={tmp_path}/x"
        )
