"""Pages and saves over HTTP, every subject and its floor taking turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.client import Action, Load, Visitor, load
from bench.report import ViewLine
from bench.server import Server

CLIENTS = 8
ROUNDS = 5
_ALONE = 0.5  # seconds of one client, in each round
_TOGETHER = 1.0  # seconds of all clients, in each round


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured. `floor` names another subject; limits without one do not apply."""

    what: str
    action: Action
    floor: str = ""
    max_queries: int | None = None
    max_inside_ms: float | None = None
    min_share: float | None = None

    @property
    def target(self) -> str:
        limits = {
            "≤ {} queries": self.max_queries,
            "≤ {} ms in process": self.max_inside_ms,
            "≥ {} of floor": self.min_share,
        }
        return ", ".join(
            text.format(limit) for text, limit in limits.items() if limit is not None
        )


# The order is that of the turns: each floor beside what is held against it.
SUBJECTS = {
    "empty": Subject("floor: signed-in empty view", Visitor.empty),
    "page": Subject(
        "section page {section}, {cells} cells", Visitor.page, "empty", 8, 60
    ),
    "update": Subject("floor: signed-in view, one UPDATE", Visitor.update),
    "matrix": Subject(
        "autosave, cell of the largest matrix",
        Visitor.save_matrix_cell,
        "update",
        max_queries=10,
        min_share=0.5,
    ),
    "plain": Subject(
        "autosave, plain question",
        Visitor.save_plain_question,
        "update",
        max_queries=10,
        min_share=0.5,
    ),
}


@dataclass(slots=True)
class Taken:
    """What was measured of one subject, a load a round."""

    alone: list[Load] = field(default_factory=list)
    together: list[Load] = field(default_factory=list)
    cpu_seconds: float | None = 0.0

    @property
    def one_client_ms(self) -> float:
        return 1000 * median(t for one in self.alone for t in one.latencies)

    @property
    def rate(self) -> float:
        return median(one.rate for one in self.together)

    @property
    def cpu_ms(self) -> float | None:
        """Processor time of the server's workers a request; the database's is not in it."""
        requests = sum(one.requests for one in self.together)
        return None if self.cpu_seconds is None else 1000 * self.cpu_seconds / requests

    def share_of(self, floor: Taken) -> float:
        pairs = zip(self.together, floor.together, strict=True)
        return median(mine.rate / theirs.rate for mine, theirs in pairs)


def take(server: Server, facts: list[dict[str, Any]]) -> dict[str, Taken]:
    """Measure all subjects. Raises Unexpected if any answer is not the one wanted."""
    visitors = [Visitor(server.port, own) for own in facts]
    for subject in SUBJECTS.values():  # every worker reads the instrument once
        load(visitors, subject.action, 0.3)
    taken = {name: Taken() for name in SUBJECTS}
    for _ in range(ROUNDS):
        for name, subject in SUBJECTS.items():
            taken[name].alone.append(load(visitors[:1], subject.action, _ALONE))
        for name, subject in SUBJECTS.items():
            _take_together(server, visitors, subject, taken[name])
    return taken


def _take_together(
    server: Server, visitors: list[Visitor], subject: Subject, taken: Taken
) -> None:
    before = server.cpu_seconds()
    taken.together.append(load(visitors, subject.action, _TOGETHER))
    after = server.cpu_seconds()
    if before is None or after is None or taken.cpu_seconds is None:
        taken.cpu_seconds = None
    else:
        taken.cpu_seconds += after - before


def lines(taken: Mapping[str, Taken], inside: Mapping[str, Any]) -> list[ViewLine]:
    """Return the lines of the table from the loads and from `bench.inside`."""
    found = []
    for name, subject in SUBJECTS.items():
        mine = taken[name]
        floor = taken.get(subject.floor)
        seen = inside["views"][name]
        share = mine.share_of(floor) if floor else None
        found.append(
            ViewLine(
                what=subject.what.format(**inside),
                one_client_ms=mine.one_client_ms,
                rate=mine.rate,
                cpu_ms=mine.cpu_ms,
                inside_ms=seen["ms"],
                queries=seen["queries"],
                transaction=seen["transaction"],
                bytes=seen["bytes"],
                bytes_gzip=seen["bytes_gzip"],
                times_floor=mine.one_client_ms / floor.one_client_ms if floor else None,
                share=share,
                target=subject.target,
                is_met=_is_met(subject, seen, share) if floor else None,
            )
        )
    return found


def _is_met(subject: Subject, seen: Mapping[str, Any], share: float | None) -> bool:
    queries = seen["queries"] + seen["transaction"]
    return (
        (subject.max_queries is None or queries <= subject.max_queries)
        and (subject.max_inside_ms is None or seen["ms"] <= subject.max_inside_ms)
        and (subject.min_share is None or (share or 0.0) >= subject.min_share)
    )
