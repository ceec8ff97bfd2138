import pytest

from assessment.institution_choices import offered_in
from assessment.institution_queries import (
    asks_for_institutions,
    directory_of,
    name_key,
    named_in,
    open_responses_of,
    places_of,
    usage_in,
)
from assessment.queries import instrument_of, read_for
from assessment.services.rounds import close_round
from tests.factories import InstitutionFactory
from tests.instruments import nmdc
from tests.saving import put, submit

CENSUS = "SRC-INV[SRC-CEN].holder"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("INEI", "inei"),
        (" A  B\n", "a b"),
        ("Straße", "STRASSE"),
        ("é", "e\u0301"),
        ("\u0627\u0644 \u0625", "\u0627\u0644  \u0625"),
    ],
)
def test_spellings_of_one_name_are_equal(one, other):
    assert name_key(one) == name_key(other)


def test_different_names_differ():
    assert name_key("INE") != name_key("INÉ")


def test_sections_that_ask_for_institutions():
    found = [s.code for s in nmdc().sections if asks_for_institutions(s)]

    assert found == ["GEN", "BAS", "POL", "SRC"]


def test_names_are_read_from_their_cells_only(response, coordinator):
    put(
        response,
        coordinator,
        {
            CENSUS: "INEI",
            "GEN-05[aaaaaaaa].agency": "Ministry",
            "GEN-05[aaaaaaaa].name": "Ana",
            "GEN-03": "Office",
            "GEN-12": "Not an agency",
            "GEN-03.@note": "Nor is this",
        },
    )
    reading = read_for(coordinator, response)

    found = [(str(a), text) for a, text in named_in(reading.instrument, reading.held)]

    assert found == [
        ("GEN-03", "Office"),
        ("GEN-05[aaaaaaaa].agency", "Ministry"),
        (CENSUS, "INEI"),
    ]


def test_usage_tells_listed_from_unlisted(response, coordinator, peru):
    listed = InstitutionFactory(country=peru, name="Office", aliases=["Bureau"])
    put(
        response,
        coordinator,
        {"GEN-03": "bureau", CENSUS: "INEI", "SRC-INV[SRC-LFS].holder": "inei"},
    )
    reading = read_for(coordinator, response)

    usage = usage_in(reading.instrument, reading.held, directory_of(peru.pk))

    assert {pk: [str(a) for a in cells] for pk, cells in usage.by_institution.items()} == {
        listed.pk: ["GEN-03"]
    }  # fmt: skip
    assert [(n.name, [str(a) for a in n.cells]) for n in usage.unlisted] == [
        ("INEI", [CENSUS, "SRC-INV[SRC-LFS].holder"])
    ]


def test_places_are_those_of_open_responses(
    response, coordinator, peru, round_2025, officer
):
    put(response, coordinator, {"GEN-03": "Old", CENSUS: "New"})
    names = {"old": "New", "new": "New"}

    places = [
        (str(place.address), place.before, place.after)
        for found in places_of(peru.pk, names)
        for place in found.places
    ]

    assert places == [("GEN-03", "Old", "New")]
    close_round(round_=round_2025, by=officer)
    assert open_responses_of(peru.pk) == []


def test_submitted_response_is_not_open(response, coordinator, peru):
    submit(response, coordinator)

    assert open_responses_of(peru.pk) == []


def test_field_offers_listed_institutions_and_names_in_use(
    response, coordinator, peru, django_assert_num_queries
):
    chile = peru._meta.model.objects.get(iso3="CHL")
    InstitutionFactory(country=chile, name="INE Chile")
    InstitutionFactory(
        country=peru, name="Office", short_name="INEI", aliases=["Bureau"]
    )
    put(response, coordinator, {"GEN-03": "Ministry", CENSUS: "INEI"})
    section = instrument_of(response).section_by_code["SRC"]
    reading = read_for(coordinator, response)

    with django_assert_num_queries(1):
        offered = offered_in(section, reading, response)

    assert offered.names == ["Ministry", "Office"]
    assert offered.script_data == [
        {"name": "Office", "short": "INEI", "also": ["Bureau"], "listed": True},
        {"name": "Ministry", "short": "", "also": [], "listed": False},
    ]


def test_section_without_such_cells_asks_nothing(
    response, coordinator, django_assert_num_queries
):
    section = instrument_of(response).section_by_code["COO"]
    reading = read_for(coordinator, response)

    with django_assert_num_queries(0):
        assert offered_in(section, reading, response).names == []
