from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from assessment.models import Country, Via
from assessment.services.answers import Change, save_changes
from questionnaire.addresses import Address
from reports.queries import report_source, source_of_draft
from tests.factories import MemberFactory
from tests.instruments import nmdc, read_data
from tests.integration.reports.conftest import submit
from tests.integration.reports.test_kept import FILE, keep

pytestmark = pytest.mark.usefixtures("media")

REPORT = "/responses/PER/2025/report/"
PDF = "/responses/PER/2025/report.pdf"
JSON = "/responses/PER/2025/report.json"
PANEL = "/responses/PER/2025/report/panel/"
GOLDEN = read_data("golden_figures.yaml")["countries"]["PER"]

DRAFT = "Of the answers as they stand"
SUBMISSION_1 = "Of submission 1 by"


class Page(HTMLParser):
    """The ids, the links and the details of a page, and what stands inside them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.inside: dict[str, int] = {}
        self.open: list[bool] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        if tag == "details":
            self.open.append("open" in found)
        is_module = tag == "script" and "src" in found
        if "style" in found or tag == "style" or (tag == "script" and not is_module):
            self.inline.append(self.get_starttag_text())

    @property
    def targets(self):
        return {link[1:] for link in self.links if link.startswith("#")}


def read(client, path=REPORT):
    page = client.get(path)
    assert page.status_code == 200
    return page.content.decode()


# Who sees what


def test_country_reads_the_live_draft(filled, contributor, signed_in):
    text = read(signed_in(contributor))

    assert DRAFT in text
    assert '<p class="notice__title">Draft</p>' in text


@pytest.mark.parametrize("role", ["contributor", "coordinator", "observer"])
@pytest.mark.parametrize("path", [REPORT, PANEL, PDF, JSON])
def test_every_role_in_the_country_reads_and_downloads(
    role, path, response, peru, signed_in, fresh
):
    keep(response, source_of_draft(fresh(response)))
    client = signed_in(MemberFactory(country=peru, role=role))

    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", [REPORT, PANEL, PDF, JSON])
def test_officer_finds_nothing_before_the_first_submission(
    path, filled, officer, signed_in
):
    assert signed_in(officer).get(path).status_code == 404


def test_officer_reads_the_submission(submitted, officer, signed_in):
    text = read(signed_in(officer))

    assert SUBMISSION_1 in text
    assert '<p class="notice__title">Draft</p>' not in text


def test_returned_response_is_live_for_the_country_and_frozen_for_unsd(
    returned, coordinator, officer, signed_in
):
    change_answer(returned, coordinator)

    live = signed_in(coordinator).get(JSON).json()
    frozen = signed_in(officer).get(JSON).json()

    assert live["question_scores_final"]["BAS-14"] == 1.0
    assert frozen["question_scores_final"]["BAS-14"] == 0.0
    assert DRAFT in read(signed_in(coordinator))
    assert SUBMISSION_1 in read(signed_in(officer))


@pytest.mark.parametrize("path", [REPORT, PANEL, PDF, JSON])
def test_another_country_finds_nothing(path, submitted, signed_in):
    stranger = MemberFactory(
        country=Country.objects.get(iso3="GEO"), role="coordinator"
    )

    assert signed_in(stranger).get(path).status_code == 404


@pytest.mark.parametrize("path", [REPORT, PANEL, PDF, JSON])
def test_signed_out_people_are_asked_to_sign_in(path, response):
    page = Client().get(path)

    assert page.status_code == 302
    assert page["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("path", [REPORT, PANEL, PDF, JSON])
def test_nothing_can_be_posted(path, response, coordinator, signed_in):
    assert signed_in(coordinator).post(path).status_code == 405


# Older submissions


def test_submission_is_read_by_its_number(returned, coordinator, signed_in):
    client = signed_in(coordinator)
    change_answer(returned, coordinator)

    text = read(client, f"{REPORT}?submission=1")
    figures = client.get(f"{JSON}?submission=1").json()

    assert SUBMISSION_1 in text
    assert "You read submission 1, which is not the latest state." in text
    assert f'href="{PDF}?submission=1"' in text
    assert figures["question_scores_final"]["BAS-14"] == 0.0


def test_other_records_are_linked(returned, coordinator, officer, fresh, signed_in):
    change_answer(returned, coordinator)
    submit(fresh(returned), coordinator)

    links = Page(read(signed_in(officer), f"{REPORT}?submission=1")).links
    latest = Page(read(signed_in(officer))).links

    assert REPORT in links
    assert f"{REPORT}?submission=1" in latest


@pytest.mark.parametrize(
    "number", ["2", "0", "-1", "one", "1.0", "²", "99999", "9" * 30]
)
@pytest.mark.parametrize("path", [REPORT, PANEL, PDF, JSON])
def test_submission_that_is_none_is_not_found(
    path, number, submitted, coordinator, signed_in
):
    page = signed_in(coordinator).get(path, {"submission": number})

    assert page.status_code == 404


# Downloads


def test_json_holds_the_golden_figures(filled, coordinator, signed_in):
    page = signed_in(coordinator).get(JSON)

    figures = page.json()
    causes = figures.pop("causes")
    assert figures.pop("action_plan") is None
    assert figures.pop("record")["kind"] == "draft"
    assert set(figures.pop("scores")) == set(figures["scores_final"])
    assert figures == GOLDEN
    assert list(figures) == list(GOLDEN)
    assert list(causes) == ["questions", "sections", "dimensions", "gaps", "actions"]
    assert page["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("state", "edition", "caching"),
    [
        ("filled", "draft", "private, no-store"),
        ("submitted", "submission-1", "private, no-cache"),
    ],
)
def test_downloads_say_what_they_are(
    state, edition, caching, request, coordinator, signed_in
):
    keep(request.getfixturevalue(state), report_source("PER", "2025"))
    client = signed_in(coordinator)

    pdf, json = client.get(PDF), client.get(JSON)

    name = f"migration-data-capacity-PER-2025-{edition}"
    assert pdf.content[:5] == b"%PDF-"
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Content-Disposition"] == f'attachment; filename="{name}.pdf"'
    assert json["Content-Disposition"] == f'attachment; filename="{name}.json"'
    assert [pdf["Cache-Control"], json["Cache-Control"]] == [caching, caching]
    assert client.get(REPORT)["Cache-Control"] == caching
    assert client.get(PANEL)["Cache-Control"] == caching


def test_code_in_small_letters_gives_the_same_name(filled, coordinator, signed_in):
    page = signed_in(coordinator).get("/responses/per/2025/report.json")

    assert page["Content-Disposition"] == (
        'attachment; filename="migration-data-capacity-PER-2025-draft.json"'
    )


def test_everybody_downloads_the_same_file_of_a_submission(
    submitted, coordinator, officer, signed_in
):
    keep(submitted, report_source("PER", "2025"))

    assert signed_in(coordinator).get(PDF).content == FILE
    assert signed_in(officer).get(PDF).content == FILE


# Every figure opens the answers behind it


@pytest.mark.parametrize("state", ["response", "filled"])
def test_every_link_within_the_page_leads_somewhere(
    state, request, coordinator, signed_in
):
    request.getfixturevalue(state)

    page = Page(read(signed_in(coordinator)))

    assert page.targets - set(page.ids) == set()
    assert sorted(set(page.ids)) == sorted(page.ids)


def test_every_figure_has_its_causes(filled, coordinator, signed_in):
    page = Page(read(signed_in(coordinator)))

    instrument = nmdc()
    scored = [q.code for s in instrument.sections for q in s.questions if q.is_scored]
    gaps = [f"{g['matrix']}--{code}" for code, g in gap_rows().items()]
    expected = {
        *(f"section-{s.code}" for s in instrument.sections if s.is_scored),
        *(f"dimension-{d.code}" for d in instrument.dimensions),
        *(f"answer-{code}" for code in scored),
        *(f"answer-{gap}" for gap in gaps),
        *(f"action-{action['code']}" for action in GOLDEN["actions"]),
    }
    assert len(scored) == 109
    assert len(gaps) == 31
    assert expected - set(page.ids) == set()
    # Scores of sections and questions are linked from the profile, gaps from the grid.
    linked = {f"answer-{code}" for code in scored}
    linked |= {f"section-{s.code}" for s in instrument.sections if s.is_scored}
    assert linked - page.targets == set()


def gap_rows():
    """Return the rows of the gap matrix: those in which no cell is fixed."""
    instrument = nmdc()
    return {
        row.code: {"matrix": gap_input.matrix}
        for gap_input in instrument.gap_inputs
        for row in instrument.question_by_code[gap_input.matrix].rows
        if row.code in GOLDEN["gaps"]
    }


def test_every_question_links_to_its_place_in_the_form(filled, coordinator, signed_in):
    links = set(Page(read(signed_in(coordinator))).links)

    expected = {
        f"/responses/PER/2025/sections/{section.code.lower()}/#q-{question.code}"
        for section in nmdc().sections
        for question in section.questions
    }
    assert expected - links == set()
    row = "c-SRC-INV%5BSRC-CEN%5D.exists"
    assert f"/responses/PER/2025/sections/src/#{row}" in links


def test_links_to_the_form_name_cells_that_are_there(filled, coordinator, signed_in):
    client = signed_in(coordinator)
    links = Page(read(client)).links
    start = "/responses/PER/2025/sections/src/#"
    fragments = {link.removeprefix(start) for link in links if link.startswith(start)}

    form = Page(client.get("/responses/PER/2025/sections/src/").content.decode())

    wanted = {f.replace("%5B", "[").replace("%5D", "]") for f in fragments}
    assert len(wanted) > 40
    assert wanted - set(form.ids) == set()


def test_all_answers_can_be_opened_without_a_script(filled, coordinator, signed_in):
    client = signed_in(coordinator)

    closed = Page(read(client)).open
    opened = Page(read(client, f"{REPORT}?answers=open")).open

    assert closed.count(True) == 0
    # The tables beside six charts, and the way through the page on a phone.
    assert opened.count(False) == 7


def test_nothing_is_inline(filled, coordinator, signed_in):
    page = signed_in(coordinator).get(REPORT)

    assert Page(page.content.decode()).inline == []
    assert "style-src 'self'" in page["Content-Security-Policy"]


# What is on the page


def test_summary_has_the_golden_figures(filled, coordinator, signed_in):
    text = read(signed_in(coordinator))

    assert "Overall capacity: level 3 of 5, Developing" in text
    assert '<a class="overall__figure" href="#sum-overall">40.2</a>' in text
    assert "Range 40.2 to 52.1" in text
    assert "the score so far is 43.0 (level 3, Developing)" in text
    assert (
        text.count('<span class="profile__none">insufficient information</span>') == 1
    )
    assert "There is no earlier accepted round to compare with." in text


def test_empty_response_says_so(response, coordinator, signed_in):
    text = read(signed_in(coordinator))

    assert "No scored question has been answered yet." in text
    assert "Insufficient information for an overall level" in text
    assert (
        text.count('<span class="profile__none">insufficient information</span>') == 8
    )


def test_text_of_a_country_is_escaped(filled, coordinator, signed_in):
    address = Address("GEN-01")
    change_answer(filled, coordinator, address, "<script>alert(1)</script>")

    text = read(signed_in(coordinator))

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


# The panel


def test_panel_shows_where_the_draft_stands(filled, coordinator, signed_in):
    text = read(signed_in(coordinator), PANEL)

    assert '<span class="standing__figure">43.0</span>' in text
    assert "Level 3, Developing" in text
    assert "Provisional: of what is answered so far. 92% of required" in text
    assert "SDG indicators assessed: 30 of 31" in text
    counts = ["Critical gap <strong>2", "Major gap <strong>7", "Need met <strong>4"]
    assert [count for count in counts if count not in text] == []
    assert f'href="{REPORT}"' in text
    assert "<html" not in text


def test_panel_of_an_empty_response_has_no_score(response, coordinator, signed_in):
    text = read(signed_in(coordinator), PANEL)

    assert "No score yet: no scored question has been answered." in text
    assert "standing__figure" not in text


def test_panel_of_a_submission_shows_what_is_published(submitted, officer, signed_in):
    text = read(signed_in(officer), PANEL)

    assert '<span class="standing__figure">40.2</span>' in text
    assert "Provisional" not in text


def test_panel_of_a_submission_with_few_answers_has_no_score(
    response, coordinator, officer, fresh, signed_in
):
    submit(fresh(response), coordinator)

    text = read(signed_in(officer), PANEL)

    assert "Insufficient information for an overall score: 1% of required" in text


# Queries


@pytest.mark.parametrize("state", ["response", "filled"])
@pytest.mark.parametrize(
    ("path", "count"),
    [(REPORT, 9), (PANEL, 7), (JSON, 8), (PDF, 9)],  # downloads recorded
)
def test_number_of_queries_does_not_grow_with_the_answers(
    path, count, state, request, coordinator, signed_in, django_assert_num_queries
):
    """One of them asks how many responses of the region stand accepted."""
    keep(request.getfixturevalue(state), report_source("PER", "2025"))
    client = signed_in(coordinator)
    client.get(JSON)  # the instrument is in memory from the first page on
    cache.clear()

    with django_assert_num_queries(count):
        client.get(path)


def test_number_of_queries_of_an_officer(
    submitted, officer, signed_in, django_assert_num_queries
):
    client = signed_in(officer)
    client.get(JSON)

    with django_assert_num_queries(9):
        client.get(REPORT)


def change_answer(response, by, address=None, value="published"):
    """Answer BAS-14, which counts 0 in the demonstration, or another question."""
    address = address or Address("BAS-14")
    held = response.answers.filter(question=address.question, row="", column="").first()
    change = Change(address, value, held.revision if held else 0)
    save_changes(response=response, changes=[change], by=by, via=Via.PAGE)


def test_languages_of_the_tests_are_the_ones_assumed():
    assert [code for code, _ in settings.LANGUAGES] == ["en"]
