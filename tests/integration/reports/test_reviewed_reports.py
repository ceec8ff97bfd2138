"""Reports of reviewed values: read from the acceptance record, published, and traced."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from assessment.models import Country, Response, ReviewedValue, Round, User
from assessment.reviewed import Reviewed
from assessment.services.reviewed import set_reviewed_value
from assessment.services.rounds import open_response, open_round
from assessment.services.transitions import accept_response, reopen_response
from reports.analysis import analyse
from reports.compare.records import figures_by_record, latest_records
from reports.document import build_document
from reports.pdf import render_html, render_pdf
from reports.queries import previous_round, report_source_for
from reports.sources import Kind
from tests.comparing import hand_in, reopen
from tests.factories import RoundFactory
from tests.instruments import at, demo_answers, read_data
from tests.integration.reports.conftest import submit
from tests.integration.reports.test_differing_views import VIEWS
from tests.integration.reports.test_pdf import bookmarks, opened, page_of, page_text
from tests.report_sources import submission
from tests.saving import put

GOLDEN = read_data("golden_figures.yaml")["countries"]["PER"]
REPORT = "/responses/PER/2025/report/"
WHEN = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
REASON = "The annual report of 2024 names an exchange every year."
EXCHANGE = Reviewed(at("EXC-01"), "occasional", "regular", REASON, "Olga Petrova", WHEN)


def review(response, by, cell="EXC-01", value="regular", reason=REASON):
    return set_reviewed_value(
        response=response, address=at(cell), value=value, reason=reason, by=by
    )


@pytest.fixture
def under_review(submitted, officer, fresh):
    review(submitted, officer)
    return fresh(submitted)


@pytest.fixture
def accepted(under_review, officer, fresh):
    accept_response(response=under_review, by=officer, open_confirmed=1)
    return fresh(under_review)


def text_of(page):
    content = html.unescape(page.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


def printed(source):
    analysis = analyse(source.instrument, source.answers)
    return build_document(source, analysis, language="en")


# Where they are read from


def test_acceptance_publishes_the_reviewed_figures(accepted, coordinator):
    source = report_source_for(coordinator, accepted)

    assert source.kind is Kind.ACCEPTANCE
    assert source.answers[at("EXC-01")] == "regular"
    assert source.own_answers[at("EXC-01")] == "occasional"
    (one,) = source.reviewed
    assert (one.address, one.answer, one.value, one.reason) == (
        at("EXC-01"),
        "occasional",
        "regular",
        REASON,
    )
    assert printed(source).summary.score == "40.7"


def test_comparison_has_the_figures_before_and_after_the_review(
    under_review, officer, fresh
):
    """What is set during a review counts once it was accepted."""
    found = []
    for accept in (False, True):
        if accept:
            accept_response(response=under_review, by=officer, open_confirmed=1)
        (figures,) = figures_by_record(latest_records(Response.objects.all())).values()
        found.append((figures.questions["EXC-01"], round(figures.overall, 1)))

    assert found == [(50.0, 40.2), (100.0, 40.7)]


def test_report_reads_the_record_and_never_the_table(accepted, coordinator, fresh):
    before = report_source_for(coordinator, accepted)
    first = render_html(before)

    ReviewedValue.objects.update(value="none", reason="Changed behind the record.")

    after = report_source_for(coordinator, fresh(accepted))
    assert after == before
    assert render_html(after) == first


def test_submission_under_review_reads_as_before(
    submitted, officer, coordinator, fresh
):
    before = report_source_for(coordinator, submitted)
    first = render_html(before)

    review(submitted, officer)

    after = report_source_for(coordinator, fresh(submitted))
    assert (after, after.reviewed, after.own_answers) == (before, (), None)
    assert render_html(after) == first


def test_acceptance_without_reviewed_values_holds_none(submitted, officer, fresh):
    accept_response(response=submitted, by=officer)

    source = report_source_for(officer, fresh(submitted))

    assert (source.reviewed, source.own_answers) == ((), None)
    assert printed(source).reviewed is None


def test_later_round_is_compared_with_the_published_figures(
    accepted, officer, nmdc_db, peru, fresh
):
    later = RoundFactory(code="2028", year=2028, questionnaire=nmdc_db)
    open_round(round_=later, countries=[], by=officer)
    response = open_response(round_=later, country=peru, by=officer)

    previous = previous_round(fresh(response))

    assert previous.answers[at("EXC-01")] == "regular"
    assert previous.answers[at("EXC-04")] == demo_answers("PER")[at("EXC-04")]


def test_what_happens_later_changes_no_report_of_a_record(
    under_review, officer, nmdc_db, fresh
):
    """Earlier rounds are those accepted by then; all bear the names they had."""
    older = RoundFactory(code="2021", year=2021, questionnaire=nmdc_db)
    newer = RoundFactory(code="2022", year=2022, questionnaire=nmdc_db)
    earlier = hand_in(older, "PER", officer, answers=demo_answers("PRY"))
    accept_response(response=under_review, by=officer, open_confirmed=1)
    before = report_source_for(officer, fresh(under_review))

    now = timezone.now()
    reopen(earlier, officer, at=now)
    hand_in(newer, "PER", officer, answers=demo_answers("GEO"), at=now)
    User.objects.update(name="Somebody else", is_active=False)
    Country.objects.update(name="Piru", region="Oceania")
    Round.objects.filter(code="2025").update(title="Renamed", is_illustrative=True)

    after = report_source_for(officer, fresh(under_review))
    assert after == before
    assert after.previous.code == "2021"
    assert previous_round(fresh(under_review)).code == "2022"


def test_reopened_response_keeps_the_report_of_its_first_acceptance(
    accepted, officer, coordinator, fresh
):
    before = report_source_for(officer, accepted, submission=1)
    reopen_response(response=accepted, by=officer, message="A late figure.")
    put(accepted, coordinator, {"EXC-01": "none"})
    submit(fresh(accepted), coordinator)

    again = fresh(accepted)

    first = report_source_for(officer, again, submission=1)
    assert render_html(first) == render_html(before)
    second = report_source_for(officer, again)
    assert (second.number, second.reviewed) == (2, ())


# On screen and as data


@pytest.mark.parametrize("who", ["officer", "coordinator"])
def test_both_sides_see_what_the_review_would_change(
    under_review, who, request, signed_in
):
    client = signed_in(request.getfixturevalue(who))
    words = (
        "With 1 reviewed value the overall score would be 40.7 instead of 40.2. "
        "They count once the response is accepted."
    )

    report = text_of(client.get(REPORT))
    panel = text_of(client.get(f"{REPORT}reviewed/"))

    assert words in report
    assert words in panel
    assert "Reviewed score" not in report


def test_report_without_reviewed_values_shows_no_panel(
    submitted, coordinator, signed_in
):
    client = signed_in(coordinator)

    assert "Under review" not in text_of(client.get(REPORT))
    assert text_of(client.get(f"{REPORT}reviewed/")).strip() == ""


def test_screen_shows_both_scores_and_the_list(accepted, coordinator, signed_in):
    page = signed_in(coordinator).get(REPORT)

    text = text_of(page)
    assert "Reviewed score: 40.7; self-assessed score: 40.2." in text
    assert "Under review" not in text
    annex = text[text.rindex("Annex G Reviewed values") :]
    assert (
        f"Country: Yes, on occasion Reviewed: Yes, regularly ({officer_of()}" in annex
    )
    assert f"Reason: {REASON}" in annex
    assert (
        f"Country: Yes, on occasion; reviewed: Yes, regularly. Reason: {REASON}"
    ) in text
    assert '<a href="#annex-reviewed">Annex G Reviewed values</a>' in (
        page.content.decode()
    )


def officer_of():
    return ReviewedValue.objects.get().set_by.name


def test_json_of_an_acceptance_holds_both_scores(accepted, coordinator, signed_in):
    url = "/responses/PER/2025/report.json"

    figures = json.loads(signed_in(coordinator).get(url).content)

    assert figures["scores_final"]["OVERALL"] == 40.7228
    assert figures["self_assessed"]["scores_final"]["OVERALL"] == 40.2228
    assert [one["cell"] for one in figures["reviewed_values"]] == ["EXC-01"]
    assert figures == analysed("json")


def test_json_of_a_submission_under_review_is_that_of_its_answers(
    under_review, coordinator, signed_in
):
    figures = json.loads(
        signed_in(coordinator).get("/responses/PER/2025/report.json").content
    )

    assert list(figures) == ["record", *GOLDEN, "causes", "scores", "action_plan"]
    assert figures["scores_final"] == GOLDEN["scores_final"]


def analysed(form):
    out = StringIO()
    call_command("analyse", "PER", "2025", "--format", form, stdout=out)
    return json.loads(out.getvalue()) if form == "json" else out.getvalue()


def test_table_of_the_command_tells_the_self_assessed_score(accepted):
    lines = analysed("table").splitlines()

    assert next(x for x in lines if x.startswith("ALL")).split()[1] == "40.7"
    assert lines[-2:] == ["1 answers reviewed.", "Overall, self-assessed:    40.2"]


def test_hub_panel_shows_the_published_score(accepted, coordinator, signed_in):
    assert "40.7 of 100" in text_of(signed_in(coordinator).get(f"{REPORT}panel/"))


# The PDF


@pytest.fixture(scope="module")
def source():
    values = (
        Reviewed(
            at("SRC-INV[SRC-CEN].latest_year"), 2017, None, "Not released yet.\nSee "
            "the calendar.", "Olga Petrova", WHEN,
        ),
        EXCHANGE,
    )  # fmt: skip
    return submission(
        "PER",
        kind=Kind.ACCEPTANCE,
        dated_at=WHEN,
        accepted_at=WHEN,
        accepted_by="Olga Petrova",
        acceptance_hash="ab" * 32,
    ).reviewed_with(values)


@pytest.fixture(scope="module")
def document(source):
    return opened(render_pdf(source))


def test_pdf_shows_both_scores_on_the_summary_page(document):
    number = page_of(document, "1 Summary")

    text = page_text(document.pages[number - 1])

    assert number == 3
    assert "Reviewed score: 40.7; self-assessed score: 40.2." in text
    assert "2 answers were replaced in review: annex G." in text
    assert "1.1 The most severe gaps" in page_text(document.pages[number])


def test_pdf_lists_the_changes_in_an_annex_of_the_contents(document):
    assert bookmarks(document)[-1] == "Annex G Reviewed values"
    assert "Annex G Reviewed values" in page_text(document.pages[1])
    annex = page_text(document.pages[-1])
    order = [
        "Annex G Reviewed values", "Self-assessed", "Overall", "40.2", "40.7",
        "Population and housing census – Latest year", "2017", "Not answered",
        "Not released yet. See the calendar.", "Olga Petrova, 20 March 2026",
        "Exchange of statistics", "Yes, on occasion", "Yes, regularly", REASON,
    ]  # fmt: skip
    places = [annex.index(words) for words in order]
    assert places == sorted(places)


def test_pdf_marks_reviewed_answers_in_annex_b(document):
    text = " ".join(page_text(page) for page in document.pages)

    assert (
        f"Country: Yes, on occasion; reviewed: Yes, regularly. Reason: {REASON}"
    ) in text


def test_pdf_of_reviewed_values_is_well_formed_and_the_same_twice(source, document):
    """Of the same document the renderer makes the same bytes (test_pdf.py)."""
    assert document.check_pdf_syntax() == []
    assert render_html(source) == render_html(source)


def test_main_part_stays_within_its_pages(document):
    assert page_of(document, "Annex A Further actions") - 1 in range(12, 21)


def test_pdf_with_every_annex_runs_from_right_to_left(source):
    """In Arabic, with reviewed values and differing views: all that a report may hold."""
    everything = replace(source, views=VIEWS)

    found = opened(render_pdf(everything, language="ar"))

    assert str(found.Root.Lang) == "ar"
    assert 'dir="rtl"' in render_html(everything, language="ar")
    assert page_of(found, "Annex A Further actions") - 1 in range(12, 21)
    assert bookmarks(found)[-2:] == [
        "Annex G Differing views",
        "Annex H Reviewed values",
    ]
