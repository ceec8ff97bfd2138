"""Every reference figure of the six fictional answer sets (gap_method.md, 12)."""

import pytest

from reports.analysis import analyse
from reports.analysis.as_json import as_json
from tests.instruments import COUNTRIES, demo_answers, nmdc, read_data

GOLDEN = read_data("golden_figures.yaml")["countries"]


@pytest.fixture(scope="module", params=COUNTRIES)
def pair(request):
    """Return the figures computed and those expected."""
    computed = as_json(analyse(nmdc(), demo_answers(request.param)))
    return computed, GOLDEN[request.param]


def test_golden_file_holds_the_six_countries():
    assert tuple(GOLDEN) == COUNTRIES


def test_keys_are_those_of_the_golden_file_and_causes(pair):
    computed, golden = pair

    assert list(computed) == [*golden, "causes"]


@pytest.mark.parametrize("key", list(GOLDEN["GEO"]))
def test_figures_are_the_golden_ones_in_their_order(pair, key):
    computed, golden = pair

    assert computed[key] == golden[key]
    if isinstance(golden[key], dict):
        assert list(computed[key]) == list(golden[key])


def test_every_figure_has_a_cause(pair):
    computed, _ = pair

    for kind, figures in computed["causes"].items():
        assert figures, kind
        assert [code for code, causes in figures.items() if not causes] == []
