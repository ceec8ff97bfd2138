"""The pages of an action plan, as those who may change it and those who read it."""

import html
import io
import re

import openpyxl
import pytest
from django.utils import translation

from assessment.models import AuditEvent, PlanEdition
from assessment.plans import actions_of, content_of
from assessment.services.transitions import accept_response
from reports.analysis import analyse
from reports.document import build_document
from reports.pdf import render_html
from reports.plan_page import PlanPage
from reports.plan_workbook import plan_workbook
from reports.queries import report_source_for
from tests.carrying import opened
from tests.factories import MemberFactory
from tests.planning import FULL, add, adopt, own, say
from tests.saving import submit

PLAN = "/responses/PER/2025/plan/"
FIRST, SECOND = "R-GOV-01", "R-GOV-02"
TITLE = "Prepare a national migration data strategy"


@pytest.fixture
def client(response, coordinator, signed_in):
    return signed_in(coordinator)


def text(page):
    return " ".join(html.unescape(page.content.decode()).split())


def ticked(page):
    boxes = re.findall(r'name="code" value="([^"]+)"[^>]*?( checked)?>', text(page))
    return [code for code, is_ticked in boxes if is_ticked]


def posted(content, base=1):
    """Return what the form of an action sends."""
    values = {name: value or "" for name, value in content.as_json().items()}
    return values | {"partners": list(content.partners), "base": base}


# Choosing


def test_first_wave_is_ticked_and_nothing_is_added_unasked(filled, client):
    page = client.get(PLAN)

    assert page.status_code == 200
    assert len(ticked(page)) == 12
    assert actions_of(filled) == []


def test_what_is_ticked_is_added_and_no_longer_offered(filled, client):
    codes = ticked(client.get(PLAN))[:2]

    page = client.post(f"{PLAN}add/", {"code": codes}, follow=True)

    assert [a.recommendation for a in actions_of(filled)] == codes
    assert "2 actions were added to the plan." in text(page)
    assert f'value="{codes[0]}"' not in text(page)
    assert ticked(page) == []  # a suggestion is made once


def test_nothing_ticked_says_so(client, response):
    page = client.post(f"{PLAN}add/")

    assert page.status_code == 422
    assert "Nothing was ticked" in text(page)


def test_unknown_code_adds_nothing(client, response):
    page = client.post(f"{PLAN}add/", {"code": ["R-XXX-01"]})

    assert page.status_code == 409
    assert actions_of(response) == []


def test_own_action_is_added_with_all_that_was_said(client, response):
    page = client.post(f"{PLAN}own/", posted(FULL), follow=True)

    (action,) = actions_of(response)
    assert content_of(action) == FULL
    assert FULL.title in text(page)


def test_own_action_without_title_keeps_what_was_typed(client, response):
    page = client.post(f"{PLAN}own/", {"owner": "INEI <b>", "status": "planned"})

    assert page.status_code == 422
    assert 'href="#id_title"' in text(page)
    assert "INEI &lt;b&gt;" in page.content.decode()
    assert actions_of(response) == []


# Changing


def test_action_is_changed_in_its_place(client, response, coordinator):
    add(response, coordinator, FIRST, SECOND)

    shown = client.get(f"{PLAN}actions/1/")
    page = client.post(f"{PLAN}actions/1/", posted(FULL))

    assert 'action="/responses/PER/2025/plan/actions/1/"' in text(shown)
    assert (page.status_code, page.headers["Location"]) == (302, f"{PLAN}#plan-1")
    action = actions_of(response)[0]
    assert (action.title, action.owner, action.cost) == ("", "INEI", "from_10")


def test_stale_change_shows_both_and_can_be_saved_then(client, response, coordinator):
    (action,) = add(response, coordinator, FIRST)
    say(action, coordinator, owner="Migraciones")

    page = client.post(f"{PLAN}actions/1/", posted(FULL, base=1))

    assert page.status_code == 409
    assert "Theirs:</span> Migraciones" in text(page)
    assert '<option value="from_10" selected>' in text(page)
    assert "Yours:</span> INEI" in text(page)
    assert actions_of(response)[0].owner == "Migraciones"
    assert 'name="base" value="2"' in text(page)
    assert client.post(f"{PLAN}actions/1/", posted(FULL, base=2)).status_code == 302
    assert actions_of(response)[0].owner == "INEI"


@pytest.mark.parametrize("base", ["", "x", "-1", "9" * 30])
def test_damaged_base_is_a_conflict(client, response, coordinator, base):
    add(response, coordinator, FIRST)

    page = client.post(f"{PLAN}actions/1/", posted(FULL) | {"base": base})

    assert page.status_code == 409
    assert actions_of(response)[0].revision == 1


def test_invalid_change_keeps_the_revision_it_was_based_on(
    client, response, coordinator
):
    (action,) = add(response, coordinator, FIRST)
    say(action, coordinator, owner="Migraciones")

    page = client.post(
        f"{PLAN}actions/1/", posted(FULL, base=1) | {"ends_on": "2020-01-01"}
    )

    assert page.status_code == 422
    assert 'name="base" value="1"' in text(page)
    assert "The action ends before it starts." in text(page)


def test_action_moves_goes_and_comes_back(client, response, coordinator):
    add(response, coordinator, FIRST, SECOND)

    client.post(f"{PLAN}actions/2/move/", {"to": "up", "at": "2"})
    client.post(f"{PLAN}actions/1/withdraw/")
    page = client.get(PLAN)

    assert [a.number for a in actions_of(response) if a.is_standing] == [2]
    assert "1 action was taken out of the plan" in text(page)
    client.post(f"{PLAN}actions/1/restore/")
    assert [a.number for a in actions_of(response) if a.is_standing] == [2, 1]


@pytest.mark.parametrize("number", [0, 7, 10**30])
@pytest.mark.parametrize("what", ["", "move/", "withdraw/", "restore/"])
def test_action_that_is_none_is_not_found(client, response, coordinator, number, what):
    add(response, coordinator, FIRST)

    assert client.post(f"{PLAN}actions/{number}/{what}").status_code == 404


# Who reads, and what


@pytest.mark.parametrize("role", ["contributor", "observer"])
def test_others_of_the_country_read_the_live_plan(
    response, coordinator, peru, signed_in, role
):
    add(response, coordinator, FIRST)
    client = signed_in(MemberFactory(country=peru, role=role))

    page = client.get(PLAN)

    assert TITLE in text(page)
    assert 'method="post" action="/responses' not in text(page)
    for path in ("add/", "own/", "statuses/", "adopt/", "carry/", "actions/1/"):
        assert client.post(PLAN + path).status_code == 403
    for path in ("own/", "adopt/", "actions/1/"):
        assert client.get(PLAN + path).status_code == 403
    assert client.get(f"{PLAN}history/").status_code == 200


def test_officer_reads_what_was_adopted_only(response, coordinator, officer, signed_in):
    (action,) = add(response, coordinator, FIRST)
    say(action, coordinator, owner="Adopted office")
    adopt(response, coordinator)
    say(action, coordinator, owner="Live office")
    client = signed_in(officer)
    assert client.get(PLAN).status_code == 404
    submit(response, coordinator)

    page = client.get(PLAN)

    assert "You read edition 1 of the plan" in text(page)
    assert "Adopted office" in text(page)
    assert "Live office" not in text(page)
    assert client.get(f"{PLAN}?edition=1").status_code == 200
    assert client.get(f"{PLAN}history/").status_code == 404
    assert client.post(f"{PLAN}add/", {"code": SECOND}).status_code == 403
    for asked in ("2", "x", "-1", "9" * 30):
        assert client.get(f"{PLAN}?edition={asked}").status_code == 404
        assert client.get(f"{PLAN[:-1]}.xlsx?edition={asked}").status_code == 404


def test_officer_is_told_that_nothing_is_adopted(
    response, coordinator, officer, signed_in
):
    add(response, coordinator, FIRST)
    submit(response, coordinator)

    page = signed_in(officer).get(PLAN)

    assert "has not adopted an action plan yet" in text(page)
    assert signed_in(officer).get(f"{PLAN[:-1]}.xlsx").status_code == 404


# Adopting


def test_plan_is_adopted_after_it_was_shown(client, response, coordinator):
    add(response, coordinator, FIRST)

    shown = client.get(f"{PLAN}adopt/")
    seen = re.search(r'name="seen" value="(\w+)"', text(shown))[1]
    page = client.post(f"{PLAN}adopt/", {"seen": seen}, follow=True)

    assert PlanEdition.objects.get().number == 1
    assert "The plan is adopted as edition 1." in text(page)
    assert "Adopt the" not in text(page)


def test_plan_that_changed_meanwhile_is_shown_again(client, response, coordinator):
    (action,) = add(response, coordinator, FIRST)
    shown = client.get(f"{PLAN}adopt/")
    seen = re.search(r'name="seen" value="(\w+)"', text(shown))[1]
    say(action, coordinator, owner="INEI")

    page = client.post(f"{PLAN}adopt/", {"seen": seen})

    assert page.status_code == 409
    assert "The plan changed since this page was opened." in text(page)
    assert PlanEdition.objects.count() == 0


def test_plan_changes_after_acceptance_and_the_page_says_so(
    client, response, coordinator, officer
):
    (action,) = add(response, coordinator, FIRST)
    adopt(response, coordinator)
    submit(response, coordinator)
    accept_response(response=response, by=officer)

    client.post(
        f"{PLAN}statuses/",
        {"number": "1", "base-1": "1", "status-1": "done", "remark-1": "In force."},
    )

    action.refresh_from_db()
    assert (action.status, action.remark) == ("done", "In force.")
    assert "Changed since edition 1." in text(client.get(PLAN))


def test_report_prints_the_edition_asked_for_and_never_the_live_plan(
    client, response, coordinator
):
    (action,) = add(response, coordinator, FIRST)
    for owner in ("First office", "Second office"):
        say(action, coordinator, owner=owner)
        adopt(response, coordinator)
    say(action, coordinator, owner="Live office")
    report = "/responses/PER/2025/report/"
    assert "Live office" in text(client.get(report))
    assert client.get(f"{report}?plan=1").status_code == 404  # a draft has no edition
    submit(response, coordinator)

    found = [text(client.get(report + asked)) for asked in ("", "?plan=1")]

    assert [
        [owner in one for owner in ("First office", "Second office", "Live office")]
        for one in found
    ] == [[False, True, False], [True, False, False]]
    for asked in ("3", "x", "-1"):
        assert client.get(f"{report}?plan={asked}").status_code == 404


def test_json_page_and_pdf_hold_the_same_edition(client, response, coordinator, fresh):
    (first,) = add(response, coordinator, FIRST)
    edition = adopt(response, coordinator)
    say(first, coordinator, owner="The office")
    own(response, coordinator)
    report = "/responses/PER/2025/report"
    live = client.get(f"{report}.json").json()["action_plan"]
    latest = adopt(response, coordinator)
    submit(response, coordinator)
    say(first, coordinator, owner="Live office")

    found = client.get(f"{report}.json").json()["action_plan"]
    older = client.get(f"{report}.json?plan=1").json()["action_plan"]

    assert [live[key] for key in ("edition", "adopted_at", "adopted_by", "sha256")] == [
        None
    ] * 4
    assert live["actions"] == found["actions"]
    assert (found["edition"], found["sha256"]) == (2, latest.sha256)
    assert (found["adopted_by"], found["earlier"]) == (coordinator.name, None)
    assert (older["edition"], older["sha256"]) == (1, edition.sha256)
    assert [action["owner"] for action in older["actions"]] == [""]
    said = [
        (action["number"], action["recommendation"], action["owner"])
        for action in found["actions"]
    ]
    assert said == [(1, FIRST, "The office"), (2, "", "INEI")]
    source = report_source_for(coordinator, fresh(response))
    document = build_document(
        source, analyse(source.instrument, source.answers), language="en"
    )
    assert [(row.number, row.code, row.owner) for row in document.plan.rows] == said
    page, printed = text(client.get(f"{report}/")), render_html(source)
    owners = [owner for _number, _code, owner in said]
    assert re.findall(r"</b></th><td>([^<]+)</td>", printed) == owners
    for number, _code, owner in said:
        assert owner in page.split(f'id="plan-{number}"')[1].split("</tr>")[0]
    assert '<a href="#plan">In the plan</a>: The office' in page
    assert latest.sha256 in page
    assert latest.sha256 in printed


def test_json_without_a_plan_says_none(client, response, coordinator):
    submit(response, coordinator)

    found = client.get("/responses/PER/2025/report.json").json()

    assert found["action_plan"] is None


# The next round


@pytest.fixture
def carried(nmdc_db, peru, officer, coordinator):
    earlier = opened(nmdc_db, 2022, peru, officer)
    add(earlier, coordinator, FIRST, SECOND)
    adopt(earlier, coordinator)
    return opened(nmdc_db, 2025, peru, officer)


def test_hub_and_check_ask_what_became_of_the_plan(
    carried, coordinator, contributor, signed_in
):
    for person in (coordinator, contributor):
        for path in ("", "check/"):
            page = signed_in(person).get(f"/responses/PER/2025/{path}")
            assert "2 actions of the 2022 plan: say what became of them" in text(page)


def test_what_became_is_saved_at_once_and_the_stale_one_is_told(
    carried, coordinator, signed_in
):
    client = signed_in(coordinator)
    _, second = actions_of(carried)
    say(second, coordinator, status="under_way")
    sent = {"number": ["1", "2", "x"], "base-1": "1", "base-2": "1", "remark-1": "Law."}

    page = client.post(
        f"{PLAN}statuses/", sent | {"status-1": "done", "status-2": "dropped"}
    )

    assert page.status_code == 409
    assert "says “Under way”" in text(page)
    assert "you said “Dropped”" in text(page)
    statuses = [(a.status, a.remark) for a in actions_of(carried)]
    assert statuses == [("done", "Law."), ("under_way", "")]
    assert '<input type="hidden" name="base-2" value="2">' in text(page)
    assert '<option value="dropped" selected>' in text(page)  # to be saved again
    assert "of the 2022 plan: say" not in text(client.get("/responses/PER/2025/"))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"status-1": "", "remark-1": "A law."}, "A remark is saved with a status."),
        ({"status-1": "no", "remark-1": "A law."}, "The action was not saved."),
        ({"status-1": "done", "remark-1": "A law." * 900}, "The action was not saved."),
    ],
)
def test_remark_that_cannot_be_saved_comes_back_as_typed(
    carried, coordinator, signed_in, sent, said
):
    page = signed_in(coordinator).post(
        f"{PLAN}statuses/", {"number": "1", "base-1": "1"} | sent
    )

    assert page.status_code == 422
    assert said in text(page)
    assert f">{sent['remark-1']}</textarea>" in text(page)
    assert [a.revision for a in actions_of(carried)] == [1, 1]


def test_earlier_plan_can_be_carried_over_later(
    nmdc_db, peru, officer, coordinator, signed_in
):
    earlier = opened(nmdc_db, 2022, peru, officer)
    response = opened(nmdc_db, 2025, peru, officer)
    add(earlier, coordinator, FIRST)
    adopt(earlier, coordinator)
    client = signed_in(coordinator)
    assert "Carry them over" in text(client.get(PLAN))

    client.post(f"{PLAN}carry/")

    assert [a.earlier_number for a in actions_of(response)] == [1]
    assert "goes on in the round of 2025" in text(
        client.get("/responses/PER/2022/plan/")
    )
    assert (
        client.post("/responses/PER/2022/plan/add/", {"code": SECOND}).status_code
        == 409
    )


# The workbook


def test_workbook_has_dates_lists_and_no_formulas(client, response, coordinator):
    add(response, coordinator, FIRST)
    own(response, coordinator, FULL)
    (action, *_) = actions_of(response)
    say(action, coordinator, owner="=HYPERLINK(1)")

    page = client.get("/responses/PER/2025/plan.xlsx")

    book = openpyxl.load_workbook(io.BytesIO(page.content))
    sheet = book["Action plan"]
    assert book.sheetnames == ["Action plan", "About", "Lists"]
    assert [cell.value for cell in sheet[2]][:3] == [1, TITLE, FIRST]
    assert (sheet["G2"].value, sheet["G2"].data_type) == ("'=HYPERLINK(1)", "s")
    values = [cell.value for cell in sheet[3]]
    assert [value.date() for value in values[7:9]] == [FULL.starts_on, FULL.ends_on]
    assert values[:7] + values[9:] == [
        2, FULL.title, None, None, FULL.text, None, "INEI",
        "10,000 to 50,000", "IOM, UNSD, A donor", "Under way", FULL.remark,
        FULL.co_owners, FULL.measure,
    ]  # fmt: skip
    assert sheet["H3"].number_format == "yyyy-mm-dd"
    rules = {
        str(rule.sqref): (rule.type, rule.formula1)
        for rule in sheet.data_validations.dataValidation
    }
    assert rules["L2:L23"] == ("list", "'Lists'!$A$1:$A$5")
    assert rules["J2:J23"] == ("list", "'Lists'!$B$1:$B$6")
    assert rules["H2:H23"][0] == rules["I2:I23"][0] == "date"
    assert [cell.value for cell in book["Lists"]["A"][:5]] == [
        "Planned", "Under way", "Done", "Postponed", "Dropped",
    ]  # fmt: skip
    assert page["Content-Disposition"].endswith('"action-plan-PER-2025-live.xlsx"')
    event = AuditEvent.objects.order_by("pk").last()
    assert (event.action, event.subject) == (
        "download.plan",
        "action-plan-PER-2025-live.xlsx",
    )


def test_workbook_runs_from_right_to_left_and_names_its_edition(
    carried, coordinator, officer, fresh
):
    edition = adopt(carried, coordinator)
    submit(carried, coordinator)
    response = fresh(carried)
    page = PlanPage(officer, response, report_source_for(officer, response))

    with translation.override("ar"):
        content = plan_workbook(page)

    book = openpyxl.load_workbook(io.BytesIO(content))
    assert [sheet.sheet_view.rightToLeft for sheet in book] == [True] * 4
    about = {cell.value for row in book.worksheets[2].rows for cell in row}
    assert {edition.sha256, 1, coordinator.name} <= about
