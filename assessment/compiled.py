"""Queries compiled once: building SQL costs Django ten times what SQLite needs to answer.

For the few reads that every save makes. A parameter is written `given("name")` where a
queryset takes a value, and its value is given by name when the rows are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL


class _Given(str):
    """The name of a parameter, told apart from a text that stands in the query itself."""


def given(name: str) -> RawSQL:
    """Return a place for a value that is known only when the query is made."""
    return RawSQL("%s", [_Given(name)])


class Compiled:
    """The rows of a `values_list` queryset with places for values.

    `build` is called once, at the first use; a query that locks must then be inside a
    transaction, as at every later use.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        self._sql = ""
        self._parameters: tuple[Any, ...] = ()
        self._compiler: Any = None
        self._converters: dict[int, Any] = {}

    def rows(self, **values: Any) -> Iterator[tuple[Any, ...]]:
        """Return the rows, converted as Django converts them. One query."""
        if self._compiler is None:
            self._compile()
        parameters = [
            values[p] if isinstance(p, _Given) else p for p in self._parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, parameters)
            found = cursor.fetchall()
        if self._converters:
            return map(tuple, self._compiler.apply_converters(found, self._converters))
        return iter(found)

    def _compile(self) -> None:
        compiler = self._build().query.get_compiler(connection=connection)
        self._sql, self._parameters = compiler.as_sql()
        columns = [column for column, _, _ in compiler.select[: compiler.col_count]]
        self._converters = compiler.get_converters(columns)
        self._compiler = compiler
