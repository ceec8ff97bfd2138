"""The annex of differing views, where the coordinator wants them printed."""

from __future__ import annotations

from questionnaire.addresses import Address
from reports.document.reader import Reader
from reports.document.structure import Ref, ViewRow
from reports.document.wording import day_of
from reports.sources import DifferingView


def differing_views(reader: Reader) -> tuple[ViewRow, ...]:
    """Return the views in the order of the instrument, each beside the national answer."""
    order = reader.source.instrument.sort_key
    views = sorted(reader.source.views, key=lambda view: order(view.address))
    return tuple(_row(reader, view) for view in views)


def _row(reader: Reader, view: DifferingView) -> ViewRow:
    question = reader.source.instrument.question_by_code[view.address.question]
    row = "" if question.is_group else view.address.row
    return ViewRow(
        ref=Ref(
            reader.anchor(Address(question.code, row)),
            question.code,
            reader.label(view.address),
        ),
        national=reader.own_answer(view.address),
        view="" if view.value is None else reader.value(view.address, view.value),
        who=view.institution,
        recorded=day_of(view.recorded_at),
        remark=view.text,
    )
