"""Responses at the edges: blank, worst, best, unknown, hidden, and the longest texts."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from functools import cache
from itertools import cycle

from assessment.reviewed import Reviewed
from questionnaire.addresses import EVIDENCE, NOTE, Address
from questionnaire.instrument import DK, DK_KINDS, Choice, Question, Value, cells_of
from questionnaire.values import LONG_TEXT_MAX, TEXT_MAX, TITLE_MAX, URL_MAX
from reports.sources import Clearance, DifferingView, ReportSource, Signed, SourceFile
from tests.instruments import Answers, at, demo_answers, nmdc
from tests.report_sources import SUBMITTED, draft, previous, submission

YEAR = 2025
INSTITUTION_MAX = 300

# Values that leave the questions that depend on them unasked.
CLOSING = {
    "GEN-10": "no",
    "POL-01": "none",
    "STR-01": "none",
    "NEW-01": "none",
    "OPN-01": "none",
    "COO-01": "none",
    "EXC-01": "none",
}

PLAIN: dict[str, Value] = {
    "year": YEAR,
    "integer": 0,
    "decimal": 0,
    "date": "2025-01-01",
    "text": "Something",
    "long_text": "Something",
    "url": "https://example.org/",
}

WORD = "Unterbrechungslos" * 11 + "ausgeschrieben"  # 201 letters and nowhere to break
SCRIPTS = (
    "الهيئة العامة للإحصاء والتخطيط، قسم إحصاءات الهجرة (2025)",
    "国家统计局人口和就业统计司国际移民统计处，负责收集和发布数据",
    "สำนักงานสถิติแห่งชาติ กองสถิติพยากรณ์ และกระทรวงมหาดไทย",
    "Федеральная служба государственной статистики, საქართველოს სტატისტიკა, יער",
    "Office for affluent official offices: fi fl ffi ffl",
    "No font has these: \U0001f30d \U00012000 \u1f00\u0361 \ue000 \U0001f469‍\U0001f52c",
)
SENTENCE = (
    "The statistical office and the migration authority agreed in writing to exchange "
    "individual records every month; the difficult offices still file on paper. "
)


def best_answers() -> Answers:
    """Return the answer with the highest score to every question."""
    return _all_answers(best=True)


def worst_answers() -> Answers:
    """Return the answer with the lowest score to every question."""
    return _all_answers(best=False)


def unknown_answers() -> Answers:
    """Return *don't know* wherever it is offered, and the assessment year."""
    cells = (cell for question in nmdc().questions for cell in cells_of(question))
    unknown = {
        cell.address: DK
        for cell in cells
        if cell.kind in DK_KINDS and not cell.is_fixed
    }
    return unknown | {at("GEN-02"): YEAR}


def hidden_answers() -> Answers:
    """Return the best answers with every condition unmet and every row closed.

    Most of what is stored has therefore no effect, and the report says so.
    """
    answers = best_answers()
    worst = worst_answers()
    for question in nmdc().questions:
        for row in question.rows if question.gate else ():
            gate = Address(question.code, row.code, question.gate)
            answers[gate] = worst[gate]
    return answers | {Address(code): value for code, value in CLOSING.items()}


def long_answers() -> Answers:
    """Return Peru's answers with texts as long and as odd as they can be saved.

    Notes of 20,000 characters, institutions of 300, words without a place to break,
    full groups, and scripts of which some have no font.
    """
    answers = demo_answers("PER")
    names = institutions()
    for question in nmdc().questions:
        answers |= _long_texts(question, names)
    note = long_text(LONG_TEXT_MAX)
    answers[at("BAS-01.@note")] = note
    answers[Address("SRC-INV", "SRC-CEN", NOTE)] = note
    answers[at("STR-06.@note")] = WORD * 20
    answers[at("OPN-01.@note")] = "\n\n".join(SCRIPTS)
    answers[Address("BAS-01", "", EVIDENCE)] = [
        {"title": long_text(TITLE_MAX), "url": _address(URL_MAX)},
        {"title": WORD + WORD[:99], "url": "https://example.org/"},
    ]
    return answers


def long_text(length: int) -> str:
    """Return sentences, lines and paragraphs of exactly `length` characters."""
    paragraph = SENTENCE * 4 + "\n" + SENTENCE + "\n\n"
    text = (paragraph * (length // len(paragraph) + 1))[:length]
    return text[:-1] + "."


def institutions() -> Iterator[str]:
    """Yield names of 300 characters, each another one; some cannot be broken."""
    words = "Directorate-General of Planning, Statistics and Migration Affairs, "
    for number, script in enumerate(cycle((*SCRIPTS, WORD)), start=1):
        name = f"Ministry {number} of {script}, {words * 5}"
        yield name[: INSTITUTION_MAX - 1] + "."


# Sources


def long_source() -> ReportSource:
    """Return a submission with everything that a report can hold, all of it long."""
    day = datetime.date(2026, 3, 4)
    names = institutions()
    signed = [Signed(next(names), long_text(100), long_text(200), day) for _ in "12345"]
    text = long_text(2_000)
    source = submission(
        "PER",
        long_answers(),
        country="United Kingdom of Great Britain and Northern Ireland (the longest)",
        round_title="Second worldwide assessment round of migration data " * 3 + "2025",
        submitted_by=long_text(100),
        previous=previous("PRY"),
        clearance=Clearance(signed[0], tuple(signed[1:])),
        views=(
            DifferingView(at("BAS-01"), None, text, next(names), "A", SUBMITTED),
            DifferingView(at("STR-01"), "none", WORD, WORD[:200], "B", SUBMITTED),
        ),
        files=(
            SourceFile(1, "BAS-01", "", WORD, WORD[:146] + ".pdf", "PDF", 9, "ab" * 32),
        ),
    )
    answer = source.answers[at("EXC-01")]
    return source.reviewed_with(
        (Reviewed(at("EXC-01"), answer, "regular", text, "Olga Petrova", SUBMITTED),)
    )


@cache
def extreme_source(name: str) -> ReportSource:
    """Return the source of one of EXTREMES."""
    return EXTREMES[name]()


EXTREMES: dict[str, Callable[[], ReportSource]] = {
    "blank": lambda: draft("PER", {}),
    "worst": lambda: submission("PER", worst_answers()),
    "best": lambda: submission("PER", best_answers()),
    "unknown": lambda: submission("PER", unknown_answers()),
    "hidden": lambda: submission("PER", hidden_answers()),
    "long": long_source,
}


# Best and worst


def _all_answers(*, best: bool) -> Answers:
    answers: Answers = {}
    for question in nmdc().questions:
        if question.is_matrix:
            answers |= _matrix_answers(question, best=best)
        elif question.is_group:
            for field in question.columns:
                answers[Address(question.code, "i1", field.code)] = _answer(
                    field.kind, field.choices, best=best
                )
        else:
            answers[Address(question.code)] = _answer(
                question.kind, question.choices, best=best
            )
    return answers


def _matrix_answers(question: Question, *, best: bool) -> Answers:
    answers: Answers = {}
    for row in question.rows:
        for column in question.columns:
            if column.code in row.fixed:
                continue
            choices = column.choices
            if column.code == question.gate:
                choices = tuple(
                    choice
                    for choice in choices
                    if (choice.value in question.gate_open) is best
                )
            address = Address(question.code, row.code, column.code)
            answers[address] = _answer(column.kind, choices, best=best)
    return answers


def _answer(kind: str, choices: tuple[Choice, ...], *, best: bool) -> Value:
    if kind in ("yes_no", "single_choice"):
        sign = -1 if best else 1
        return min(choices, key=lambda choice: sign * (choice.score or 0)).value
    if kind == "multiple_choice":
        exclusive = [choice.value for choice in choices if choice.is_exclusive]
        if not best and exclusive:
            return exclusive[:1]
        return [choice.value for choice in choices if not choice.is_exclusive]
    return PLAIN[kind]


# The longest


def _long_texts(question: Question, names: Iterator[str]) -> Answers:
    """Return the longest text for each cell of text; of groups, all items there may be."""
    if question.is_plain:
        value = _long_value(question.kind, question.lookup, names)
        return {Address(question.code): value} if value else {}
    items = [f"i{number}" for number in range(1, question.max_items + 1)]
    rows = items if question.is_group else list(question.row_by_code)
    answers = {}
    for row in rows:
        for column in question.columns:
            value = _long_value(column.kind, column.lookup, names)
            if value:
                answers[Address(question.code, row, column.code)] = value
    return answers


def _long_value(kind: str, lookup: str, names: Iterator[str]) -> str:
    if kind == "text":
        return next(names) if lookup else long_text(TEXT_MAX // 5)
    return {
        "long_text": long_text(LONG_TEXT_MAX // 10),
        "url": _address(URL_MAX),
    }.get(kind, "")


def _address(length: int) -> str:
    start = "https://example.org/"
    return start + "a" * (length - len(start))
