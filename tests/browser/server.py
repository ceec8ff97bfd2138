"""A server of its own for a test: gunicorn on a copy of one prepared database."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 30  # seconds for a server to answer
ESTABLISHED = "01"  # the state of a connection in /proc/net/tcp
# Pages ask for the changes of others only in the tests of just that (test_live.py).
SERVED = {"DJANGO_SETTINGS_MODULE": "tests.browser.settings", "LIVE_POLL_MS": "0"}
LOAD = """
import gc
import django
gc.disable()  # it ends soon
django.setup()
from django.core.management import call_command
from django.test import Client
from assessment.models import User
for command in ("bootstrap", "load_demo"):
    call_command(command, stdout=open("/dev/null", "w"))
for user in User.objects.filter(email__endswith="@example.org"):
    client = Client()
    client.force_login(user)
    print(user.email.partition("@")[0], client.cookies["sessionid"].value)
"""


def environment(database: Path, **more: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": f"sqlite:///{database}",
        "DEBUG": "1",
        "SECRET_KEY": "browser-tests-only-" + "x" * 50,
        "DJANGO_SETTINGS_MODULE": "assessment.settings",
        "MEDIA_ROOT": str(database.parent / "media"),
        "REPORTS_AHEAD": "0",  # the processor is for the pages
        **more,
    }


@dataclass(frozen=True)
class Prepared:
    """The database every test copies, and a session of each demonstration account."""

    database: Path
    sessions: dict[str, str]


def prepare(folder: Path) -> Prepared:
    """Load the demonstration into `folder`, or return what was loaded there before."""
    database, made = folder / "prepared.sqlite3", folder / "sessions.json"
    if made.exists():
        return Prepared(database, json.loads(made.read_text("utf-8")))
    folder.mkdir()
    pairs = run(database, "-c", LOAD).split()
    sessions = dict(zip(pairs[::2], pairs[1::2], strict=True))
    made.write_text(json.dumps(sessions), "utf-8")
    return Prepared(database, sessions)


def run(database: Path, *command: str) -> str:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(database),
        check=True,
        capture_output=True,
        text=True,
    ).stdout


class Site:
    """The running application. `kill` is a power cut; `start` after it finds the same data.

    `renew` puts the prepared data back, for the next test: the application keeps no state
    in its processes, so they may go on.
    """

    def __init__(self, folder: Path, prepared: Prepared, **variables: str) -> None:
        self.database = folder / "site.sqlite3"
        self.prepared = prepared
        self.sessions = prepared.sessions
        self.variables = variables
        self.log_path = folder / "server.log"
        self.log_start = 0
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def renew(self) -> None:
        with (
            contextlib.closing(sqlite3.connect(self.prepared.database)) as source,
            contextlib.closing(sqlite3.connect(self.database)) as target,
        ):
            source.backup(target)
        if self.process is None:
            self.start()
        self.log_start = self.log_path.stat().st_size

    def start(self) -> None:
        options = (
            f"--bind 127.0.0.1:{self.port} --workers 2 --preload --no-control-socket"
        )
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *options.split(), "assessment.wsgi"],
                cwd=ROOT,
                env=environment(self.database, **SERVED | self.variables),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None, self.log
            assert time.monotonic() < end, self.log
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as link:
                link.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                return b"200 OK" in link.recv(100)
        except OSError:
            return False

    def await_quiet(self) -> None:
        """Wait until no request is being answered: each holds a connection to a worker."""
        end = time.monotonic() + PATIENCE
        while self.process is not None and self._connections() > 0:
            assert time.monotonic() < end, self.log
            time.sleep(0.01)

    def _connections(self) -> int:
        """Count the connections that clients hold open or that wait to be accepted."""
        local = f"0100007F:{self.port:04X}"
        lines = Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
        return sum(
            fields[1] == local and fields[3] == ESTABLISHED
            for fields in map(str.split, lines)
        )

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE)
            self.process = None

    @property
    def log(self) -> str:
        """What the server said since the test began."""
        return self.log_path.read_bytes()[self.log_start :].decode("utf-8", "replace")

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(query, values).fetchall()

    def answer(self, address: str, iso3: str = "PER") -> Any:
        """What is stored in a cell of the 2025 round; None where nothing is."""
        found = self.history(address, iso3)
        return found[-1][1] if found else None

    def history(
        self, address: str, iso3: str = "PER", round_code: str = "2025"
    ) -> list[tuple[str, Any, str]]:
        """Every revision of a cell: who, what, which way."""
        found = self.rows(
            """
            SELECT person.email, revision.value, revision.via
            FROM assessment_answerrevision revision
            JOIN assessment_answer answer ON answer.id = revision.answer_id
            JOIN assessment_response response ON response.id = answer.response_id
            JOIN assessment_round round ON round.id = response.round_id
            JOIN assessment_country country ON country.id = response.country_id
            JOIN assessment_user person ON person.id = revision.changed_by_id
            WHERE round.code = ? AND country.iso3 = ?
              AND answer.question || CASE answer.row WHEN '' THEN ''
                  ELSE '[' || answer.row || ']' END
                || CASE answer."column" WHEN '' THEN '' ELSE '.' || answer."column" END = ?
            ORDER BY revision.revision
            """,
            round_code,
            iso3,
            address,
        )
        return [
            (email.partition("@")[0], json.loads(value or "null"), via)
            for email, value, via in found
        ]
