"""The gap matrices: policy questions A to O, and SDG indicators by migratory status."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questionnaire.addresses import Address
from questionnaire.instrument import (
    NA,
    Question,
    Row,
)
from questionnaire.method import (
    GapInput,
)
from questionnaire.states import CellState
from reports import charts
from reports.analysis.cells import read_cell
from reports.analysis.results import Gap
from reports.document.reader import Reader
from reports.document.structure import (
    Chart,
    Count,
    GapGroup,
    GapRow,
    GridCell,
    GridRow,
    Mark,
    MatrixCell,
    NeedChapter,
    Ref,
)
from reports.document.wording import (
    NO_FIGURE,
    figure,
    listed,
    mark_of_class,
    mark_of_data,
    mark_of_priority,
    mark_of_score,
    mark_of_state,
    score_of_question,
)
from reports.palette import fill_of, ink_of

_NEEDS = ("high", "medium", "low")


def need_chapter(
    reader: Reader, gap_input: GapInput, *, number: str, anchor: str
) -> NeedChapter:
    question = reader.source.instrument.question_by_code[gap_input.matrix]
    gaps = [gap for gap in reader.analysis.gaps.values() if gap.matrix == question.code]
    counts = class_counts(reader, gaps)
    return NeedChapter(
        anchor=anchor,
        number=number,
        title=question.short,
        intro=question.text,
        sentences=tuple(_sentences(reader, question, gaps)),
        counts=counts,
        strip=_strip(reader, counts),
        data_levels=data_marks(reader),
        grid=_grid(reader, question, gaps),
        outside_grid=tuple(
            c for c in counts if c.mark.kind in ("no-need", "not-assessed")
        ),
        availability_columns=tuple(
            question.column_by_code[code].label
            for code in gap_input.availability_columns
        ),
        groups=tuple(_groups(reader, question, gaps)),
        outside=tuple(
            reader.row_ref(question, row.code)
            for row in question.rows
            if row.code not in reader.analysis.gaps and NA in row.fixed.values()
        ),
    )


def why_no_gap(gaps: Collection[Gap]) -> str:
    """Return why no gap is named, where none is."""
    classes = {gap.gap_class for gap in gaps}
    if "not_assessed" in classes:
        return _("No gap can be named yet: the priority of the needs is not known.")
    if classes <= {"no_need"}:
        return _("No gap can be named: none of the needs examined is a policy need.")
    return _("Every need that was named is met.")


def class_marks(reader: Reader) -> dict[str, Mark]:
    """Return the mark of each gap class, the most severe first."""
    classes = sorted(reader.source.instrument.gap_rules.classes, key=lambda c: c.order)
    return {c.code: mark_of_class(c.code, c.label) for c in classes}


def data_marks(reader: Reader) -> tuple[Mark, ...]:
    levels = reader.source.instrument.gap_rules.data_levels
    return tuple(mark_of_data(i, level.label) for i, level in enumerate(levels))


def class_counts(reader: Reader, gaps: Sequence[Gap]) -> tuple[Count, ...]:
    return tuple(
        Count(mark, sum(gap.gap_class == code for gap in gaps))
        for code, mark in class_marks(reader).items()
    )


def gap_row(reader: Reader, gap: Gap) -> GapRow:
    question = reader.source.instrument.question_by_code[gap.matrix]
    row = question.row_by_code[gap.code]
    gap_input = _input_of(reader, gap.matrix)
    address = Address(gap.matrix, gap.code)
    colour = ink_of(gap.gap_class)
    severity = figure(gap.severity)
    alt = _("Severity of %(need)s: %(severity)s of 100")
    return GapRow(
        ref=reader.row_ref(question, row.code),
        sign=row.letter or row.details.get("indicator", ""),
        label=row.label.removeprefix(row.details.get("indicator", "")).strip(),
        need=_need_mark(reader, address._replace(column=gap_input.need_column)),
        data=data_marks(reader)[gap.data_level],
        latest_year=_year(reader, address._replace(column="latest_year")),
        availability=tuple(
            _available(reader, question, row, code)
            for code in gap_input.availability_columns
        ),
        quality=_quality(gap),
        gap_class=class_marks(reader)[gap.gap_class],
        severity=severity,
        chart=Chart(
            charts.meter(gap.severity or 0.0, colour, is_mirrored=reader.is_rtl),
            alt % {"need": row.short, "severity": severity},
        ),
        why=_why(reader, question, gap),
    )


def _available(reader: Reader, question: Question, row: Row, code: str) -> MatrixCell:
    """Return what was said of whether data exist, with the sign of its score."""
    address = Address(question.code, row.code, code)
    state = reader.state.cell_state(address)
    mark = mark_of_state(state)
    if state is CellState.ANSWERED:
        column = question.column_by_code[code]
        score = read_cell(reader.state, question, row, column).score.final
        mark = mark_of_score(score or 0.0)
    return MatrixCell(mark, reader.answer(address))


def _quality(gap: Gap) -> MatrixCell:
    """Return the quality of the data, which is asked only where some exist."""
    if not gap.availability:
        return MatrixCell(mark_of_state(CellState.CLOSED), NO_FIGURE)
    return MatrixCell(mark_of_score(gap.quality), score_of_question(gap.quality))


def _input_of(reader: Reader, matrix: str) -> GapInput:
    return next(g for g in reader.source.instrument.gap_inputs if g.matrix == matrix)


def _need_mark(reader: Reader, address: Address) -> Mark:
    value = reader.state.value(address)
    if value in _NEEDS:
        return mark_of_priority(str(value))
    return Mark("", reader.answer(address), "none" if value == "none" else "unknown")


def _year(reader: Reader, address: Address) -> str:
    value = reader.state.value(address)
    return str(value) if isinstance(value, int) else ""


def _why(reader: Reader, question: Question, gap: Gap) -> str:
    """Return what kind of gap it is and what is weak."""
    if gap.gap_class in ("met", "no_need"):
        return ""
    if gap.is_unknown:
        return _("Whether data exist is not known")
    kinds = {kind.code: kind.label for kind in reader.source.instrument.gap_rules.kinds}
    if not gap.weak_points:
        return _incomplete(reader, question, gap) or kinds.get(gap.kind, "")
    weak = [question.column_by_code[code].label for code in gap.weak_points]
    return _("Weak: %(columns)s") % {
        "columns": listed([column.rstrip("?").strip().lower() for column in weak]),
    }


def _incomplete(reader: Reader, question: Question, gap: Gap) -> str:
    """Return what was said where several columns tell whether data exist and not all do."""
    columns = _input_of(reader, gap.matrix).availability_columns
    if len(columns) < 2:
        return ""
    row = question.row_by_code[gap.code]
    cells = [
        (Address(question.code, row.code, code), question.column_by_code[code])
        for code in columns
    ]
    return "; ".join(
        reader.answer(address)
        for address, column in cells
        if address in reader.state.answers
        and (read_cell(reader.state, question, row, column).score.final or 0.0) < 1
    )


def _sentences(reader: Reader, question: Question, gaps: Sequence[Gap]) -> list[str]:
    weighted = reader.analysis.weighted_gaps.get(question.code)
    sentences = []
    if weighted is None:
        sentences.append(
            _("There is no weighted data gap, since no policy need is stated.")
        )
    else:
        sentences.append(
            _(
                "Weighted data gap: %(gap)s of 100 (0: all needs are met by good data, 100: "
                "none is). Needs of high priority weigh most."
            )
            % {"gap": figure(weighted)}
        )
    unknown = [gap for gap in gaps if gap.is_unknown]
    if unknown:
        sentence = ngettext(
            "For %(count)d need it is not known or not answered whether data exist: "
            "%(needs)s. It counts as having none.",
            "For %(count)d needs it is not known or not answered whether data exist: "
            "%(needs)s. They count as having none.",
            len(unknown),
        )
        signs = [question.row_by_code[gap.code] for gap in unknown]
        sentences.append(
            sentence
            % {"count": len(unknown), "needs": listed([_sign(row) for row in signs])}
        )
    return sentences


def _sign(row: Row) -> str:
    return row.letter or row.details.get("indicator", "") or row.short


def _strip(reader: Reader, counts: Sequence[Count]) -> Chart:
    colours = [
        fill_of(c.code)
        for c in sorted(
            reader.source.instrument.gap_rules.classes, key=lambda c: c.order
        )
    ]
    pairs = zip((c.count for c in counts), colours, strict=True)
    alt = "; ".join(f"{c.mark.label}: {c.count}" for c in counts if c.count)
    return Chart(charts.strip(pairs, is_mirrored=reader.is_rtl), alt)


# Need against data


def _grid(
    reader: Reader, question: Question, gaps: Sequence[Gap]
) -> tuple[GridRow, ...]:
    rules = reader.source.instrument.gap_rules
    marks = class_marks(reader)
    rows = []
    for need in _NEEDS:
        cells = []
        for level, code in enumerate(rules.table[need]):
            inside = [
                gap
                for gap in gaps
                if gap.need == rules.need_values[need] and gap.data_level == level
            ]
            refs = tuple(_grid_ref(reader, question, gap) for gap in inside)
            cells.append(GridCell(marks[code], refs))
        rows.append(GridRow(mark_of_priority(need), tuple(cells)))
    return tuple(rows)


def _grid_ref(reader: Reader, question: Question, gap: Gap) -> Ref:
    row = question.row_by_code[gap.code]
    return Ref(reader.anchor(Address(question.code, gap.code)), _sign(row), row.short)


# The list


def _groups(reader: Reader, question: Question, gaps: Sequence[Gap]) -> list[GapGroup]:
    by_code = {gap.code: gap for gap in gaps}
    if question.row_groups:
        return [
            _group(
                reader,
                question,
                by_code,
                title=group.title,
                note=_("Targets %(targets)s") % {"targets": ", ".join(group.targets)},
                figure_text="",
                rows=[row for row in question.rows if row.group == group.code],
            )
            for group in question.row_groups
        ]
    return [
        _group(
            reader,
            question,
            by_code,
            title=theme.label,
            note="",
            figure_text=_theme_figure(reader, theme.code),
            rows=[row for row in question.rows if row.theme == theme.code],
        )
        for theme in reader.source.instrument.gap_rules.themes
    ]


def _theme_figure(reader: Reader, theme: str) -> str:
    value = reader.analysis.weighted_gaps.get(f"theme_{theme}")
    if value is None:
        return _("data gap %(gap)s") % {"gap": NO_FIGURE}
    return _("data gap %(gap)s") % {"gap": figure(value)}


def _group(
    reader: Reader,
    question: Question,
    gaps: dict[str, Gap],
    *,
    title: str,
    note: str,
    figure_text: str,
    rows: Sequence[Row],
) -> GapGroup:
    return GapGroup(
        title=title,
        note=note,
        figure=figure_text,
        rows=tuple(gap_row(reader, gaps[row.code]) for row in rows if row.code in gaps),
    )
