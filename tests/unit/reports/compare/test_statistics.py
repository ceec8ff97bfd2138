import pytest

from reports.compare.statistics import Spread, median_of_many, spread


def test_spread_of_nothing_is_none():
    assert spread([]) is None
    assert spread([None, None]) is None


def test_spread_of_one_is_its_value():
    assert spread([40.0, None]) == Spread(1, 40.0, 40.0, 40.0, 40.0, 40.0)


def test_quartiles_are_interpolated():
    """As R's `quantile` and spreadsheets have it."""
    assert spread([10, 0, 30, 20]) == Spread(4, 0, 7.5, 15.0, 22.5, 30)


def test_five_values_have_values_as_quartiles():
    assert spread([5, 1, 4, 2, 3]) == Spread(5, 1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("values", "median"),
    [
        ([1.0, 2.0, 3.0, 4.0], None),
        ([1.0, 2.0, 3.0, 4.0, None], None),
        ([1.0, 2.0, 3.0, 4.0, 9.0], 3.0),
        ([1.0, 2.0, 3.0, 4.0, 9.0, 9.5], 3.5),
    ],
)
def test_median_needs_five_values(values, median):
    assert median_of_many(values) == median
