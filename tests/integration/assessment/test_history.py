"""The history of a response, of a cell, its export, and restoring an earlier value."""

import csv
import html
import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.models import AnswerRevision, Response, Via
from assessment.queries import held_answers
from assessment.services.answers import save_changes
from tests.factories import AdministratorFactory, MemberFactory, OfficerFactory
from tests.instruments import at
from tests.saving import change, save, submit

HISTORY = "/responses/PER/2025/history/"
EXPORT = "/responses/PER/2025/history.csv"
RESTORE = f"{HISTORY}restore/"
CELL = f"{HISTORY}?cell=GEN-03"


@pytest.fixture
def changed(response, coordinator, contributor):
    save(response, coordinator, change("GEN-03", "INEI"))
    save(response, contributor, change("GEN-03", "Migraciones", 1))
    return response


@pytest.fixture
def client(response, coordinator, signed_in):
    return signed_in(coordinator)


def text_of(page):
    content = html.unescape(page.content.decode())
    content = re.sub(r"<(script|style)\b.*?</\1>", "", content, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content))


def titles(page):
    return re.findall(
        r'class="event__name"><(?:a[^>]*|strong)>([^<]*)<', page.content.decode()
    )


def rows(page):
    content = b"".join(page.streaming_content).decode()
    assert content.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(content.removeprefix("\ufeff"), newline="")))


def restore(client, revision, base, cell="GEN-03"):
    data = {"cell": cell, "revision": revision, "base": base}
    return client.post(RESTORE, data, follow=True)


@pytest.mark.parametrize("role", ["contributor", "coordinator", "observer"])
@pytest.mark.parametrize("path", [HISTORY, CELL, EXPORT])
def test_people_of_the_country_read_the_history(changed, peru, signed_in, role, path):
    client = signed_in(MemberFactory(country=peru, role=role))

    assert client.get(path).status_code == 200


@pytest.mark.parametrize("factory", [OfficerFactory, AdministratorFactory])
@pytest.mark.parametrize("path", [HISTORY, CELL, EXPORT])
def test_nobody_at_unsd_reads_live_answers(
    changed, coordinator, signed_in, factory, path
):
    submit(changed, coordinator)
    client = signed_in(factory())

    assert client.get("/responses/PER/2025/").status_code == 200
    assert client.get(path).status_code == 404
    assert b"history/" not in client.get("/responses/PER/2025/sections/gen/").content


def test_history_names_cell_values_people_and_ways(changed, client):
    page = client.get(HISTORY)

    text = text_of(page)
    assert titles(page) == ["Lead agency", "Lead agency", "Opened", "Assessment year"]
    assert (
        "Lead agency GEN-03 – history of this answer From INEI To Migraciones Page"
        in text
    )
    assert 'href="/responses/PER/2025/sections/gen/#q-GEN-03"' in page.content.decode()
    main = page.content.decode().split("<main")[1].split("</main>")[0]
    assert "@example.org" not in main


def test_history_is_filtered_by_the_form(changed, client, contributor):
    page = client.get(HISTORY, {"section": "GEN", "person": contributor.pk})

    assert titles(page) == ["Lead agency"]
    assert 'href="/responses/PER/2025/history.csv?section=GEN&amp;person=' in (
        page.content.decode()
    )


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"section": "XXX"}, "Select a valid choice."),
        ({"person": "1 OR 1"}, "Select a valid choice."),
        ({"since": "soon"}, "Enter a valid date."),
        ({"way": "magic"}, "Select a valid choice."),
        ({"until": "0001-01-01"}, "Nothing matches the filter."),
        ({"until": "9999-12-31"}, "Lead agency"),
    ],
)
def test_odd_filters_are_answered(changed, client, asked, error):
    page = client.get(HISTORY, asked)

    assert page.status_code == 200
    assert error in text_of(page)


def test_history_is_read_in_pages_of_fifty(response, client, coordinator):
    for revision in range(60):
        save(response, coordinator, change("GEN-03", f"Text {revision}", revision))

    first = client.get(HISTORY)
    (older,) = re.findall(r'href="([^"]*before=[^"]*)"', first.content.decode())
    second = client.get(html.unescape(older))

    assert (len(titles(first)), len(titles(second))) == (50, 12)
    assert "before=" not in second.content.decode()
    assert "Back to the newest" in text_of(second)


@pytest.mark.parametrize("number", [1, 3000])
def test_history_costs_six_queries(response, client, coordinator, number):
    save(response, coordinator, change("GEN-03", "x"))
    answer = response.answers.get(question="GEN-03")
    first = answer.revisions.get()
    AnswerRevision.objects.bulk_create(
        AnswerRevision(
            answer=answer,
            revision=revision,
            value=f"Text {revision}",
            via=Via.PAGE,
            changed_by=coordinator,
            changed_at=first.changed_at,
        )
        for revision in range(2, number + 1)
    )
    response.answers.filter(pk=answer.pk).update(revision=number)
    counts = []
    for path in (HISTORY, CELL):
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        counts.append(len(captured))

    assert counts == [7, 6]


def test_long_text_is_shortened_with_the_whole_to_unfold(response, client, coordinator):
    long = "word " * 60
    save(response, coordinator, change("GEN-12", long))

    content = client.get(HISTORY).content.decode()

    assert re.findall(r"<summary>((?:word ?)+)…", content)[0].count("word") == 32
    assert f'<p class="history-text">{long.strip()}</p>' in content


@pytest.mark.parametrize("cell", ["", "GEN-99", "GEN-03[x", "SRC-INV[XXX].exists"])
def test_unknown_cell_has_no_history(response, client, cell):
    assert client.get(HISTORY, {"cell": cell}).status_code == 404
    assert client.post(RESTORE, {"cell": cell}).status_code == 404


def test_cell_never_answered_has_an_empty_history(response, client):
    page = client.get(HISTORY, {"cell": "SRC-INV[SRC-CEN].exists"})

    assert "Nothing has happened yet." in text_of(page)


def test_earlier_value_is_restored_as_a_new_revision(changed, client, coordinator):
    page = restore(client, 1, base=2)

    assert "The earlier value stands again." in text_of(page)
    held = held_answers(changed)[at("GEN-03")]
    assert (held.value, held.revision, held.by) == ("INEI", 3, coordinator.name)
    last = AnswerRevision.objects.get(answer__question="GEN-03", revision=3)
    assert (last.via, last.changed_by) == ("page", coordinator)


def test_restoring_what_moved_on_is_a_conflict(changed, client, contributor):
    save(changed, contributor, change("GEN-03", "Third", 2))

    page = restore(client, 1, base=2)

    assert f"{contributor.name} changed this answer meanwhile." in text_of(page)
    assert held_answers(changed)[at("GEN-03")].value == "Third"


def test_restoring_twice_changes_once(changed, client):
    restore(client, 1, base=2)

    page = restore(client, 1, base=2)

    assert "This value stands already" in text_of(page)
    assert held_answers(changed)[at("GEN-03")].revision == 3


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"revision": "9", "base": "2"}, 404),
        ({"revision": "x", "base": "2"}, 400),
        ({"revision": "1", "base": "-2"}, 400),
        ({"revision": "1"}, 400),
    ],
)
def test_odd_restoring_is_refused(changed, client, data, status):
    page = client.post(RESTORE, {"cell": "GEN-03", **data})

    assert page.status_code == status
    assert held_answers(changed)[at("GEN-03")].value == "Migraciones"


@pytest.mark.parametrize(
    ("role", "status"), [("observer", 403), ("contributor", 200), ("coordinator", 200)]
)
def test_only_who_may_answer_restores(changed, peru, signed_in, role, status):
    client = signed_in(MemberFactory(country=peru, role=role))

    is_offered = b"Restore this value" in client.get(CELL).content
    page = restore(client, 1, base=2)

    assert (page.status_code, is_offered) == (status, status == 200)


def test_nothing_is_restored_in_a_submitted_response(changed, client, coordinator):
    submit(changed, coordinator)

    assert b"Restore this value" not in client.get(CELL).content
    assert restore(client, 1, base=2).status_code == 409


def test_value_that_stands_is_not_offered_for_restoring(changed, client, coordinator):
    save(changed, coordinator, change("GEN-03", "INEI", 2))

    content = client.get(CELL).content.decode()

    assert re.findall(r'name="revision" value="(\d)"', content) == ["2"]


def test_export_has_the_documented_columns(changed, client, coordinator, contributor):
    page = client.get(EXPORT, {"question": "GEN-03"})

    found = rows(page)
    assert page.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        page.headers["Content-Disposition"]
        == 'attachment; filename="history_PER_2025.csv"'
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found[0].pop("moment"))
    assert found[0] == {
        "person": contributor.name,
        "question": "GEN-03",
        "row": "",
        "column": "",
        "label": "Lead agency",
        "from": "INEI",
        "to": "Migraciones",
        "revision": "2",
        "way": "page",
        "confirmed": "yes",
    }
    assert [row["to"] for row in found] == ["Migraciones", "INEI"]


def test_export_holds_transitions_and_unconfirmed_values(response, client, coordinator):
    save_changes(
        response=response,
        changes=[change("SRC-INV[SRC-CEN].latest_year", 2017)],
        by=coordinator,
        via=Via.PREFILL,
        is_confirmed=False,
    )
    submit(response, coordinator)

    found = rows(client.get(EXPORT))

    picked = [
        tuple(
            row[name] for name in ("label", "row", "column", "to", "way", "confirmed")
        )
        for row in found[:2]
    ]
    assert picked == [
        ("Submitted", "", "", "Submitted", "status", "yes"),
        (
            "Inventory of data sources · Population and housing census · Latest year",
            "SRC-CEN",
            "latest_year",
            "2017",
            "prefill",
            "no",
        ),
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_export_arms_no_formula(response, client, coordinator, start):
    save(response, coordinator, change("GEN-03", f"{start}1+1|cmd"))

    (row,) = rows(client.get(EXPORT, {"question": "GEN-03"}))

    assert row["to"] == f"'{start}1+1|cmd"


def test_export_of_many_pages_is_whole(response, client, coordinator):
    for revision in range(120):
        save(response, coordinator, change("GEN-03", f"Text {revision}", revision))

    found = rows(client.get(EXPORT, {"question": "GEN-03"}))

    assert [row["revision"] for row in found] == [str(n) for n in range(120, 0, -1)]


@pytest.mark.parametrize("status", [s.value for s in Response.Status])
def test_question_of_a_section_leads_to_its_history(response, client, status):
    Response.objects.filter(pk=response.pk).update(status=status)

    content = client.get("/responses/PER/2025/sections/gen/").content.decode()

    links = re.findall(r'class="question__link" href="([^"]*history[^"]*)"', content)
    assert len(links) == len(re.findall('class="question question', content))
    assert links[0] == f"{HISTORY}?question=GEN-01"
