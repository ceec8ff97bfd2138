"""The address of one cell: question, row and column.

Saving, conflicts, history, comments, exports and reports all name a cell this way.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_ADDRESS = re.compile(
    r"^(?P<question>[A-Za-z0-9\-]+)"
    r"(?:\[(?P<row>[A-Za-z0-9.\-_]+)\])?"
    r"(?:\.(?P<column>@?[a-z][a-z0-9_]*))?$"
)

NOTE = "@note"
EVIDENCE = "@evidence"
RESERVED_COLUMNS = frozenset({NOTE, EVIDENCE})


class Address(NamedTuple):
    """Where an answer stands; a plain question has empty row and column."""

    question: str
    row: str = ""
    column: str = ""

    def __str__(self) -> str:
        row = f"[{self.row}]" if self.row else ""
        column = f".{self.column}" if self.column else ""
        return f"{self.question}{row}{column}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `SRC-INV[SRC-CEN].latest_year`. Raises ValueError on any other form."""
        match = _ADDRESS.fullmatch(text)
        if match is None:
            message = f"{text!r} is not the address of a cell"
            raise ValueError(message)
        return cls(match["question"], match["row"] or "", match["column"] or "")
