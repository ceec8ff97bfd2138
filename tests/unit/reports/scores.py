"""The score of one question, for tests of the rules."""

from reports.analysis import analyse
from reports.analysis.results import Figures, QuestionScore
from tests.instruments import cells, nmdc

LEFT_OUT = Figures(None, None, None)
YEAR = {"GEN-02": 2025}

MIG = ("10.7.1", "10.7.2", "10.7.3", "10.7.4", "10.C.1", "16.2.2", "17.3.2")
# Only the first row of POL-MIG counts; its columns weigh 2 (produced) and 1 (year).
ONE_ROW = {f"POL-MIG[MIG-{row}].produced": "na" for row in MIG[1:]}
FIRST = "POL-MIG[MIG-10.7.1]"


def question(code, answers, instrument=None) -> QuestionScore:
    return analyse(instrument or nmdc(), cells(YEAR | answers)).questions[code]


def score(code, answers, instrument=None) -> Figures:
    """Return the score in the three modes, rounded so that thirds compare."""
    found = question(code, answers, instrument).score
    modes = (found.final, found.provisional, found.upper)
    return Figures(*(None if s is None else round(s, 9) for s in modes))


def same(value) -> Figures:
    return Figures(value, value, value)
