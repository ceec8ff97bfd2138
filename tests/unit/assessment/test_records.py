"""contracts.md, section 4: canonical JSON."""

import datetime

import pytest

from assessment.records import canonical_text, moment, sha256_of, submission_record
from questionnaire.addresses import Address
from tests.instruments import at, demo_answers, nmdc

UTC = datetime.UTC


@pytest.mark.parametrize(
    ("record", "text"),
    [
        ({"b": 1, "a": 2}, '{"a":2,"b":1}'),
        ({"a": 1.0}, '{"a":1}'),
        ({"a": 0.1}, '{"a":0.1}'),
        ({"a": 9_007_199_254_740_991}, '{"a":9007199254740991}'),
        ({"a": None, "b": [True, False]}, '{"a":null,"b":[true,false]}'),
        ({"é": "\u2028\n"}, '{"é":"\u2028\\n"}'),
        # By UTF-16 code units: the emoji's first surrogate comes before U+FB33.
        ({"\ufb33": 1, "\U0001f600": 2}, '{"\U0001f600":2,"\ufb33":1}'),
    ],
)
def test_canonical_text_is_rfc_8785(record, text):
    assert canonical_text(record) == text


def test_hash_is_that_of_the_text_in_utf_8():
    assert sha256_of("é") == (
        "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
    )


@pytest.mark.parametrize(
    ("at_", "text"),
    [
        (datetime.datetime(2025, 1, 2, tzinfo=UTC), "2025-01-02T00:00:00.000000Z"),
        (
            datetime.datetime(2025, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC),
            "2025-01-02T03:04:05.678901Z",
        ),
    ],
)
def test_moment_is_written_whole(at_, text):
    assert moment(at_) == text


def recorded(response, person, answers):
    record = submission_record(
        response=response,
        instrument=nmdc(),
        number=1,
        at=datetime.datetime(2025, 1, 2, tzinfo=UTC),
        by=person,
        answers=answers,
    )
    return [Address(a["question"], a["row"], a["column"]) for a in record["answers"]]


def test_answers_are_in_the_order_of_the_instrument(response, contributor):
    cells = [
        "BAS-01.@note",
        "POL-SDG[SDG-16.10.1].latest_year",
        "BAS-02",
        "SRC-INV[SRC-LFS].exists",
        "SRC-INV[SRC-CEN].holder",
        "SRC-INV[SRC-CEN].exists",
        "SRC-INV[SRC-CEN].@note",
        "SRC-INV.@note",
        "SRC-INV.@evidence",
        "BAS-01",
        "GEN-12",
        "BAS-01.@evidence",
    ]

    order = recorded(response, contributor, [(at(c), "x", 1) for c in cells])

    assert [str(address) for address in order] == [
        "GEN-12",
        "BAS-01",
        "BAS-01.@evidence",
        "BAS-01.@note",
        "BAS-02",
        "POL-SDG[SDG-16.10.1].latest_year",
        "SRC-INV.@evidence",
        "SRC-INV.@note",
        "SRC-INV[SRC-CEN].exists",
        "SRC-INV[SRC-CEN].holder",
        "SRC-INV[SRC-CEN].@note",
        "SRC-INV[SRC-LFS].exists",
    ]


def test_order_of_answers_does_not_depend_on_the_order_they_were_read_in(
    response, contributor
):
    answers = [
        (address, value, 1)
        for address, value in demo_answers("GEO").items()
        if not nmdc().question_by_code[address.question].is_group
    ]
    shuffled = sorted(answers, key=lambda answer: sha256_of(str(answer[0])))

    order = recorded(response, contributor, shuffled)

    assert order == recorded(response, contributor, answers)
    assert order == sorted((a for a, _, _ in answers), key=nmdc().sort_key)


def test_items_of_groups_stay_in_the_order_of_their_first_save(response, contributor):
    cells = [
        "GEN-06[i1].agency",
        "GEN-05[zzzzzzzz].name",
        "GEN-05[aaaaaaaa].name",
        "GEN-05[zzzzzzzz].email",
        "GEN-01",
    ]

    order = recorded(response, contributor, [(at(c), "x", 1) for c in cells])

    assert [str(address) for address in order] == [
        "GEN-01",
        "GEN-05[zzzzzzzz].name",
        "GEN-05[aaaaaaaa].name",
        "GEN-05[zzzzzzzz].email",
        "GEN-06[i1].agency",
    ]


def test_answer_to_a_question_unknown_to_the_instrument_comes_last(
    response, contributor
):
    order = recorded(
        response, contributor, [(Address("XXX-01"), 1, 1), (at("EXC-10"), "x", 1)]
    )

    assert order == [at("EXC-10"), Address("XXX-01")]
