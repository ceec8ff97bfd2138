"""A temporary installation with the demonstration data, and gunicorn serving it."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
HOST = "127.0.0.1"
_STARTING = 20.0  # seconds
_LOADING = 300.0  # on a machine that does much else


@dataclass(frozen=True, slots=True)
class Installation:
    """Runs programs of the project against a database of their own."""

    environment: dict[str, str]

    def run(self, *arguments: str, timeout: float = 60.0) -> str:
        """Return what `python ARGUMENTS` prints. Raises CalledProcessError."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            timeout=timeout,
            check=True,
        )
        return done.stdout


@contextmanager
def installation(database_url: str = "") -> Iterator[Installation]:
    """Give an installation with the demonstration data; on SQLite unless told otherwise."""
    with tempfile.TemporaryDirectory(prefix="bench.") as folder:
        environment = os.environ | {
            "BENCH_DATABASE_URL": database_url or f"sqlite:///{folder}/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "PYTHONPATH": str(ROOT),
        }
        made = Installation(environment)
        made.run("manage.py", "bootstrap", timeout=_LOADING)
        made.run("manage.py", "load_demo", timeout=_LOADING)
        yield made


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int

    def cpu_seconds(self) -> float | None:
        """Return the processor time of all workers so far; None where /proc is not."""
        try:
            ticks = sum(_ticks_of_children(self.pid))
        except OSError:
            return None
        return ticks / os.sysconf("SC_CLK_TCK")


def _ticks_of_children(parent: int) -> Iterator[int]:
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal():
            continue
        try:
            stat = (process / "stat").read_text()
        except OSError:  # it ended meanwhile
            continue
        fields = stat.rpartition(")")[2].split()
        if int(fields[1]) == parent:
            yield int(fields[11]) + int(fields[12])


@contextmanager
def serving(made: Installation) -> Iterator[Server]:
    """Serve the installation as docs/operations.md says, on a free port of loopback."""
    with socket.create_server((HOST, 0), backlog=128) as listening:
        port = listening.getsockname()[1]
        options = ["--preload", f"--workers={WORKERS}", "--log-level=warning"]
        # The socket is handed over, so that nobody else can take the port meanwhile.
        bind = [f"--bind=fd://{listening.fileno()}", "--no-control-socket"]
        gunicorn = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "assessment.wsgi", *options, *bind],
            cwd=ROOT,
            env=made.environment,
            pass_fds=[listening.fileno()],
        )
    try:
        _await_health(port)
        yield Server(port, gunicorn.pid)
    finally:
        gunicorn.terminate()
        try:
            gunicorn.wait(10)
        except subprocess.TimeoutExpired:
            gunicorn.kill()
            gunicorn.wait()


def _await_health(port: int) -> None:
    """Wait for the first answer: the socket listens already, so one request will do."""
    connection = http.client.HTTPConnection(HOST, port, timeout=_STARTING)
    connection.request("GET", "/healthz")
    if connection.getresponse().read() != b"ok":
        message = "the server does not answer"
        raise RuntimeError(message)
    connection.close()
