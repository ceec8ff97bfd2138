import pytest

from assessment.holdings import EXCHANGE_ROWS, SOURCES, STATISTICS, holders_of
from assessment.institution_queries import directory_of
from assessment.models import Institution
from assessment.queries import read_for
from tests.factories import InstitutionFactory
from tests.instruments import nmdc
from tests.saving import put

CENSUS, SURVEY = "SRC-INV[SRC-CEN]", "SRC-INV[SRC-LFS]"
STOCK = "BAS-STAT[BAS-S01]"
BORDER = "COO-MOU[AGY-BOR]"


@pytest.fixture
def table(response, coordinator, peru):
    def of(values):
        put(response, coordinator, values)
        found = holders_of(read_for(coordinator, response), directory_of(peru.pk))
        return {
            holder.name: [(part, str(h.address), h.note) for part, h in holder.parts]
            for holder in found
        }

    return of


def test_names_of_one_institution_are_one_holder(table, peru):
    InstitutionFactory(country=peru, name="Institute", short_name="INEI")

    found = table(
        {
            f"{CENSUS}.exists": "yes",
            f"{CENSUS}.holder": "institute",
            f"{CENSUS}.nso_access": "regular",
            f"{STOCK}.produced": "regular",
            f"{STOCK}.producer": "INEI",
            "GEN-03": "Institute",
            "GEN-06[aaaaaaaa].agency": "Ministry of Labour",
        }
    )

    assert found == {
        "Institute": [
            ("sources", f"{CENSUS}.holder", "Individual records, regularly"),
            ("statistics", f"{STOCK}.producer", ""),
            ("roles", "GEN-03", ""),
        ],
        "Ministry of Labour": [("roles", "GEN-06[aaaaaaaa].agency", "")],
    }


def test_what_exists_without_a_name_comes_last(table):
    found = table(
        {
            f"{CENSUS}.exists": "yes",
            f"{SURVEY}.exists": "yes",
            f"{SURVEY}.holder": "INEI",
        }
    )

    assert list(found) == ["INEI", ""]
    assert found[""] == [("sources", f"{CENSUS}.holder", "")]


def test_closed_row_does_not_count(table):
    assert table({f"{CENSUS}.exists": "no", f"{CENSUS}.holder": "INEI"}) == {}


def test_exchange_stands_with_the_institutions_of_its_kind(table, peru):
    InstitutionFactory(country=peru, name="Migraciones", kind="border")
    InstitutionFactory(country=peru, name="Police", kind="justice")
    InstitutionFactory(country=peru, name="No kind")

    found = table({f"{BORDER}.agreement": "signed", f"{BORDER}.level": "totals"})

    assert found == {
        "Migraciones": [("exchange", f"{BORDER}.agreement", "Signed agreement; Totals")]
    }


def test_retired_institution_holds_no_exchange(table, peru, coordinator):
    InstitutionFactory(
        country=peru,
        name="Migraciones",
        kind="border",
        retired_at="2025-01-01T00:00Z",
        retired_by=coordinator,
    )

    assert table({f"{BORDER}.agreement": "signed", f"{BORDER}.level": "totals"}) == {}


def test_most_sources_come_first(table):
    found = table(
        {
            f"{CENSUS}.exists": "yes",
            f"{CENSUS}.holder": "B",
            f"{STOCK}.produced": "regular",
            f"{STOCK}.producer": "C",
            "GEN-03": "A",
        }
    )

    assert list(found) == ["B", "C", "A"]


def test_codes_are_those_of_the_questionnaire():
    questions = nmdc().question_by_code
    named = {
        q.code
        for q in nmdc().questions
        if q.is_matrix and any(c.lookup == "institution" for c in q.columns)
    }

    assert named == SOURCES | STATISTICS
    assert set(EXCHANGE_ROWS.values()) == set(questions["COO-MOU"].row_by_code)
    assert set(EXCHANGE_ROWS) <= set(Institution.Kind)
