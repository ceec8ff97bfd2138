"""Moments as text: where hundreds are read, Django takes ten times as long for each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField
from django.db.models.sql.compiler import SQLCompiler


class UtcText(Func):
    """A moment as ISO text in UTC, which is how SQLite keeps it."""

    template = "CAST(%(expressions)s AS text)"
    output_field = TextField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Any]:
        form = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')"
        return self.as_sql(compiler, connection, template=form, **extra)


def moment_in(text: str) -> datetime:
    """Return the moment that `UtcText` wrote."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
