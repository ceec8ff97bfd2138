"""The countries' fixture holds UN M49 as published: complete, unambiguous, all strings."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

FIXTURE = Path(__file__).resolve().parents[3] / "fixtures" / "countries.yaml"

FIELDS = [
    "iso3",
    "iso2",
    "m49",
    "name",
    "region_code",
    "region",
    "subregion_code",
    "subregion",
    "intermediate_code",
    "intermediate_region",
]

# Codes and number of entries of the five regions; Antarctica is in none.
REGIONS = {
    ("002", "Africa"): 60,
    ("019", "Americas"): 57,
    ("142", "Asia"): 50,
    ("150", "Europe"): 51,
    ("009", "Oceania"): 29,
    ("", ""): 1,
}


@pytest.fixture(scope="module")
def entries() -> list[dict]:
    return yaml.safe_load(FIXTURE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def countries(entries) -> list[dict[str, str]]:
    return [entry["fields"] for entry in entries]


@pytest.fixture(scope="module")
def by_iso3(countries) -> dict[str, dict[str, str]]:
    return {country["iso3"]: country for country in countries}


def test_entries_use_the_natural_key(entries):
    assert len(entries) == 248
    assert all(set(entry) == {"model", "fields"} for entry in entries)
    assert {entry["model"] for entry in entries} == {"assessment.country"}


def test_every_field_is_present_and_a_string(countries):
    for country in countries:
        assert list(country) == FIELDS
        assert all(isinstance(value, str) for value in country.values()), country


@pytest.mark.parametrize("field", ["iso3", "iso2", "m49", "name"])
def test_values_are_unique(countries, field):
    repeated = [
        value for value, n in Counter(c[field] for c in countries).items() if n > 1
    ]
    assert repeated == []


def test_codes_are_well_formed(countries):
    def is_m49(code: str) -> bool:
        return len(code) == 3 and code.isascii() and code.isdigit()

    def is_alpha(code: str, length: int) -> bool:
        return (
            len(code) == length and code.isascii() and code.isalpha() and code.isupper()
        )

    for country in countries:
        assert is_alpha(country["iso3"], 3), country
        assert is_alpha(country["iso2"], 2), country
        assert is_m49(country["m49"]), country
        assert country["name"] == country["name"].strip() != ""
        for code, name in [
            ("region_code", "region"),
            ("subregion_code", "subregion"),
            ("intermediate_code", "intermediate_region"),
        ]:
            assert bool(country[code]) == bool(country[name]), country
            assert country[code] == "" or is_m49(country[code]), country


def test_sorted_by_iso3(countries):
    codes = [country["iso3"] for country in countries]
    assert codes == sorted(codes)


def test_number_of_countries_in_each_region(countries):
    assert Counter((c["region_code"], c["region"]) for c in countries) == REGIONS


def test_only_antarctica_is_outside_the_regions(countries):
    assert [c["iso3"] for c in countries if not c["region"]] == ["ATA"]
    assert [c["iso3"] for c in countries if not c["subregion"]] == ["ATA"]


def test_each_group_has_one_name_and_one_parent(countries):
    groups: dict[str, set[tuple[str, str]]] = {}
    for c in countries:
        groups.setdefault(c["region_code"], set()).add((c["region"], ""))
        groups.setdefault(c["subregion_code"], set()).add(
            (c["subregion"], c["region_code"])
        )
        if c["intermediate_code"]:
            groups.setdefault(c["intermediate_code"], set()).add(
                (c["intermediate_region"], c["subregion_code"])
            )
    assert {code: names for code, names in groups.items() if len(names) > 1} == {}
    # 5 regions, 17 subregions, 7 intermediate regions, and Antarctica's empty one
    assert len(groups) == 30


def test_what_m49_does_not_list_is_absent(by_iso3):
    assert not {"TWN", "XKX"} & by_iso3.keys()
    assert {"ESH", "PSE", "GGY", "JEY", "HKG", "MAC", "ATA"} <= by_iso3.keys()


def test_georgia(by_iso3):
    assert by_iso3["GEO"] == {
        "iso3": "GEO",
        "iso2": "GE",
        "m49": "268",
        "name": "Georgia",
        "region_code": "142",
        "region": "Asia",
        "subregion_code": "145",
        "subregion": "Western Asia",
        "intermediate_code": "",
        "intermediate_region": "",
    }


def test_namibia_is_not_a_missing_value(by_iso3):
    assert by_iso3["NAM"] == {
        "iso3": "NAM",
        "iso2": "NA",
        "m49": "516",
        "name": "Namibia",
        "region_code": "002",
        "region": "Africa",
        "subregion_code": "202",
        "subregion": "Sub-Saharan Africa",
        "intermediate_code": "018",
        "intermediate_region": "Southern Africa",
    }


def test_norway_is_not_false(by_iso3):
    assert by_iso3["NOR"] == {
        "iso3": "NOR",
        "iso2": "NO",
        "m49": "578",
        "name": "Norway",
        "region_code": "150",
        "region": "Europe",
        "subregion_code": "154",
        "subregion": "Northern Europe",
        "intermediate_code": "",
        "intermediate_region": "",
    }
