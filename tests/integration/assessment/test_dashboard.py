"""The dashboard of a round: who sees it, and what is done with many countries at once."""

import io

import openpyxl
import pytest
from django.core import mail

from assessment.models import Country, CountryReminder, OfficerAssignment, Response
from assessment.services.rounds import open_response
from tests.factories import AdministratorFactory, MemberFactory, OfficerFactory
from tests.saving import put, submit

ROUND = "/rounds/2025/"
PAGES = ["", "progress/", "countries.csv", "countries.xlsx", "remind/?country=PER"]


@pytest.fixture
def three(response, round_2025, officer, coordinator):
    """Peru submitted; Chile and Ghana are drafts."""
    for iso3 in ("CHL", "GHA"):
        country = Country.objects.get(iso3=iso3)
        open_response(round_=round_2025, country=country, by=officer)
    submit(response, coordinator)
    return response


@pytest.fixture
def client(officer, signed_in):
    return signed_in(officer)


def text(page, status=200):
    assert page.status_code == status
    return " ".join(page.content.decode().split())


def names(page):
    body = text(page)
    return [n for n in ("Chile", "Ghana", "Peru") if f"Choose {n}" in body]


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_unsd_only(three, peru, signed_in, path):
    people = [OfficerFactory(), AdministratorFactory()]
    people += [MemberFactory(country=peru, role=r) for r in ("coordinator", "observer")]

    statuses = [signed_in(p).get(f"{ROUND}{path}").status_code for p in people]

    assert statuses == [200, 200, 404, 404]


@pytest.mark.parametrize("path", ["assign/", "remind/", "reports/"])
def test_countries_do_nothing_with_many(three, peru, signed_in, path):
    member = signed_in(MemberFactory(country=peru, role="coordinator"))

    page = member.post(f"{ROUND}{path}", {"country": "PER", "officer": "nobody"})

    assert page.status_code == 404
    assert OfficerAssignment.objects.count() == 0


@pytest.mark.parametrize("path", PAGES)
def test_unknown_round_is_404(officer, signed_in, path):
    assert signed_in(officer).get(f"/rounds/none/{path}").status_code == 404


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Chile", "Ghana", "Peru"]),
        ("?region=Africa", ["Ghana"]),
        ("?q=chi&status=draft", ["Chile"]),
        ("?turn=unsd", ["Peru"]),
        ("?officer=nobody&region=Americas", ["Chile", "Peru"]),
    ],
)
def test_dashboard_is_filtered_by_the_address(three, client, query, expected):
    assert names(client.get(ROUND + query)) == expected


def test_dashboard_shows_of_a_draft_its_progress_only(three, client, chilean):
    chile = Response.objects.get(country__iso3="CHL")
    put(chile, chilean, {"GEN-01": "A secret name"})

    body = text(client.get(ROUND))

    assert "A secret name" not in body
    assert '<a href="/responses/CHL/2025/">' not in body
    assert '<a href="/responses/PER/2025/">Peru</a>' in body


@pytest.fixture
def chilean(db):
    chile = Country.objects.get(iso3="CHL")
    return MemberFactory(country=chile, role="coordinator")


def test_nothing_found_leads_back(three, client):
    body = text(client.get(f"{ROUND}?q=nowhere"))

    assert "No country matches the filter." in body
    assert 'id="bulk"' not in body


def test_progress_page_lists_every_country_with_its_status(three, client):
    body = text(client.get(f"{ROUND}progress/"))

    assert '<span class="visually-hidden">Peru: Submitted</span>' in body
    assert '<span class="visually-hidden">Ghana: Draft</span>' in body
    assert 'href="/rounds/2025/?q=GHA"' in body
    assert '<path class="rate__submitted" d="M0 100H' in body
    assert "1 (33%)" in body


def test_progress_page_of_an_empty_round(round_2025, client):
    assert "No country in this round yet" in text(client.get(f"{ROUND}progress/"))


# Saving the table


def test_csv_has_what_is_shown(three, client):
    page = client.get(f"{ROUND}countries.csv?region=Americas&sort=-country")

    head, *rows = [line.split(",") for line in page.content.decode().splitlines()]
    assert head[0] == "\ufeffiso3"
    assert [row[:6] for row in rows] == [
        [
            "PER",
            "604",
            "Peru",
            "Americas",
            "Latin America and the Caribbean",
            "submitted",
        ],
        ["CHL", "152", "Chile", "Americas", "Latin America and the Caribbean", "draft"],
    ]
    peruvian = dict(zip(head, rows[0], strict=True))
    assert (peruvian["completeness"], peruvian["turn"]) == ("1.1", "unsd")
    assert (peruvian["deadline"], peruvian["days_left"]) == ("2099-12-31", "")
    assert peruvian["last_submitted"] == peruvian["first_submitted"] != ""


def test_xlsx_has_what_is_shown(three, client):
    page = client.get(f"{ROUND}countries.xlsx?region=Africa")

    sheet = openpyxl.load_workbook(io.BytesIO(page.content)).active
    head, ghana = sheet.values
    assert len(head) == len(ghana) == 20
    assert ghana[:3] == ("GHA", "288", "Ghana")
    assert ghana[6] == 1.1


# Assigning


def assigned():
    rows = Response.objects.filter(officer__isnull=False)
    return sorted(rows.values_list("country__iso3", flat=True))


def test_ticked_countries_are_assigned(three, client, officer):
    page = client.post(
        f"{ROUND}assign/?sort=turn",
        {"country": ["PER", "GHA"], "officer": officer.pk},
        follow=True,
    )

    assert assigned() == ["GHA", "PER"]
    assert page.redirect_chain == [("/rounds/2025/?sort=turn", 302)]
    assert f"{officer.name} is in charge of 2 countries more." in text(page)


def test_all_that_is_shown_is_assigned_and_taken_away(three, client, officer):
    everything = {"all": "1", "officer": officer.pk}
    client.post(f"{ROUND}assign/?region=Americas", everything)
    first = assigned()
    client.post(f"{ROUND}assign/?status=submitted", {"all": "1", "officer": "nobody"})

    assert (first, assigned()) == (["CHL", "PER"], ["CHL"])


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"officer": "nobody"}, "Tick at least one country first."),
        ({"country": "XXX", "officer": "nobody"}, "Tick at least one country first."),
        ({"country": "PER"}, "Choose who is to be in charge."),
    ],
)
def test_incomplete_choice_is_told(three, client, form, message):
    assert message in text(client.post(f"{ROUND}assign/", form, follow=True))


def test_somebody_without_a_role_at_unsd_is_not_there(three, client, coordinator):
    form = {"country": "PER", "officer": coordinator.pk}

    assert client.post(f"{ROUND}assign/", form).status_code == 404


def test_officer_of_the_own_country_is_refused(three, peru, client):
    own = OfficerFactory()
    peru.memberships.create(user=own, role="observer")
    form = {"country": "PER", "officer": own.pk}

    assert "belongs to the team" in text(client.post(f"{ROUND}assign/", form), 409)
    assert assigned() == []


# Reminding


def test_choice_leads_to_the_preview(three, client):
    form = {"all": "1", "do": "choose"}

    page = client.post(f"{ROUND}remind/?status=draft", form)

    assert page["Location"] == "/rounds/2025/remind/?country=CHL&country=GHA"


def test_choice_of_nothing_is_told(three, client):
    page = client.post(f"{ROUND}remind/?q=x", {"do": "choose"}, follow=True)

    assert page.redirect_chain == [("/rounds/2025/?q=x", 302)]
    assert "Tick at least one country first." in text(page)


def test_preview_shows_who_gets_what(three, chilean, client):
    body = text(client.get(f"{ROUND}remind/?country=CHL&country=GHA&country=PER"))

    assert "1 country gets it" in body
    assert f"{chilean.name} &lt;{chilean.email}&gt;" in body
    assert "the response of Chile to “A round” is still open." in body
    assert "the response of Ghana" not in body
    assert "The country has no coordinator." in body
    assert "The response was handed in." in body


def test_preview_of_nobody_offers_no_sending(three, client):
    assert 'value="send"' not in text(client.get(f"{ROUND}remind/?country=GHA"))


MESSAGE = {"country": ["CHL"], "subject": "{country}!", "text": "Go.", "language": "en"}


def test_edited_text_is_previewed_and_not_sent(three, chilean, client):
    body = text(client.post(f"{ROUND}remind/", MESSAGE | {"do": "preview"}))

    assert "Chile!" in body
    assert CountryReminder.objects.count() == 0


def test_reminder_is_sent_once(
    three, chilean, client, django_capture_on_commit_callbacks
):
    form = MESSAGE | {"do": "send"}
    with django_capture_on_commit_callbacks(execute=True):
        first = text(client.post(f"{ROUND}remind/", form, follow=True))
        second = text(client.post(f"{ROUND}remind/", form, follow=True))

    assert "1 country was reminded." in first
    assert "Chile was not reminded: Reminded within the last day." in second
    assert [(m.to, m.subject) for m in mail.outbox] == [([chilean.email], "Chile!")]


def test_empty_message_is_refused(three, chilean, client):
    page = client.post(f"{ROUND}remind/", MESSAGE | {"text": " ", "do": "send"})

    assert "This field is required." in text(page, 422)
    assert CountryReminder.objects.count() == 0
