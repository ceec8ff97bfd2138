"""contracts.md, section 2: the form without JavaScript."""

import html
import json
import re

import pytest

from assessment.models import AnswerRevision, Response
from assessment.queries import held_answers
from assessment.services.rounds import close_round
from tests.factories import MemberFactory
from tests.instruments import nmdc
from tests.saving import put

GEN = "/responses/PER/2025/sections/gen/"
BAS = "/responses/PER/2025/sections/bas/"
FIRST = nmdc().question_by_code["GEN-09"].choices[0].value
SECOND = nmdc().question_by_code["GEN-09"].choices[1].value


@pytest.fixture
def client(response, contributor, signed_in):
    return signed_in(contributor)


def standing(response):
    return {
        str(address): (held.value, held.revision)
        for address, held in held_answers(response).items()
        if str(address) != "GEN-02"
    }


def bases_in(page):
    found = re.search(r'name="_bases" value="([^"]*)"', page.content.decode())
    return json.loads(html.unescape(found[1]))


def send(client, url, bases, **fields):
    return client.post(url, {"_bases": json.dumps(bases)} | fields)


def shown(page):
    return html.unescape(page.content.decode())


# Saving


def test_form_saves_what_was_typed_and_goes_on(client, response):
    bases = bases_in(client.get(GEN))

    page = send(
        client, GEN, bases, **{"GEN-01": " Peru ", "GEN-10": "yes", "_next": "bas"}
    )

    assert (page.status_code, page.headers["Location"]) == (302, BAS)
    assert standing(response) == {"GEN-01": ("Peru", 1), "GEN-10": ("yes", 1)}
    assert set(
        AnswerRevision.objects.exclude(answer__question="GEN-02").values_list(
            "via", flat=True
        )
    ) == {"form"}


def test_whole_section_sent_back_as_it_was_shown_changes_nothing(
    client, response, contributor
):
    """Every control as a browser sends it, after answers of every kind."""
    put(
        response,
        contributor,
        {
            "GEN-01": 'Peru "quoted" <b>&amp;',
            "GEN-04": "nso",
            "GEN-05[abcd1234].name": "Ana",
            "GEN-08": "2025-06-20",
            "GEN-09": [FIRST, SECOND],
            "GEN-10": "yes",
            "GEN-11": "https://example.org/?a=1&b=2",
            "GEN-11.@evidence": [{"title": "Law", "url": "https://example.org/"}],
            "GEN-12": "one\n\ntwo",
            "GEN-12.@note": "dk",
        },
    )
    before = AnswerRevision.objects.count()

    page = client.post(GEN, controls(client.get(GEN)))

    assert page.status_code == 302
    assert AnswerRevision.objects.count() == before


@pytest.mark.parametrize(
    "code", ["bas", "pol", "str", "src", "new", "opn", "coo", "exc"]
)
def test_answered_section_sent_back_as_it_was_shown_changes_nothing(
    client, response, contributor, code
):
    put(response, contributor, some_of_every_kind(code.upper()))
    before = AnswerRevision.objects.count()
    url = f"/responses/PER/2025/sections/{code}/"

    page = client.post(url, controls(client.get(url)))

    assert page.status_code == 302
    assert AnswerRevision.objects.count() == before


def some_of_every_kind(section):
    """The first and a reserved answer for the cells of a section."""
    values = {
        "yes_no": "yes", "integer": 5, "decimal": 1.25, "year": 2020, "text": "<a> & b",
        "long_text": "one\ntwo", "date": "2024-01-01", "url": "https://example.org/",
        "evidence": [{"title": "Law", "url": "https://example.org/"}],
    }  # fmt: skip
    found = {}
    for question in nmdc().section_by_code[section].questions:
        for address, cell in nmdc()._cells.items():
            if address.question != question.code or cell.is_fixed:
                continue
            if cell.kind == "evidence" and (address.row or question.evidence == "none"):
                continue
            if address.row and address.column.startswith("@"):
                continue
            first = cell.choices[0].value if cell.choices else None
            value = values.get(cell.kind, first)
            found[str(address)] = [value] if cell.kind == "multiple_choice" else value
            if cell.allows_dk and len(found) % 5 == 0:
                found[str(address)] = "dk"
            if cell.allows_na and len(found) % 5 == 1:
                found[str(address)] = "na"
    return found


def controls(page):
    """Return what a browser without JavaScript sends for the form of a page."""
    text = page.content.decode()
    form = text[text.index('<form method="post" class="section__form"') :]
    form = form[: form.index("</form>")]
    form = re.sub(r"<noscript>.*?</noscript>", "", form, flags=re.DOTALL)
    data = {}

    def add(name, value):
        data.setdefault(html.unescape(name), []).append(html.unescape(value))

    for tag in re.findall(r"<input\b[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        boxes = attributes.get("type") in ("radio", "checkbox")
        if boxes and not re.search(r"\schecked\b", tag):
            continue
        if "name" in attributes:
            add(attributes["name"], attributes.get("value", ""))
    for name, content in re.findall(
        r'<textarea\b[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.DOTALL
    ):
        add(name, content.removeprefix("\n").replace("\n", "\r\n"))
    for name, options in re.findall(
        r'<select\b[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        add(name, chosen[1] if chosen else "")
    return data


def test_nothing_changed_is_said(client):
    bases = bases_in(client.get(GEN))

    page = client.post(
        GEN, {"_bases": json.dumps(bases), "GEN-02": "2025"}, follow=True
    )

    assert "Nothing had changed: there was nothing to save." in shown(page)


def test_cells_absent_from_the_form_are_untouched(client, response, contributor):
    put(response, contributor, {"GEN-01": "Peru", "GEN-04": "nso", "GEN-12.@note": "n"})

    send(client, GEN, bases_in(client.get(GEN)), **{"GEN-03": "INEI"})

    assert standing(response) == {
        "GEN-01": ("Peru", 1),
        "GEN-04": ("nso", 1),
        "GEN-12.@note": ("n", 1),
        "GEN-03": ("INEI", 1),
    }


def test_rendered_boxes_all_unticked_are_an_empty_answer(client, response, contributor):
    put(response, contributor, {"GEN-09": [FIRST]})

    send(client, GEN, bases_in(client.get(GEN)))

    assert standing(response) == {"GEN-09": (None, 2)}


def test_boxes_that_were_not_rendered_are_untouched(client, response, contributor):
    put(response, contributor, {"GEN-09": [FIRST]})
    bases = bases_in(client.get(GEN))
    del bases["GEN-09"]

    send(client, GEN, bases)

    assert standing(response) == {"GEN-09": ([FIRST], 1)}


def test_radio_taken_back_is_blank(client, response, contributor):
    put(response, contributor, {"GEN-04": "nso"})

    send(client, GEN, {"GEN-04": 1}, **{"GEN-04": ""})

    assert standing(response) == {"GEN-04": (None, 2)}


def test_new_item_of_a_group_is_saved(client, response):
    bases = bases_in(client.get(GEN))
    (name,) = [n for n in bases if n.startswith("GEN-05[") and n.endswith(".name")]

    send(client, GEN, bases, **{name: "Ana"})

    assert standing(response) == {name: ("Ana", 1)}


def test_empty_new_item_is_no_item(client, response):
    page = client.get(GEN)

    client.post(GEN, controls(page))

    assert standing(response) == {}


# Conflicts


def versions(page):
    """What the page shows side by side: began from, theirs, mine."""
    return re.findall(r'"conflict__value" dir="auto">([^<]*)<', shown(page))


def test_stale_cell_shows_both_values_and_overwrites_nothing(
    client, response, contributor, coordinator
):
    put(response, coordinator, {"GEN-12": "as shown"})
    bases = bases_in(client.get(GEN))
    put(response, coordinator, {"GEN-12": "theirs"})

    page = send(client, GEN, bases, **{"GEN-12": "mine", "GEN-01": "Peru"})

    assert page.status_code == 422
    assert standing(response) == {"GEN-12": ("theirs", 2), "GEN-01": ("Peru", 1)}
    text = shown(page)
    assert f"{coordinator.name} changed this meanwhile." in text
    assert versions(page) == ["as shown", "theirs", "mine"]
    assert re.search(r'<textarea[^>]*name="GEN-12"[^>]*>\s*mine</textarea>', text)


def test_conflict_is_settled_by_saving_again(client, response, coordinator):
    put(response, coordinator, {"GEN-12": "as shown"})
    bases = bases_in(client.get(GEN))
    put(response, coordinator, {"GEN-12": "theirs"})
    again = bases_in(send(client, GEN, bases, **{"GEN-12": "mine"}))

    page = send(client, GEN, again, **{"GEN-12": "mine"})

    assert page.status_code == 302
    assert standing(response) == {"GEN-12": ("mine", 3)}


def test_stale_cell_of_a_matrix_names_what_never_was(client, response, coordinator):
    bases = bases_in(client.get("/responses/PER/2025/sections/src/"))
    put(response, coordinator, {"SRC-INV[SRC-CEN].exists": "yes"})

    page = send(
        client,
        "/responses/PER/2025/sections/src/",
        bases,
        **{"SRC-INV[SRC-CEN].exists": "no"},
    )

    assert page.status_code == 422
    assert versions(page) == ["nothing", "Yes", "No"]


def test_cell_a_colleague_changed_and_the_person_did_not_is_no_conflict(
    client, response, coordinator
):
    put(response, coordinator, {"GEN-12": "as shown"})
    bases = bases_in(client.get(GEN))
    put(response, coordinator, {"GEN-12": "theirs"})

    page = send(client, GEN, bases, **{"GEN-12": "as shown", "GEN-01": "Peru"})

    assert page.status_code == 302
    assert standing(response) == {"GEN-12": ("theirs", 2), "GEN-01": ("Peru", 1)}


def test_refused_text_corrected_meets_a_colleagues_answer_as_a_conflict(
    client, response, coordinator
):
    """The page that came back with the error did not show what the colleague wrote."""
    put(response, coordinator, {"BAS-13": 3})
    bases = bases_in(client.get(BAS))
    put(response, coordinator, {"BAS-13": 6})
    refused = send(client, BAS, {"BAS-13": bases["BAS-13"]}, **{"BAS-13": "999"})
    again = bases_in(refused)

    page = send(client, BAS, {"BAS-13": again["BAS-13"]}, **{"BAS-13": "9"})

    assert (refused.status_code, page.status_code) == (422, 422)
    assert standing(response) == {"BAS-13": (6, 2)}
    assert versions(page) == ["3", "6", "9"]


# Invalid values


def test_invalid_text_is_kept_and_marked_and_valid_cells_are_saved(client, response):
    page = send(
        client,
        BAS,
        {"BAS-13": 0, "BAS-17": 0, "BAS-13.@note": 0},
        **{"BAS-13": "mány", "BAS-17": "Fine", "BAS-13.@note": "Also fine"},
    )

    assert page.status_code == 422
    assert standing(response) == {
        "BAS-17": ("Fine", 1),
        "BAS-13.@note": ("Also fine", 1),
    }
    text = shown(page)
    assert "Enter a number." in text
    assert re.search(r'<input[^>]*name="BAS-13"[^>]*value="mány"', text) or re.search(
        r'<input[^>]*value="mány"[^>]*name="BAS-13"', text
    )
    assert 'aria-invalid="true"' in text
    assert 'role="alert"' in text


@pytest.mark.parametrize("typed", ["1e400", "nan", "1_000", "Infinity", "9" * 5000])
def test_number_python_alone_would_read_is_kept_as_typed(client, response, typed):
    page = send(client, BAS, {"BAS-13": 0}, **{"BAS-13": typed})

    assert page.status_code == 422
    assert f'value="{typed}"' in shown(page)
    assert standing(response) == {}


def test_refused_item_of_a_group_is_shown_again(client, response):
    name = "EXC-02[abcd1234].since"

    page = send(
        client, "/responses/PER/2025/sections/exc/", {name: 0}, **{name: "long ago"}
    )

    assert page.status_code == 422
    assert "long ago" in shown(page)
    assert bases_in(page)[name] == 0


def test_evidence_without_an_address_is_refused_and_kept(client, response):
    page = send(
        client,
        BAS,
        {"BAS-01.@evidence": 0},
        **{"BAS-01.@evidence~title": "The law", "BAS-01.@evidence~url": ""},
    )

    assert page.status_code == 422
    assert "Give both a title and a web address for each document." in shown(page)
    assert "The law" in shown(page)


def test_text_with_markup_is_escaped(client, response, contributor):
    put(
        response,
        contributor,
        {"GEN-12": "<script>alert(1)</script>", "GEN-01": '"><b>'},
    )

    text = client.get(GEN).content.decode()

    assert "<script>alert(1)</script>" not in text
    assert '"><b>' not in text


def test_matrix_text_with_markup_is_escaped(client, response, contributor):
    put(response, contributor, {"SRC-INV[SRC-CEN].holder": '"><script>x</script>'})

    text = client.get("/responses/PER/2025/sections/src/").content.decode()

    assert "<script>x</script>" not in text


# Tampering


@pytest.mark.parametrize(
    "bases",
    [
        "",
        "x",
        "[]",
        "null",
        '{"GEN-01": "1"}',
        '{"GEN-01": -1}',
        '{"": 0}',
        "[" * 99_999,
    ],
)
def test_tampered_map_is_400_and_saves_nothing(client, response, bases):
    page = client.post(GEN, {"_bases": bases, "GEN-01": "x"})

    assert page.status_code == 400
    assert "The form arrived incomplete; nothing was saved." in shown(page)
    assert standing(response) == {}


def test_form_without_a_map_is_400(client, response):
    page = client.post(GEN, {"GEN-01": "x"})

    assert page.status_code == 400
    assert standing(response) == {}


@pytest.mark.parametrize("base", [99, 2**40, 10**30])
def test_base_that_never_was_is_a_conflict(client, response, contributor, base):
    put(response, contributor, {"GEN-12": "theirs"})

    page = send(client, GEN, {"GEN-12": base}, **{"GEN-12": "mine"})

    assert page.status_code == 422
    assert standing(response) == {"GEN-12": ("theirs", 1)}


def test_map_of_another_section_saves_what_it_names(client, response):
    """The person may answer there too; the addresses are judged like any others."""
    bases = bases_in(client.get(BAS))

    page = send(client, GEN, bases, **{"BAS-17": "From elsewhere"})

    assert page.status_code == 302
    assert standing(response) == {"BAS-17": ("From elsewhere", 1)}


def test_unknown_and_fixed_cells_in_the_map_are_ignored(client, response):
    cells = ["XXX-01", "POL-SDG[SDG-8.8.2].disaggregated", "GEN-01[x].y"]

    page = send(client, GEN, dict.fromkeys(cells, 0), **dict.fromkeys(cells, "na"))

    assert page.status_code == 302
    assert standing(response) == {}


def test_too_many_fields_are_400(client, response):
    fields = {f"x{n}": "" for n in range(5001)}

    page = client.post(GEN, {"_bases": "{}"} | fields)

    assert page.status_code == 400


def test_3_mb_paste_is_refused_with_words(client, response):
    page = client.post(
        GEN,
        f"_bases={{}}&GEN-12={'x' * 3_000_000}",
        content_type="application/x-www-form-urlencoded",
    )

    assert page.status_code == 400
    assert standing(response) == {}


# Where it leads


@pytest.mark.parametrize(
    ("following", "location"),
    [
        ("", GEN),
        ("gen", GEN),
        ("bas", BAS),
        ("hub", "/responses/PER/2025/"),
        ("nowhere", "/responses/PER/2025/sections/nowhere/"),
    ],
)
def test_next_leads_to_a_section_or_the_hub(client, following, location):
    page = send(client, GEN, {}, _next=following)

    assert page.status_code == 302
    assert page.headers["Location"] == location


@pytest.mark.parametrize(
    "following",
    ["https://evil.example/", "//evil.example", "../../x", "a/b", "javascript:x", "é"],
)
def test_next_leads_nowhere_else(client, following):
    assert send(client, GEN, {}, _next=following).status_code == 404


def test_form_without_next_stays_in_its_section(client):
    page = client.post(GEN, {"_bases": "{}"})

    assert page.headers["Location"] == GEN


# Who and when


@pytest.mark.parametrize("url", ["/responses/PER/2025/sections/xxx/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_section_that_is_not_there_is_404(client, url, method):
    assert getattr(client, method)(url, {"_bases": "{}"}).status_code == 404


@pytest.mark.parametrize("code", ["gen", "GEN", "Gen"])
def test_section_may_be_written_in_any_case(client, code):
    assert client.get(f"/responses/PER/2025/sections/{code}/").status_code == 200


def test_observer_reads_and_cannot_save(response, peru, signed_in, contributor):
    put(response, contributor, {"GEN-12": "As written"})
    client = signed_in(MemberFactory(country=peru, role="observer"))

    page = client.get(GEN)
    refused = send(client, GEN, {"GEN-12": 1}, **{"GEN-12": "mine"})

    assert page.status_code == 200
    assert "As written" in shown(page)
    assert 'name="_bases"' not in shown(page)
    assert refused.status_code == 403
    assert standing(response) == {"GEN-12": ("As written", 1)}


@pytest.mark.parametrize("status", ["submitted", "accepted"])
def test_closed_response_is_read_and_cannot_be_saved(client, response, status):
    Response.objects.filter(pk=response.pk).update(status=status)

    page = client.get(GEN)
    refused = send(client, GEN, {"GEN-12": 0}, **{"GEN-12": "mine"})

    assert page.status_code == 200
    assert 'name="_bases"' not in shown(page)
    assert refused.status_code == 409
    assert standing(response) == {}


def test_section_of_a_closed_round_is_read_and_cannot_be_saved(
    client, response, round_2025, officer
):
    close_round(round_=round_2025, by=officer)

    page = client.get(GEN)
    refused = send(client, GEN, {"GEN-12": 0}, **{"GEN-12": "mine"})

    assert "The round is closed" in shown(page)
    assert 'name="_bases"' not in shown(page)
    assert refused.status_code == 409


def test_hidden_question_says_when_it_is_asked(client):
    text = shown(client.get(GEN))

    assert "Answer only if GEN-10 (Earlier assessment) is “Yes”." in text


def test_assessment_year_offers_no_dk(client):
    text = client.get(GEN).content.decode()

    assert 'name="GEN-02"' in text
    assert 'name="GEN-02~dk"' not in text
