"""Operators of a page, against those of pydyf."""

from __future__ import annotations

import contextlib

import pydyf
import pytest

from reports.renderer.streams import _around, _to_bytes

VALUES = (
    b"q", "/Span", 0, -7, True, 0.0, -0.0, 3.0, -12.5, 0.1, 1 / 3, -1e-9, 123456.789,
    1e15 + 0.5, pydyf.Dictionary({"MCID": 4}), pydyf.Array([1, 0.25]), pydyf.String("a(b"),
)  # fmt: skip


def theirs(item: object) -> bytes:
    """Return what pydyf writes, for which an object's `data` asks itself."""
    if isinstance(item, pydyf.Object):
        return item.data
    if isinstance(item, float):
        return (
            str(int(item)).encode()
            if item.is_integer()
            else f"{item:f}".rstrip("0").encode()
        )
    return item if isinstance(item, bytes) else str(item).encode()


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_value_is_written_as_pydyf_writes_it(value):
    def other(item: object) -> bytes:
        return b"asked: " + theirs(item)

    written = _to_bytes(other)(value).removeprefix(b"asked: ")

    assert written == theirs(value)


def test_nothing_but_ascii_is_a_name():
    with pytest.raises(UnicodeEncodeError):
        _to_bytes(pydyf._to_bytes)("é")


@pytest.mark.parametrize("fails", [False, True])
def test_what_was_begun_is_ended(fails):
    done = []

    def steps(name):
        done.append(f"begin {name}")
        try:
            yield
        finally:
            done.append(f"end {name}")

    with contextlib.suppress(KeyError), _around(steps)("x"):
        done.append("inside")
        if fails:
            raise KeyError
        done.append("whole")

    assert done == ["begin x", "inside", *["whole"] * (not fails), "end x"]
