"""Reports read: only what they derived is kept, in the modules that ADR 0013 names."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.instruments import ROOT

KEEPERS = {"reports/kept.py", "reports/bundles.py"}
WRITES = {
    "create", "bulk_create", "get_or_create", "update_or_create", "bulk_update",
    "update", "delete", "save",
}  # fmt: skip
# Of these there are others than those of a table: dictionaries, digests, Office files.
AMBIGUOUS = {"update", "save"}
ON_A_TABLE = {"objects", "filter", "all", "exclude", "select_for_update"}


def writes(tree: ast.AST) -> Iterator[int]:
    """Yield the lines on which a row of the database is written or removed."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, keywords = node.func.attr, {word.arg for word in node.keywords}
        if name not in WRITES:
            continue
        if name not in AMBIGUOUS or "update_fields" in keywords or _on_table(node.func):
            yield node.lineno


def _on_table(function: ast.Attribute) -> bool:
    names = {n.attr for n in ast.walk(function.value) if isinstance(n, ast.Attribute)}
    return bool(names & ON_A_TABLE)


def test_reports_write_only_what_they_derived():
    sources = {
        path: path.read_text("utf-8") for path in (ROOT / "reports").rglob("*.py")
    }

    found = {
        path.relative_to(ROOT).as_posix()
        for path, source in sources.items()
        if any(f".{name}(" in source for name in WRITES)
        and any(writes(ast.parse(source)))
    }

    assert found == KEEPERS


def test_writes_are_recognised():
    source = """
Row.objects.filter(pk=1).update(a=2)
row.save(update_fields=["a"])
row.delete()
found.update({})
book.save(out)
"""

    assert list(writes(ast.parse(source))) == [2, 3, 4]
