"""Commands of manage.py that go on after the request: nobody waits for them.

A worker of the task queue runs them in production; in the local trial the request starts
them and leaves them. Either way the work has a process of its own, so that what it does
to its memory ends with it.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import transaction
from django_tasks import task

_is_idle: ContextVar[bool] = ContextVar("is_idle", default=False)


@contextmanager
def nothing_ahead() -> Iterator[None]:
    """Make nothing ahead of need meanwhile: demonstration data is loaded, not waited for."""
    token = _is_idle.set(True)
    try:
        yield
    finally:
        _is_idle.reset(token)


def run_later(*words: str) -> None:
    """Run a command of manage.py once the present transaction is committed."""
    transaction.on_commit(lambda: _begin(words))


def run_ahead(*words: str) -> None:
    """Run later what only spares somebody's time, where that is wanted.

    If it cannot be begun that is logged: what was committed stands.
    """
    if settings.REPORTS_AHEAD and not _is_idle.get():
        transaction.on_commit(lambda: _begin(words), robust=True)


def _begin(words: tuple[str, ...]) -> None:
    if settings.TASKS_RUN == "database":
        run_command.enqueue(*words)
    else:
        _in_child(words)


@task()
def run_command(*words: str) -> None:
    """Run a command in a child of the worker, whose memory stays as it was."""
    subprocess.run(_command(words), check=True)  # noqa: S603  all words are ours


def _in_child(words: tuple[str, ...]) -> None:
    child = subprocess.Popen(  # noqa: S603  all words are ours
        _command(words), stdin=subprocess.DEVNULL, start_new_session=True
    )
    threading.Thread(target=child.wait, daemon=True).start()  # leaves no zombie


def _command(words: tuple[str, ...]) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
