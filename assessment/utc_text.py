"""Moments as text: where hundreds are read, Django takes ten times as long for each."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField
from django.db.models.sql.compiler import SQLCompiler


class UtcText(Func):
    """A moment as ISO text in UTC, for `datetime.fromisoformat`."""

    template = "CAST(%(expressions)s AS text) || '+00:00'"
    output_field = TextField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, Any]:
        form = "YYYY-MM-DD HH24:MI:SS.US+00:00"
        template = f"to_char(%(expressions)s AT TIME ZONE 'UTC', '{form}')"
        return self.as_sql(compiler, connection, template=template, **extra)
