"""Signed-in people on loopback: each has a session, a connection and a cell to change."""

from __future__ import annotations

import gzip
import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.server import HOST

_TIMEOUT = 20.0  # seconds


class Unexpected(Exception):
    """The server answered something else than what is being measured."""


def unpacked(body: bytes) -> bytes:
    """Return the body of an answer as it was before gzip, if it was packed at all."""
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


@dataclass(slots=True)
class Cell:
    """A cell of one person alone; its value alternates, so that every save is a change."""

    question: str
    row: str
    column: str
    values: list[str]
    value: Any
    revision: int

    def next_body(self) -> str:
        self.value = self.values[self.value == self.values[0]]
        change = {
            "question": self.question,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "base": self.revision,
        }
        return json.dumps({"changes": [change]})

    def accept(self, reply: bytes) -> None:
        """Take the revision over. Raises Unexpected unless the change was saved."""
        (result,) = json.loads(unpacked(reply))["results"]
        if result["status"] != "saved" or result["revision"] != self.revision + 1:
            message = f"a save was answered by {result}"
            raise Unexpected(message)
        self.revision += 1


@dataclass(slots=True)
class Visitor:
    """One signed-in browser. `facts` come from `bench.inside`."""

    port: int
    facts: dict[str, Any]
    connection: http.client.HTTPConnection = field(init=False)
    headers: dict[str, str] = field(init=False)
    cells: dict[str, Cell] = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(HOST, self.port, timeout=_TIMEOUT)
        self.cells = {name: Cell(**cell) for name, cell in self.facts["cells"].items()}
        self.headers = {
            "Cookie": f"sessionid={self.facts['session']}",
            "Accept-Encoding": "gzip",
        }
        self.connection.request("GET", "/csrf/", headers=self.headers)
        answer = self.connection.getresponse()
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        self.headers["X-CSRFToken"] = json.loads(unpacked(answer.read()))["token"]
        self.headers["Cookie"] += f"; {cookie}"

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        headers = self.headers
        if body is not None:
            headers = headers | {"Content-Type": "application/json"}
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        found = answer.read()
        if answer.status != http.HTTPStatus.OK:
            message = f"{method} {path} was answered by {answer.status}"
            raise Unexpected(message)
        return found

    def empty(self) -> bytes:
        return self._ask("GET", "/bench/empty/")

    def update(self) -> bytes:
        return self._ask("POST", self.facts["update"], "")

    def page(self) -> bytes:
        return self._ask("GET", self.facts["page"])

    def save_matrix_cell(self) -> bytes:
        return self._save(self.cells["matrix"])

    def save_plain_question(self) -> bytes:
        return self._save(self.cells["plain"])

    def _save(self, cell: Cell) -> bytes:
        reply = self._ask("POST", self.facts["save"], cell.next_body())
        cell.accept(reply)
        return reply


Action = Callable[[Visitor], bytes]


@dataclass(frozen=True, slots=True)
class Load:
    """What one block of requests came to; latencies in seconds."""

    requests: int
    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


def load(visitors: list[Visitor], action: Action, seconds: float) -> Load:
    """Let all visitors repeat `action` for `seconds`. Raises Unexpected."""
    latencies: list[float] = []
    failures: list[Exception] = []
    start = threading.Barrier(len(visitors) + 1)

    def visit(visitor: Visitor) -> None:
        start.wait()
        end = time.perf_counter() + seconds
        try:
            while (before := time.perf_counter()) < end:
                action(visitor)
                latencies.append(time.perf_counter() - before)
        except (Unexpected, OSError, http.client.HTTPException) as failure:
            failures.append(failure)

    threads = [threading.Thread(target=visit, args=[visitor]) for visitor in visitors]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if failures:
        message = f"{len(failures)} of {len(visitors)} clients failed: {failures[0]}"
        raise Unexpected(message)
    return Load(len(latencies), time.perf_counter() - began, latencies)
