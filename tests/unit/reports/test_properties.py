"""What holds for every set of answers, however odd."""

from collections.abc import Iterator
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from questionnaire.addresses import Address
from questionnaire.instrument import DK, NA, NUMBER_KINDS, Cell, Value, cells_of
from questionnaire.states import CellState, ResponseState
from reports.analysis import Analysis, analyse
from reports.analysis.results import Figures
from tests.instruments import Answers, nmdc

NOISE = 1e-9
CELLS = tuple(cell for question in nmdc().questions for cell in cells_of(question))
SCORED_CHOICES = tuple(
    cell
    for cell in CELLS
    if cell.kind in ("yes_no", "single_choice")
    and any(choice.score is not None for choice in cell.choices)
)
INVENTORY = nmdc().question_by_code["SRC-INV"]

few = settings(max_examples=100, deadline=None, database=None)
randoms = st.builds(Random, st.integers(min_value=0, max_value=2**32))


def random_value(cell: Cell, random: Random) -> Value:
    reserved = [
        v for v, allowed in ((DK, cell.allows_dk), (NA, cell.allows_na)) if allowed
    ]
    if reserved and random.random() < 0.2:
        return random.choice(reserved)
    if cell.kind == "multiple_choice":
        listed = [c.value for c in cell.choices if not c.is_exclusive]
        return random.sample(listed, random.randint(1, len(listed)))
    if cell.choices:
        return random.choice(cell.choices).value
    return random.randint(2000, 2027) if cell.kind in NUMBER_KINDS else "Something"


def random_answers(random: Random) -> Answers:
    """Put any value in any cell, hidden and closed ones too; more or fewer blanks."""
    blanks = random.choice((0, 0.05, 0.5, 0.95))
    return {
        cell.address: random_value(cell, random)
        for cell in CELLS
        if cell.kind != "evidence" and not cell.is_fixed and random.random() >= blanks
    }


answer_sets = st.builds(random_answers, randoms)


def scores(analysis: Analysis) -> dict[str, Figures]:
    """Return all scores on the scale 0 to 100."""
    questions = {
        code: Figures(*(None if s is None else 100 * s for s in modes(question.score)))
        for code, question in analysis.questions.items()
    }
    groups = {**analysis.sections, **analysis.dimensions, "OVERALL": analysis.overall}
    return questions | {code: group.score for code, group in groups.items()}


def modes(figures: Figures) -> tuple[float | None, float | None, float | None]:
    return figures.final, figures.provisional, figures.upper


def lowered(before: Analysis, after: Analysis) -> list[str]:
    """Return the scores that are lower in any mode, or that appeared or went away."""
    later = scores(after)
    return [
        code
        for code, figures in scores(before).items()
        for old, new in zip(modes(figures), modes(later[code]), strict=True)
        if (old is None) is not (new is None)
        or (old is not None and new is not None and new < old - NOISE)
    ]


def states(answers: Answers) -> list[CellState]:
    state = ResponseState(nmdc(), answers)
    return [state.cell_state(cell.address) for cell in answerable()]


def answerable() -> Iterator[Cell]:
    for cell in CELLS:
        question = nmdc().question_by_code[cell.address.question]
        if not cell.address.column.startswith("@") and not question.is_group:
            yield cell


@few
@given(answer_sets)
def test_scores_stay_within_their_range(answers):
    for code, figures in scores(analyse(nmdc(), answers)).items():
        known = [score for score in modes(figures) if score is not None]
        assert all(-NOISE <= score <= 100 + NOISE for score in known), code


@few
@given(answer_sets)
def test_final_score_never_exceeds_the_upper_one(answers):
    for code, figures in scores(analyse(nmdc(), answers)).items():
        assert (figures.final is None) is (figures.upper is None), code
        assert figures.final is None or figures.final <= figures.upper + NOISE, code


@few
@given(answer_sets)
def test_gaps_and_actions_stay_within_their_range(answers):
    analysis = analyse(nmdc(), answers)

    for gap in analysis.gaps.values():
        assert 0 <= gap.quality <= 1 + NOISE
        assert 0 <= gap.adequacy <= gap.availability + NOISE
        assert gap.severity is None or 0 <= gap.severity <= 100
        assert gap.causes
    for action in analysis.actions:
        assert -NOISE <= action.rank_value <= 100 + NOISE
        assert action.causes
    assert len(analysis.first_wave) <= 12


@few
@given(answer_sets, st.sampled_from(SCORED_CHOICES), randoms)
def test_a_better_choice_never_lowers_a_score(answers, cell, random):
    worse, better = sorted(random.sample(cell.choices, 2), key=lambda c: c.score or 0)
    before = answers | {cell.address: worse.value}
    after = answers | {cell.address: better.value}
    assume(states(before) == states(after))

    assert lowered(analyse(nmdc(), before), analyse(nmdc(), after)) == []


@few
@given(
    answer_sets,
    st.sampled_from([row for row in INVENTORY.rows if INVENTORY.is_optional_row(row)]),
    st.sampled_from([None, "no", "dk", "na"]),
)
def test_one_more_optional_source_never_lowers_the_inventory(answers, row, closed):
    """As long as an ordinary row counts; the census always does here."""
    gate = Address(INVENTORY.code, row.code, INVENTORY.gate)
    answers[Address(INVENTORY.code, "SRC-CEN", INVENTORY.gate)] = "yes"

    before = analyse(nmdc(), answers | {gate: closed})
    after = analyse(nmdc(), answers | {gate: "yes"})

    shown = [[q.is_shown for q in a.questions.values()] for a in (before, after)]
    found = lowered(before, after)
    assert "SRC-INV" not in found
    assert shown[0] != shown[1] or found == []


@few
@given(answer_sets, randoms)
def test_order_of_answers_never_matters(answers, random):
    shuffled = random.sample(list(answers.items()), len(answers))
    reversed_lists = {
        address: value[::-1] if isinstance(value, list) else value
        for address, value in shuffled
    }

    assert analyse(nmdc(), reversed_lists) == analyse(nmdc(), answers)


@few
@given(answer_sets)
def test_answers_that_are_hidden_or_closed_never_matter(answers):
    state = ResponseState(nmdc(), answers)
    ignored = {
        cell.address
        for cell in answerable()
        if state.cell_state(cell.address) in (CellState.HIDDEN, CellState.CLOSED)
    }
    kept = {a: value for a, value in answers.items() if a not in ignored}

    assert analyse(nmdc(), kept) == analyse(nmdc(), answers)
