"""What most tests stand on: made by the services once, then put back row by row.

An open round with a response in it is some twenty statements and as many milliseconds,
three thousand times a run. The rows keep their numbers, which nothing else is given.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Max, Model

from assessment.models import Country, Response, Round, User
from assessment.services.rounds import open_response, open_round
from questionnaire.models import Questionnaire
from tests.factories import MemberFactory, OfficerFactory, RoundFactory


@dataclass(frozen=True)
class Standing:
    """Something that was made, and the statements that write its rows."""

    pickled: bytes
    inserts: Sequence[tuple[str, list[Any]]]

    def put(self) -> Any:
        """Write the rows; return the object as the service returned it."""
        with connection.cursor() as cursor:
            for sql, values in self.inserts:
                cursor.execute(sql, values)
        return pickle.loads(self.pickled)  # noqa: S301  pickled by this process


def make_standing() -> dict[str, Standing]:
    """Make the round, the response and their people; leave only their numbers taken."""
    made: dict[str, Standing] = {}
    with _rolled_back() as taken:
        officer = _keep(made, "officer", OfficerFactory)
        round_ = _keep(made, "round_2025", lambda: _open_round(officer))
        peru = Country.objects.get(iso3="PER")
        for role in ("coordinator", "contributor"):
            _keep(made, role, lambda: MemberFactory(country=peru, role=role))  # noqa: B023
        _keep(made, "response", lambda: _open_response(round_, peru, officer))
        taken.update(_numbers())
    _take(taken)
    return made


def make_more(
    standing: dict[str, Standing], name: str, make: Callable[[Response], Any]
) -> Standing:
    """Make something over the response, to be put after it."""
    made: dict[str, Standing] = {}
    with _rolled_back() as taken:
        for needed in ("officer", "round_2025"):
            standing[needed].put()
        response = standing["response"].put()
        _keep(made, name, lambda: make(response))
        taken.update(_numbers())
    _take(taken)
    return made[name]


def _open_round(officer: User) -> Round:
    questionnaire = Questionnaire.objects.get(code="NMDC", version="1.0")
    round_: Round = RoundFactory(code="2025", year=2025, questionnaire=questionnaire)
    open_round(round_=round_, countries=[], by=officer)
    return round_


def _open_response(round_: Round, country: Country, officer: User) -> Response:
    return open_response(round_=round_, country=country, by=officer)


def _keep(made: dict[str, Standing], name: str, make: Callable[[], Any]) -> Any:
    """Make it; what stood before has to stay as it was, or the rows would not do."""
    before, stood = _numbers(), _stood()
    found = make()
    now = _stood()
    assert {key: now[key] for key in stood} == stood, name
    inserts = [
        _insert(model, before[model])
        for model, number in _numbers().items()
        if number > before[model]
    ]
    made[name] = Standing(pickle.dumps(found), inserts)
    return found


def _numbers() -> dict[type[Model], int]:
    """Return the highest number in every table that numbers its rows."""
    return {
        model: model._base_manager.aggregate(found=Max("pk"))["found"] or 0
        for model in apps.get_models(include_auto_created=True)
        if model._meta.pk.get_internal_type() in ("AutoField", "BigAutoField")
    }


def _stood() -> dict[tuple[type[Model], int], dict[str, Any]]:
    """Return what must not change under what is made later."""
    return {
        (model, row["id"]): row
        for model in (User, Round, Response)
        for row in model._base_manager.values()
    }


def _insert(model: type[Model], after: int) -> tuple[str, list[Any]]:
    """Return the statement that writes the rows numbered after `after`, as they stand."""
    quote = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(model._meta.pk.column)
    with connection.cursor() as cursor:
        sql = f"SELECT * FROM {table} WHERE {key} > %s"  # noqa: S608  names of models
        cursor.execute(sql, [after])
        columns = [column[0] for column in cursor.description or ()]
        rows = cursor.fetchall()
    marks = f"({', '.join(['%s'] * len(columns))})"
    names = ", ".join(map(quote, columns))
    values = ", ".join([marks] * len(rows))
    sql = f"INSERT INTO {table} ({names}) VALUES {values}"  # noqa: S608  the same
    return sql, [value for row in rows for value in row]


@contextmanager
def _rolled_back() -> Iterator[dict[type[Model], int]]:
    with transaction.atomic():
        yield {}
        transaction.set_rollback(True)


_TAKEN: dict[type[Model], int] = {}


def take_again() -> None:
    """Take the numbers once more, where a test has had sequences begin anew."""
    if connection.vendor == "sqlite":  # a rollback has done so
        return
    with connection.cursor() as cursor:
        for model, number in _TAKEN.items():
            names = model._meta.db_table, model._meta.pk.column
            sequence = "SELECT setval(pg_get_serial_sequence(%s, %s), %s)"
            cursor.execute(sequence, [*names, max(number, 1)])


def _take(numbers: dict[type[Model], int]) -> None:
    """On SQLite a rollback gives numbers back as well; on PostgreSQL they are gone."""
    _TAKEN.update(numbers)
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for model, number in numbers.items():
            table = model._meta.db_table
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute(
                "INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, number]
            )
