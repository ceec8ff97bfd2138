"""The annex of differing views: printed if the coordinator says so, frozen by submitting."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from assessment.services.dissent import print_views, record_view, withdraw_view
from assessment.services.transitions import return_response
from reports.content_key import content_key
from reports.pdf import render_html
from reports.queries import report_source_for
from reports.sources import DifferingView
from tests.instruments import at
from tests.integration.reports.conftest import submit
from tests.report_sources import submission

YEAR = "SRC-INV[SRC-CEN].latest_year"
REPORT = "/responses/PER/2025/report/"
VIEWS = (
    DifferingView(
        at("COO-01"), None, "It has not met.", "Migration office", "Luis",
        datetime(2026, 2, 1, tzinfo=UTC),
    ),
    DifferingView(
        at(YEAR), 2007, "", "Ministry of Interior", "Ana",
        datetime(2026, 2, 2, tzinfo=UTC),
    ),
)  # fmt: skip


def record(response, by, value=2007):
    return record_view(
        response=response,
        address=at(YEAR),
        value=value,
        text="Not all regions.",
        institution="Ministry of Interior",
        by=by,
    )


@pytest.fixture
def printed(filled, coordinator, fresh):
    record(filled, coordinator)
    print_views(response=filled, is_printed=True, by=coordinator)
    return fresh(filled)


def test_annex_prints_cell_national_answer_view_and_who():
    html = render_html(submission("PER", views=VIEWS))

    annex = html[html.index('id="annex-views"') :]
    order = [
        "Population and housing census – Latest year", "2017", "2007",
        "Ministry of Interior, 2 February 2026",
        "Coordination mechanism", "Informal but active", "It has not met.",
        "Migration office, 1 February 2026",
    ]  # fmt: skip
    places = [annex.index(text) for text in order]
    assert places == sorted(places)
    assert "Annex G Differing views" in html[: html.index('id="annex-views"')]


def test_report_without_views_has_no_trace_of_them():
    html = render_html(submission("PER"))

    assert "annex-views" not in html
    assert "Annex G" not in html


def test_draft_prints_the_views_that_stand(printed, coordinator, fresh):
    (view,) = report_source_for(coordinator, printed).views

    assert (view.address, view.value, view.institution, view.recorded_by) == (
        at(YEAR),
        2007,
        "Ministry of Interior",
        coordinator.name,
    )
    print_views(response=printed, is_printed=False, by=coordinator)
    assert report_source_for(coordinator, fresh(printed)).views == ()


def test_submission_freezes_what_is_printed(printed, coordinator, officer, fresh):
    submit(printed, coordinator)
    before = report_source_for(officer, fresh(printed))
    first = content_key(before, "en")
    return_response(response=fresh(printed), by=officer, message="Please correct.")
    response = fresh(printed)
    view = response.views.get()
    withdraw_view(response=response, view=view, by=coordinator)
    record(response, coordinator, value=2005)
    print_views(response=response, is_printed=False, by=coordinator)

    after = report_source_for(officer, fresh(printed))

    assert [v.value for v in before.views] == [2007]
    assert after == before
    assert content_key(after, "en") == first


def test_submission_without_the_switch_holds_no_views(filled, coordinator, fresh):
    record(filled, coordinator)
    submit(filled, coordinator)

    stored = fresh(filled).submissions.get()

    assert stored.views_json == ""
    assert report_source_for(coordinator, fresh(filled)).views == ()


def test_frozen_views_are_canonical_json(printed, coordinator):
    submit(printed, coordinator)

    text = printed.submissions.get().views_json

    (stored,) = json.loads(text)
    recorded_at = stored.pop("recorded_at")
    assert recorded_at.endswith("Z")
    assert stored == {
        "question": "SRC-INV",
        "row": "SRC-CEN",
        "column": "latest_year",
        "value": 2007,
        "text": "Not all regions.",
        "institution": "Ministry of Interior",
        "recorded_by": coordinator.name,
    }
    assert text.startswith('[{"column":"latest_year","institution":')


def test_screen_shows_the_annex_where_it_is_printed(printed, coordinator, signed_in):
    client = signed_in(coordinator)
    content = client.get(REPORT).content.decode()

    assert '<a href="#annex-views">Annex G Differing views</a>' in content
    annex = content[content.index('id="annex-views"') :]
    assert "<strong>Ministry of Interior:</strong> 2007 <span" in annex
    assert '<p class="extra">Not all regions.</p>' in annex

    print_views(response=printed, is_printed=False, by=coordinator)
    assert "annex-views" not in client.get(REPORT).content.decode()
