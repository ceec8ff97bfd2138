"""Operators of a page: written without asking each value what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def hasten() -> None:
    import pydyf
    from weasyprint.pdf.stream import Stream

    pydyf._to_bytes = _to_bytes(pydyf._to_bytes)
    for name in ("artifact", "marked", "stacked"):
        setattr(Stream, name, _around(getattr(Stream, name).__wrapped__))


def _to_bytes(original: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    def to_bytes(item: Any) -> bytes:
        kind = type(item)
        if kind is bytes:
            return bytes(item)
        if kind is str:
            return str.encode(item, "ascii")
        if kind is float:
            return b"%d" % item if item.is_integer() else (b"%f" % item).rstrip(b"0")
        return original(item)

    return to_bytes


def _around(steps: Callable[..., Iterator[None]]) -> Callable[..., _Around]:
    def around(*arguments: Any) -> _Around:
        return _Around(steps(*arguments))

    return around


class _Around:
    """What `contextmanager` makes of a function that yields once, and no more."""

    __slots__ = ("_steps",)

    def __init__(self, steps: Any) -> None:
        self._steps = steps

    def __enter__(self) -> None:
        next(self._steps)

    def __exit__(self, kind: Any, *error: Any) -> None:
        if kind is None:
            next(self._steps, None)
        else:
            self._steps.close()
