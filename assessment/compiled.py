"""Queries compiled once: building SQL costs Django ten times what SQLite needs to answer.

For the few statements that every save or every page makes. A parameter is written
`given("name")` where a queryset takes a value, and its value is given by name when the
rows are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import AutoField, Field, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import get_related_populators

AnyField = Field[Any, Any]


class _Given(str):
    """The name of a parameter, told apart from a text that stands in the query itself."""


def given(name: str) -> RawSQL:
    """Return a place for a value that is known only when the query is made."""
    return RawSQL("%s", [_Given(name)])


class Compiled:
    """What a queryset finds, with places for values: rows of a `values_list`, or objects.

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
        found = self._found(values)
        return map(tuple, found) if self._converters else found

    def objects(self, **values: Any) -> Iterator[Any]:
        """Yield the objects, with what the queryset joins and annotates. One query."""
        found = self._found(values)
        compiler, alias = self._compiler, connection.alias
        of, select = compiler.klass_info, compiler.select
        own = of["select_fields"]
        names = [select[place][0].target.attname for place in own]
        # The stubs are those of Django 6.1, which asks for one argument more.
        joined = get_related_populators(of, select, alias)  # type: ignore[call-arg]
        for row in found:
            made = of["model"].from_db(alias, names, row[own[0] : own[-1] + 1])
            for one in joined:
                one.populate(row, made)
            for name, place in compiler.annotation_col_map.items():
                setattr(made, name, row[place])
            yield made

    def _found(self, values: dict[str, Any]) -> Iterator[Any]:
        if self._compiler is None:
            self._compile()
        parameters = [
            values[p] if isinstance(p, _Given) else p for p in self._parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, parameters)
            found = cursor.fetchall()
        if self._converters:
            return iter(self._compiler.apply_converters(found, self._converters))
        return iter(found)

    def _compile(self) -> None:
        compiler = self._build().query.get_compiler(connection=connection)
        self._sql, self._parameters = compiler.as_sql()
        columns = [column for column, _, _ in compiler.select[: compiler.col_count]]
        self._converters = compiler.get_converters(columns)
        self._compiler = compiler


def insert_one(instance: Model) -> None:
    """Insert a row without reading its id back. One statement, no signal."""
    fields, sql = _insertion(type(instance))
    _execute(sql, instance, fields, add=True)


def update_one(instance: Model, names: Sequence[str]) -> None:
    """Write the named fields of a row that is there. One statement, no signal."""
    fields, sql = _alteration(type(instance), tuple(names))
    _execute(sql, instance, fields, add=False)


@cache
def _insertion(model: type[Model]) -> tuple[Sequence[AnyField], str]:
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, AutoField)]
    columns = ", ".join(map(_column, fields))
    places = ", ".join("%s" for _ in fields)
    sql = f"INSERT INTO {_table(model)} ({columns}) VALUES ({places})"  # noqa: S608
    return fields, sql


@cache
def _alteration(
    model: type[Model], names: tuple[str, ...]
) -> tuple[Sequence[AnyField], str]:
    by_name = {f.name: f for f in model._meta.concrete_fields}
    fields, key = [by_name[name] for name in names], model._meta.pk
    columns = ", ".join(f"{_column(f)} = %s" for f in fields)
    sql = f"UPDATE {_table(model)} SET {columns} WHERE {_column(key)} = %s"  # noqa: S608
    return [*fields, key], sql


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _column(field: AnyField) -> str:
    return connection.ops.quote_name(str(field.column))


def _execute(
    sql: str, instance: Model, fields: Sequence[AnyField], *, add: bool
) -> None:
    values = [
        f.get_db_prep_save(f.pre_save(instance, add), connection=connection)
        for f in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
