"""Many writers on one response, and an account of every save: `python -m bench.stress`.

Eight people save random batches of the same few cells at once, over HTTP, through two
server processes. Afterwards each change that was answered by "saved" must stand in the
history under its revision, by its author, and nothing else may stand there.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import django

from bench.client import unpacked
from bench.server import HOST, ROOT, Installation, installation, serving

WRITERS = 8
SAVES = 2000
CELLS = 24
LONGEST_BATCH = 6
ISO3, ROUND = "PER", "2025"
_PATH = f"/responses/{ISO3.lower()}/{ROUND}/answers"
_TIMEOUT = 60.0  # seconds: longer than SQLite waits for its lock

Cell = tuple[str, str, str]


@dataclass(slots=True)
class Writer:
    """One person's browser: what they saved, and what they believe stands."""

    name: str
    session: str
    bases: dict[Cell, int]
    saved: dict[tuple[Cell, int], str] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def write(self, port: int, saves: int, start: threading.Barrier) -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=_TIMEOUT)
        headers = self._headers(connection)
        chance = random.Random(self.name)
        start.wait()
        for number in range(saves):
            batch = chance.sample(sorted(self.bases), chance.randint(1, LONGEST_BATCH))
            values = [f"{self.name} {number} {i}" for i in range(len(batch))]
            self._save(connection, headers, batch, values)

    def _headers(self, connection: http.client.HTTPConnection) -> dict[str, str]:
        headers = {"Cookie": f"sessionid={self.session}"}
        connection.request("GET", "/csrf/", headers=headers)
        answer = connection.getresponse()
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        token = json.loads(unpacked(answer.read()))["token"]
        return {
            "Cookie": f"sessionid={self.session}; {cookie}",
            "X-CSRFToken": token,
            "Content-Type": "application/json",
        }

    def _save(
        self,
        connection: http.client.HTTPConnection,
        headers: dict[str, str],
        batch: list[Cell],
        values: list[str],
    ) -> None:
        changes = [
            {
                "question": cell[0],
                "row": cell[1],
                "column": cell[2],
                "value": value,
                "base": self.bases[cell],
            }
            for cell, value in zip(batch, values, strict=True)
        ]
        before = time.perf_counter()
        connection.request("POST", _PATH, json.dumps({"changes": changes}), headers)
        answer = connection.getresponse()
        body = answer.read()
        self.seconds.append(time.perf_counter() - before)
        if answer.status != http.HTTPStatus.OK:
            self.outcomes[f"HTTP {answer.status}"] += 1
            return
        results = json.loads(unpacked(body))["results"]
        for cell, value, result in zip(batch, values, results, strict=True):
            self.outcomes[result["status"]] += 1
            if result["status"] == "saved":
                self.bases[cell] = result["revision"]
                self.saved[cell, result["revision"]] = value
            elif result["status"] == "conflict":
                self.bases[cell] = result["current"]["revision"]


def main() -> int:
    arguments = parsed()
    if arguments.postgres:
        with_postgres = str(ROOT / "scripts" / "with_postgres.sh")
        again = [sys.executable, "-m", "bench.stress", "--empty-database"]
        again += ["--saves", str(arguments.saves)]
        os.execv(with_postgres, [with_postgres, *again])
    database_url = os.environ["DATABASE_URL"] if arguments.empty_database else ""
    with installation(database_url) as made:
        connect(made)
        writers = list(prepared())
        before = revisions()
        with serving(made) as server:
            seconds = together(writers, server.port, arguments.saves // WRITERS)
        problems = unaccounted(writers, before)
        asked = WRITERS * (arguments.saves // WRITERS)
        answered = sum(len(writer.seconds) for writer in writers)
        if answered != asked:
            problems.append(f"{asked - answered} of {asked} saves had no answer")
    for line in figures(writers, seconds):
        print(line)
    for problem in problems:
        print(f"PROBLEM: {problem}")
    return 1 if problems else 0


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.stress", description="Account for every save."
    )
    parser.add_argument("--saves", type=int, default=SAVES, help="requests in all")
    parser.add_argument(
        "--postgres", action="store_true", help="on a PostgreSQL server of its own"
    )
    parser.add_argument(  # fills the database that DATABASE_URL names
        "--empty-database", action="store_true", help=argparse.SUPPRESS
    )
    return parser.parse_args()


def connect(made: Installation) -> None:
    """Let this process use the installation's database too."""
    os.environ.update(made.environment)
    django.setup()


def prepared() -> Iterator[Writer]:
    """Yield the writers, signed in, each knowing the revisions as they stand."""
    from django.test import Client

    from assessment.models import Answer, Country, Membership, User

    country = Country.objects.get(iso3=ISO3)
    cells = contested()
    standing = {
        (a.question, a.row, a.column): a.revision
        for a in Answer.objects.filter(
            response__country=country, response__round__code=ROUND
        )
    }
    for number in range(WRITERS):
        name = f"writer{number}"
        user = User.objects.create_user(f"{name}@example.org", name=name)
        Membership.objects.create(user=user, country=country, role="contributor")
        client = Client()
        client.force_login(user)
        bases = {cell: standing.get(cell, 0) for cell in cells}
        yield Writer(name, client.cookies["sessionid"].value, bases)


def contested() -> list[Cell]:
    """Return notes and text cells of matrices, as many of the one as of the other."""
    from assessment.queries import instrument_of, responses_with_instrument
    from questionnaire.instrument import cells_of

    response = responses_with_instrument().get(country__iso3=ISO3, round__code=ROUND)
    instrument = instrument_of(response)
    notes = [(q.code, "", "@note") for s in instrument.sections for q in s.questions]
    texts = [
        tuple(cell.address)
        for section in instrument.sections
        for question in section.questions
        if question.is_matrix
        for cell in cells_of(question)
        if cell.kind == "text" and not cell.is_fixed
    ]
    return [*notes[: CELLS // 2], *texts[: CELLS // 2]]


def together(writers: list[Writer], port: int, saves: int) -> float:
    """Return the seconds that all writers took together."""
    start = threading.Barrier(len(writers) + 1)
    threads = [
        threading.Thread(target=writer.write, args=[port, saves, start])
        for writer in writers
    ]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def revisions() -> dict[tuple[Cell, int], tuple[str, Any]]:
    """Return author and value of every revision of the response."""
    from assessment.models import AnswerRevision

    rows = AnswerRevision.objects.filter(
        answer__response__country__iso3=ISO3, answer__response__round__code=ROUND
    ).values_list(
        "answer__question", "answer__row", "answer__column", "revision",
        "changed_by__name", "value",
    )  # fmt: skip
    return {((q, r, c), number): (by, value) for q, r, c, number, by, value in rows}


def standing() -> dict[Cell, tuple[int, Any]]:
    from assessment.models import Answer

    rows = Answer.objects.filter(
        response__country__iso3=ISO3, response__round__code=ROUND
    ).values_list("question", "row", "column", "revision", "value")
    return {(q, r, c): (revision, value) for q, r, c, revision, value in rows}


def unaccounted(
    writers: list[Writer], before: dict[tuple[Cell, int], tuple[str, Any]]
) -> list[str]:
    """Return what was answered otherwise than it was done; nothing, if all is well."""
    after = revisions()
    told = {
        key: (writer.name, value)
        for writer in writers
        for key, value in writer.saved.items()
    }
    made = {key: found for key, found in after.items() if key not in before}
    problems = [
        f"{writer.name}: {status}, {count} times"
        for writer in writers
        for status, count in writer.outcomes.items()
        if status not in ("saved", "conflict")
    ]
    if len(told) != sum(len(writer.saved) for writer in writers):
        problems.append("the same revision was promised to two people")
    problems += [f"lost: {key}" for key in told if made.get(key) != told[key]]
    problems += [f"not told to anyone: {key}" for key in made if key not in told]
    problems += [f"changed: {key}" for key in before if after.get(key) != before[key]]
    for cell, (revision, value) in standing().items():
        numbers = sorted(number for place, number in after if place == cell)
        if numbers != list(range(1, revision + 1)):
            problems.append(f"{cell}: revisions {numbers}, the answer says {revision}")
        elif after[cell, revision][1] != value:
            problems.append(f"{cell}: the answer is not its last revision")
    return problems


def figures(writers: list[Writer], seconds: float) -> Iterator[str]:
    outcomes = sum((writer.outcomes for writer in writers), Counter())
    times = sorted(t for writer in writers for t in writer.seconds)
    yield f"{len(writers)} writers, {len(times)} saves of {sum(outcomes.values())} changes"
    yield ", ".join(f"{count} {status}" for status, count in sorted(outcomes.items()))
    yield (
        f"{len(times) / seconds:.0f} saves a second, median {1000 * median(times):.0f} ms, "
        f"slowest {1000 * times[-1]:.0f} ms"
    )


if __name__ == "__main__":
    sys.exit(main())
