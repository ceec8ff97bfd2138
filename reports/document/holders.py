"""Who holds which data: sources and statistics by agency, and the agreements."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questionnaire.addresses import Address
from questionnaire.instrument import Instrument, Question, Row
from questionnaire.states import CellState
from reports.document.components import cell_mark
from reports.document.reader import Reader
from reports.document.structure import (
    Agency,
    Agreement,
    Exchange,
    Holders,
    MatrixCell,
    Partner,
    Ref,
)
from reports.document.wording import NO_FIGURE, in_words, listed

INVENTORY, HOLDER, ACCESS = "SRC-INV", "holder", "nso_access"
STATISTICS, PRODUCER = "BAS-STAT", "producer"
AGREEMENTS, BASIS, RECEIVED = "COO-MOU", "agreement", "level"
EXCHANGE, PARTNERS, PARTNER = "EXC-01", "EXC-02", "partner"


@dataclass(slots=True)
class _Found:
    name: str
    sources: list[Ref] = field(default_factory=list)
    statistics: list[Ref] = field(default_factory=list)


def holders(reader: Reader, *, number: str, anchor: str) -> Holders:
    questions = reader.source.instrument.question_by_code
    agencies = _agencies(reader)
    agreements = questions[AGREEMENTS]
    return Holders(
        anchor=anchor,
        number=number,
        sentences=tuple(_sentences(reader)),
        agencies=agencies,
        agreement_columns=tuple(column.label for column in agreements.columns),
        agreements=tuple(
            _agreement(reader, agreements, row) for row in agreements.rows
        ),
        agreements_note=_agreements_note(reader, agreements),
        exchange=_exchange(reader),
    )


def _agencies(reader: Reader) -> tuple[Agency, ...]:
    """Return the agencies named, those with most sources first, the unnamed one last."""
    found: dict[str, _Found] = {}
    instrument = reader.source.instrument
    inventory = instrument.question_by_code[INVENTORY]
    for row, address in _open_rows(reader, instrument, INVENTORY, HOLDER):
        access = cell_mark(reader, inventory, row, inventory.column_by_code[ACCESS])
        note = reader.answer(address._replace(column=ACCESS))
        _of(reader, found, address).sources.append(
            reader.row_ref(inventory, row.code, note, access.mark)
        )
    for row, address in _open_rows(reader, instrument, STATISTICS, PRODUCER):
        if reader.state.value(address):
            question = instrument.question_by_code[STATISTICS]
            _of(reader, found, address).statistics.append(
                reader.row_ref(question, row.code)
            )
    ordered = sorted(
        found.items(), key=lambda item: (not item[0], -len(item[1].sources), item[0])
    )
    return tuple(
        Agency(f.name, tuple(f.sources), tuple(f.statistics)) for _key, f in ordered
    )


def _open_rows(
    reader: Reader, instrument: Instrument, code: str, column: str
) -> list[tuple[Row, Address]]:
    question = instrument.question_by_code[code]
    if not reader.state.is_shown(question):
        return []
    return [
        (row, Address(code, row.code, column))
        for row in question.rows
        if reader.state.is_open(question, row)
    ]


def _of(reader: Reader, found: dict[str, _Found], address: Address) -> _Found:
    """Return the agency named at `address`; the same name in other letters is the same."""
    value = reader.state.value(address)
    name = " ".join(str(value).split()) if value else ""
    return found.setdefault(name.casefold(), _Found(name or _("Agency not named")))


def _agreement(reader: Reader, question: Question, row: Row) -> Agreement:
    cells = []
    for column in question.columns:
        address = Address(question.code, row.code, column.code)
        if column.is_scored:
            mark = cell_mark(reader, question, row, column).mark
            cells.append(MatrixCell(mark, reader.answer(address)))
        else:
            value = reader.state.value(address)
            mark = cell_mark(reader, question, row, column).mark
            cells.append(
                MatrixCell(mark, reader.value(address, value) if value else "")
            )
    return Agreement(reader.row_ref(question, row.code), tuple(cells))


def _agreements_note(reader: Reader, question: Question) -> str:
    """Count on what basis data come, and from whom individual records do."""
    rows = [row for row in question.rows if reader.state.is_open(question, row)]
    if not rows or not reader.state.is_shown(question):
        if any(_is_unknown(reader, AGREEMENTS, row, BASIS) for row in question.rows):
            return _(
                "The statistical office is not known to receive data from any of these "
                "agencies."
            )
        return _("The statistical office receives data from none of these agencies.")
    values = [
        (
            reader.state.value(Address(question.code, row.code, BASIS)),
            reader.state.value(Address(question.code, row.code, RECEIVED)),
        )
        for row in rows
    ]
    return ngettext(
        "The statistical office receives data from one agency (by law or signed agreement: "
        "%(firm)s; as individual records: %(records)s).",
        "The statistical office receives data from %(count)d agencies: from %(firm)s by "
        "law or signed agreement, from %(records)s as individual records.",
        len(rows),
    ) % {
        "count": len(rows),
        "firm": in_words(sum(basis in ("law", "signed") for basis, _level in values)),
        "records": in_words(sum(level == "individual" for _basis, level in values)),
    }


# Exchange with other countries


def _exchange(reader: Reader) -> Exchange:
    instrument = reader.source.instrument
    ref = reader.question_ref(instrument.question_by_code[EXCHANGE])
    group = instrument.question_by_code[PARTNERS]
    items = reader.state.items_by_code(group) if reader.state.is_shown(group) else []
    sentence = f"{ref.text}: {reader.answer(Address(EXCHANGE))}."
    if not items:
        return Exchange(ref, sentence)
    columns = [column for column in group.columns if column.code != PARTNER]
    partners = tuple(
        Partner(
            name=str(item.get(PARTNER) or NO_FIGURE),
            cells=tuple(
                reader.value(Address(group.code, code, column.code), value)
                if (value := item.get(column.code)) is not None
                else NO_FIGURE
                for column in columns
            ),
        )
        for code, item in items
    )
    return Exchange(ref, sentence, tuple(c.label for c in columns), partners)


def _sentences(reader: Reader) -> list[str]:
    return [*_on_sources(reader), *_on_statistics(reader)]


def _on_statistics(reader: Reader) -> list[str]:
    rows = _open_rows(reader, reader.source.instrument, STATISTICS, PRODUCER)
    unnamed = sum(not reader.state.value(address) for _row, address in rows)
    if not unnamed:
        return []
    if unnamed == len(rows):
        return [_("For none of the statistics produced is a producing agency named.")]
    sentence = ngettext(
        "For %(count)d of %(all)d statistics produced, no producing agency is named.",
        "For %(count)d of %(all)d statistics produced, no producing agency is named.",
        unnamed,
    )
    return [sentence % {"count": unnamed, "all": len(rows)}]


def _on_sources(reader: Reader) -> list[str]:
    question = reader.source.instrument.question_by_code[INVENTORY]
    rows = [row for row in question.rows if reader.state.is_open(question, row)]
    if not rows or not reader.state.is_shown(question):
        return [_("No source has been listed yet.")]
    values = {
        row.code: reader.state.value(Address(INVENTORY, row.code, ACCESS))
        for row in rows
    }
    records = [row for row in rows if values[row.code] in ("regular", "occasional")]
    none = [row.short for row in rows if values[row.code] == "none"]
    sentences = [
        ngettext(
            "The country lists %(count)d source; the statistical office can use individual "
            "records of %(records)s.",
            "The country lists %(count)d sources; the statistical office can use individual "
            "records of %(records)s.",
            len(rows),
        )
        % {"count": len(rows), "records": len(records) or in_words(0)}
    ]
    if none:
        sentences.append(
            _("It has no access to: %(sources)s.") % {"sources": listed(none)}
        )
    unknown = [row.short for row in rows if _is_unknown(reader, INVENTORY, row, ACCESS)]
    if unknown:
        sentences.append(
            _("Its access is not known or not answered for: %(sources)s.")
            % {"sources": listed(unknown)}
        )
    return sentences


def _is_unknown(reader: Reader, question: str, row: Row, column: str) -> bool:
    state = reader.state.cell_state(Address(question, row.code, column))
    return state in (CellState.DONT_KNOW, CellState.BLANK)
