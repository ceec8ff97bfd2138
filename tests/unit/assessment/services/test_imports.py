"""contracts.md, section 6: answers from a file."""

import datetime

import pytest
import yaml

from assessment.models import AnswerRevision, Response
from assessment.queries import held_answers
from assessment.refusals import ResponseClosed
from assessment.services.imports import (
    Imported,
    ImportRejected,
    Rejected,
    import_answers,
)
from assessment.services.rounds import close_round
from tests.instruments import FIXTURES, demo_answers
from tests.saving import put

NO_QUESTION = "There is no question with this code."
MAPPING = "Codes with values are expected here."
LISTED = "Choose one of the answers listed."
UNKNOWN = "This question, row or column is not part of the questionnaire."


def standing(response):
    return {
        str(address): held.value
        for address, held in held_answers(response).items()
        if str(address) != "GEN-02"
    }


def rejected(response, entry):
    """Import all or nothing; return the lines rejected, as people read them."""
    before = standing(response)
    with pytest.raises(ImportRejected) as refused:
        import_answers(response=response, entry=entry)
    assert standing(response) == before
    return [str(line) for line in refused.value.rejected]


def demo_entry(iso3):
    text = (FIXTURES / "demo/answers_2025.yaml").read_text("utf-8")
    countries = yaml.load(text, Loader=yaml.CSafeLoader)["countries"]
    return next(entry for entry in countries if entry["iso3"] == iso3)


@pytest.mark.parametrize("iso3", ["PER", "MEX"])
def test_demonstration_answers_are_taken_over_whole(response, iso3):
    """Lists come back in the order of the instrument, everything else as it was."""
    expected = {str(a): in_any_order(value) for a, value in demo_answers(iso3).items()}

    done = import_answers(response=response, entry=demo_entry(iso3))

    assert done == Imported(len(expected), [])
    found = standing(response) | {"GEN-02": 2025}
    assert {cell: in_any_order(value) for cell, value in found.items()} == expected


def in_any_order(value):
    is_choices = isinstance(value, list) and isinstance(value[0], str)
    return sorted(value) if is_choices else value


def test_import_is_written_by_the_system_user(response):
    import_answers(response=response, entry={"answers": {"GEN-01": "Peru"}})

    revision = AnswerRevision.objects.get(answer__question="GEN-01")
    assert (revision.value, revision.revision, revision.via) == ("Peru", 1, "import")
    assert revision.changed_by.is_system
    assert revision.is_confirmed


def test_import_overwrites_what_stands_and_keeps_it_as_a_revision(
    response, contributor
):
    put(response, contributor, {"GEN-01": "Old", "GEN-03": "Stays"})

    import_answers(response=response, entry={"answers": {"GEN-01": "New"}})

    assert standing(response) == {"GEN-01": "New", "GEN-03": "Stays"}
    assert list(
        AnswerRevision.objects.filter(answer__question="GEN-01").values_list(
            "revision", "value", "via"
        )
    ) == [(1, "Old", "page"), (2, "New", "import")]


def test_importing_twice_changes_nothing(response):
    entry = demo_entry("PER")
    import_answers(response=response, entry=entry)
    before = AnswerRevision.objects.count()

    import_answers(response=response, entry=entry)

    assert AnswerRevision.objects.count() == before


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"GEN-01": None}, {"GEN-01": None, "GEN-03": "Stays"}),
        ({"GEN-01": ""}, {"GEN-01": None, "GEN-03": "Stays"}),
        ({}, {"GEN-01": "Old", "GEN-03": "Stays"}),
        (None, {"GEN-01": "Old", "GEN-03": "Stays"}),
    ],
)
def test_null_blanks_and_absent_keys_stay_untouched(
    response, contributor, answers, expected
):
    put(response, contributor, {"GEN-01": "Old", "GEN-03": "Stays"})

    import_answers(response=response, entry={"answers": answers})

    assert standing(response) == expected


def test_other_keys_are_ignored(response):
    entry = {
        "iso3": "PER",
        "name": "Peru",
        "notes": {"GEN-01": "x"},
        "demo": 5,
        "answers": {"GEN-01": "Peru"},
    }

    import_answers(response=response, entry=entry)

    assert standing(response) == {"GEN-01": "Peru"}


def test_rows_and_columns_a_matrix_does_not_name_stay_untouched(response, contributor):
    put(
        response,
        contributor,
        {
            "SRC-INV[SRC-CEN].exists": "yes",
            "SRC-INV[SRC-CEN].holder": "NSO",
            "SRC-INV[SRC-LFS].exists": "no",
        },
    )

    import_answers(
        response=response,
        entry={"answers": {"SRC-INV": {"SRC-CEN": {"exists": "no"}}}},
    )

    assert standing(response) == {
        "SRC-INV[SRC-CEN].exists": "no",
        "SRC-INV[SRC-CEN].holder": "NSO",
        "SRC-INV[SRC-LFS].exists": "no",
    }


def test_items_are_numbered_by_position(response):
    people = [{"name": "Ana", "agency": "INEI"}, {"name": "Luis"}]

    import_answers(response=response, entry={"answers": {"GEN-05": people}})

    assert standing(response) == {
        "GEN-05[i1].name": "Ana",
        "GEN-05[i1].agency": "INEI",
        "GEN-05[i2].name": "Luis",
    }


def test_shorter_list_blanks_surplus_items_of_an_earlier_import(response, contributor):
    put(response, contributor, {"GEN-05[abcd1234].name": "Typed by hand"})
    people = [{"name": "Ana", "email": "a@example.org"}, {"name": "Luis"}]
    import_answers(response=response, entry={"answers": {"GEN-05": people}})

    import_answers(response=response, entry={"answers": {"GEN-05": [{"name": "Eva"}]}})

    assert standing(response) == {
        "GEN-05[abcd1234].name": "Typed by hand",
        "GEN-05[i1].name": "Eva",
        "GEN-05[i1].email": None,
        "GEN-05[i2].name": None,
    }


@pytest.mark.parametrize("nothing", [None, []])
def test_empty_list_blanks_the_items_of_an_earlier_import(response, nothing):
    import_answers(response=response, entry={"answers": {"GEN-05": [{"name": "Ana"}]}})

    import_answers(response=response, entry={"answers": {"GEN-05": nothing}})

    assert standing(response) == {"GEN-05[i1].name": None}


def test_group_the_file_does_not_name_stays_untouched(response):
    import_answers(response=response, entry={"answers": {"GEN-05": [{"name": "Ana"}]}})

    import_answers(response=response, entry={"answers": {"GEN-01": "Peru"}})

    assert standing(response)["GEN-05[i1].name"] == "Ana"


def test_yaml_dates_are_read_as_dates(response):
    import_answers(
        response=response, entry={"answers": {"GEN-08": datetime.date(2025, 6, 20)}}
    )

    assert standing(response) == {"GEN-08": "2025-06-20"}


def test_evidence_is_taken_over(response):
    documents = [{"title": "Law", "url": "https://example.org/"}]

    import_answers(response=response, entry={"evidence": {"BAS-01": documents}})

    assert standing(response) == {"BAS-01.@evidence": documents}


def test_hidden_and_closed_cells_are_accepted(response):
    import_answers(
        response=response,
        entry={
            "answers": {
                "GEN-10": "no",
                "GEN-11": "https://example.org/",
                "SRC-INV": {"SRC-CEN": {"exists": "no", "holder": "INEI"}},
            }
        },
    )

    assert standing(response) == {
        "GEN-10": "no",
        "GEN-11": "https://example.org/",
        "SRC-INV[SRC-CEN].exists": "no",
        "SRC-INV[SRC-CEN].holder": "INEI",
    }


@pytest.mark.parametrize(
    ("entry", "lines"),
    [
        ({"answers": {"XXX-01": 1}}, [f"XXX-01: {NO_QUESTION}"]),
        ({"answers": {5: 1, True: 2}}, [f"5: {NO_QUESTION}", f"True: {NO_QUESTION}"]),
        ({"answers": {"GEN-04": "xxx"}}, [f"GEN-04: {LISTED}"]),
        ({"answers": {"GEN-04": {"a": 1}}}, [f"GEN-04: {LISTED}"]),
        ({"answers": {"GEN-10": True}}, [f"GEN-10: {LISTED}"]),
        ({"answers": {"GEN-01": datetime.datetime(2025, 1, 1)}}, ["GEN-01: Enter text."]),  # noqa: DTZ001
        ({"answers": {"GEN-01": b"x"}}, ["GEN-01: Enter text."]),
        ({"answers": {"BAS-13": float("nan")}}, ["BAS-13: Enter a number."]),
        ({"answers": {"GEN-09": {"a"}}}, ["GEN-09: Choose from the answers listed."]),
        ({"answers": ["GEN-01"]}, [f"answers: {MAPPING}"]),
        ({"answers": "GEN-01"}, [f"answers: {MAPPING}"]),
        ({"answers": {"SRC-INV": "yes"}}, [f"SRC-INV: {MAPPING}"]),
        ({"answers": {"SRC-INV": {"SRC-CEN": "yes"}}}, [f"SRC-INV[SRC-CEN]: {MAPPING}"]),
        (
            {"answers": {"SRC-INV": {"XXX": {"exists": "yes"}}}},
            [f"SRC-INV[XXX].exists: {UNKNOWN}"],
        ),
        (
            {"answers": {"SRC-INV": {"SRC-CEN": {"xxx": "yes"}}}},
            [f"SRC-INV[SRC-CEN].xxx: {UNKNOWN}"],
        ),
        (
            {"answers": {"POL-SDG": {"SDG-8.8.2": {"disaggregated": "na"}}}},
            ["POL-SDG[SDG-8.8.2].disaggregated: This cell is not asked in this row."],
        ),
        (
            {"answers": {"GEN-05": {"name": "Ana"}}},
            ["GEN-05: A list of entries is expected here."],
        ),
        ({"answers": {"GEN-05": ["Ana"]}}, [f"GEN-05[i1]: {MAPPING}"]),
        (
            {"answers": {"GEN-05": [{"xxx": "Ana"}]}},
            [f"GEN-05[i1].xxx: {UNKNOWN}"],
        ),
        (
            {"answers": {"GEN-05": [{"name": str(n)} for n in range(6)]}},
            ["GEN-05[i6].name: At most 5 entries can be given here."],
        ),
        ({"evidence": {"XXX-01": []}}, [f"XXX-01: {NO_QUESTION}"]),
        (
            {"evidence": {"BAS-01": [{"title": "Law"}]}},
            ["BAS-01.@evidence: Give both a title and a web address for each document."],
        ),
    ],
)  # fmt: skip
def test_rejected_lines_are_reported_with_their_reason(response, entry, lines):
    assert rejected(response, entry) == lines


def test_one_rejected_line_stops_everything(response):
    entry = {"answers": {"GEN-01": "Peru", "GEN-04": "xxx", "XXX-01": 1}}

    lines = rejected(response, entry)

    assert lines == [f"XXX-01: {NO_QUESTION}", f"GEN-04: {LISTED}"]
    assert standing(response) == {}
    assert AnswerRevision.objects.count() == 1


def test_partial_import_takes_the_rest(response):
    entry = {"answers": {"GEN-01": "Peru", "GEN-04": "xxx", "XXX-01": 1}}

    done = import_answers(response=response, entry=entry, is_partial=True)

    assert done == Imported(
        1, [Rejected("XXX-01", NO_QUESTION), Rejected("GEN-04", LISTED)]
    )
    assert standing(response) == {"GEN-01": "Peru"}


@pytest.mark.parametrize("status", ["submitted", "accepted"])
def test_response_that_is_not_open_is_refused(response, status):
    Response.objects.filter(pk=response.pk).update(status=status)

    with pytest.raises(ResponseClosed) as refused:
        import_answers(response=response, entry={"answers": {"GEN-01": "Peru"}})

    assert refused.value.state == status
    assert standing(response) == {}


def test_response_of_a_closed_round_is_refused(response, round_2025, officer):
    close_round(round_=round_2025, by=officer)

    with pytest.raises(ResponseClosed) as refused:
        import_answers(response=response, entry={"answers": {"GEN-01": "Peru"}})

    assert refused.value.state == "closed"
