import pytest

from assessment.institution_particulars import (
    Particulars,
    cleaned,
    kept_names,
    renamed,
)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (Particulars(" A  b "), ["A b"]),
        (Particulars("Inei", "INEI"), ["Inei"]),
        (Particulars("A", "B", aliases=("a", "b", "C", " c ", "")), ["A", "B", "C"]),
    ],
)
def test_names_are_cleaned_and_said_once(given, names):
    assert cleaned(given).names == names


OFFICE = Particulars("Office", "INE", aliases=("Old",))


@pytest.mark.parametrize(
    ("wanted", "aliases", "names"),
    [
        (Particulars("Office", "INE", aliases=("Old",)), ("Old",), {}),
        (
            Particulars("Institute", "INE", aliases=("Old",)),
            ("Old", "Office"),
            {"office": "Institute", "old": "Institute"},
        ),
        (
            Particulars("Institute", "INE"),  # “Old” was struck out: it is left alone
            ("Office",),
            {"office": "Institute"},
        ),
        (
            Particulars("Office", "", aliases=("Old",)),
            ("Old", "INE"),
            {"ine": "Office"},
        ),
        (
            Particulars("Office", "INEI", aliases=("Old",)),
            ("Old", "INE"),
            {"ine": "INEI"},
        ),
        (Particulars("INE", "Office", aliases=("Old",)), ("Old",), {"old": "INE"}),
        (
            Particulars("OFFICE", "INE", aliases=("Old",)),
            ("Old",),
            {"old": "OFFICE", "office": "OFFICE"},
        ),
    ],
)
def test_names_given_up_stay_as_other_names(wanted, aliases, names):
    after = kept_names(OFFICE, wanted)

    assert after.aliases == aliases
    assert renamed(OFFICE, after) == names
