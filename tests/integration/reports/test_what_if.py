"""The page on which answers are tried out: who may, what comes back, nothing written."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.models import Answer, AnswerRevision, AuditEvent, Country
from tests.factories import MemberFactory
from tests.integration.reports.test_report_views import Page

PAGE = "/responses/PER/2025/report/what-if/"
NEED = "POL-NEEDS%5BPOL-C%5D"
CHANGED = f"{PAGE}?COO-01=none"


def read(client, path, status=200):
    page = client.get(path)
    assert page.status_code == status
    return page.content.decode()


def kept():
    return Answer.objects.count(), AnswerRevision.objects.count()


@pytest.mark.parametrize("role", ["contributor", "coordinator", "observer"])
def test_every_role_in_the_country_may_try(role, filled, peru, signed_in):
    text = read(signed_in(MemberFactory(country=peru, role=role)), CHANGED)

    assert "Nothing here is saved" in text
    assert "40.2 → 38.5" in text


def test_officer_tries_on_the_submission_only(filled, officer, signed_in):
    assert signed_in(officer).get(CHANGED).status_code == 404


def test_officer_tries_on_the_submission(submitted, officer, signed_in):
    assert "40.2 → 38.5" in read(signed_in(officer), CHANGED)


def test_another_country_finds_nothing(submitted, signed_in):
    chile = Country.objects.get(iso3="CHL")
    client = signed_in(MemberFactory(country=chile, role="coordinator"))

    assert client.get(CHANGED).status_code == 404
    assert client.post(PAGE, {"at": "COO-01", "COO-01": "none"}).status_code == 404


def test_nothing_is_written(filled, coordinator, signed_in):
    client = signed_in(coordinator)
    before = kept(), AuditEvent.objects.count()

    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(CHANGED)
        client.post(PAGE, {"at": "COO-01", "COO-01": "none"})
        client.post(PAGE, {"at": "GEN-02", "GEN-02": "1800"})
        client.get(f"{PAGE}?best={NEED}")

    verbs = {query["sql"].split()[0] for query in asked.captured_queries}
    assert verbs == {"SELECT"}
    assert (kept(), AuditEvent.objects.count()) == before


def test_form_leads_to_an_address_that_can_be_shared(filled, coordinator, signed_in):
    client = signed_in(coordinator)

    page = client.post(PAGE, {"at": "COO-01", "COO-01": "none", "add": "GEN-02"})

    assert page.status_code == 302
    assert page["Location"] == f"{PAGE}?at=GEN-02&COO-01=none"
    assert "40.2 → 38.5" in read(client, page["Location"])


def test_submission_asked_for_stays(returned, coordinator, signed_in):
    client = signed_in(coordinator)

    page = client.post(f"{PAGE}?submission=1", {"at": "COO-01", "COO-01": "none"})

    assert page["Location"] == f"{PAGE}?submission=1&COO-01=none"
    text = read(client, page["Location"])
    assert f'action="{PAGE}?submission=1"' in text
    assert 'href="/responses/PER/2025/report/?submission=1"' in text


def test_what_would_close_a_gap_is_one_link(filled, coordinator, signed_in):
    client = signed_in(coordinator)

    page = client.get(f"{PAGE}?best={NEED}")

    assert page.status_code == 302
    text = read(client, page["Location"])
    assert "Reasons for immigration" in text
    assert 'Moderate gap</span> <span class="arrow">→</span>' in text
    assert "Answers that score best" not in text


def test_refused_value_is_shown_beside_its_control(filled, coordinator, signed_in):
    page = signed_in(coordinator).post(
        PAGE, {"at": ["GEN-02", "COO-01"], "GEN-02": "next year", "COO-01": "none"}
    )

    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="next year"' in text
    assert "Enter a year with four digits, for example 2024.</span>" in text
    assert "40.2 → 38.5" in text


def test_too_many_changes_for_an_address_are_shown_all_the_same(
    filled, coordinator, signed_in
):
    rows = [f"POL-NEEDS[POL-{letter}]" for letter in "ABCDEFGHIJKLMNO"]

    page = signed_in(coordinator).post(PAGE, {"at": rows, "best": rows})

    assert page.status_code == 200
    assert "These are too many changes for an address" in page.content.decode()


def test_address_says_what_of_it_was_ignored(filled, coordinator, signed_in):
    """Also where it asks for best answers, which otherwise leads to another address."""
    client = signed_in(coordinator)
    nonsense = "&".join(f"NO-{number:02}=1" for number in range(12))

    one = read(client, f"{PAGE}?COO-01=none&%00%3Cb%3E=1&best=COO-02")
    many = read(client, f"{PAGE}?COO-01=none&{nonsense}")

    assert "Part of this address was ignored" in one
    assert "<bdi>\ufffd&lt;b&gt;</bdi>" in one
    assert "With 2 answers changed:" in one
    assert "NO-09 and 2 more</bdi>" in many
    assert "NO-10" not in many
    assert "With 1 answer changed:" in many
    assert "was ignored" not in read(client, CHANGED)


def test_form_or_submission_that_is_none_is_not_found(filled, coordinator, signed_in):
    client = signed_in(coordinator)

    assert client.get(f"{PAGE}?submission=9").status_code == 404
    assert client.post(PAGE, {"at": "NOWHERE"}).status_code == 404


def test_text_in_the_address_is_escaped(filled, coordinator, signed_in):
    text = read(
        signed_in(coordinator), f"{PAGE}?find=%3Cscript%3Ealert(1)%3C/script%3E"
    )

    assert "<script>alert" not in text
    assert "Nothing fits that could be tried out." in text


def test_empty_draft_can_be_tried(response, coordinator, signed_in):
    text = read(signed_in(coordinator), f"{PAGE}?COO-01=formal")

    assert "Too little is answered for the report to print an overall level." in text
    assert "Would be asked then" in text


def test_number_of_queries_does_not_grow(
    filled, coordinator, signed_in, django_assert_num_queries
):
    client = signed_in(coordinator)
    client.get(PAGE)

    for path in (PAGE, f"{CHANGED}&at=SRC-INV%5BSRC-CEN%5D&at={NEED}"):
        with django_assert_num_queries(8):
            page = client.get(path)
    assert page["Cache-Control"] == "private, no-store"
    assert Page(page.content.decode()).inline == []
