"""An officer who follows a round in one process: pages, what they ask, what they take.

Importing it sets Django up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from assessment.models import User  # noqa: E402
from bench.server import HOST  # noqa: E402

COUNTRIES, ROUND = 200, "bench"
OFFICER = "officer@example.org"
_TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Follower:
    """A signed-in officer; `page` gets `path` and returns its size in bytes."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.client = Client(SERVER_NAME=HOST, HTTP_ACCEPT_ENCODING="gzip")
        self.client.force_login(User.objects.get(email=OFFICER))

    def page(self) -> int:
        found = self.client.get(self.path)
        if found.status_code != 200:
            message = f"{self.path} was answered by {found.status_code}"
            raise RuntimeError(message)
        return len(found.content)

    def floor(self) -> None:
        self.client.get("/bench/empty/")

    def queries(self) -> int:
        """Return how many queries the page makes, transactions not counted."""
        with CaptureQueriesContext(connection) as captured:
            self.page()
        return sum(not q["sql"].startswith(_TRANSACTION) for q in captured)

    def in_turns(self, runs: int) -> tuple[list[float], list[float]]:
        """Return the milliseconds of the floor and of the page, measured in turns."""
        floors, pages = [], []
        for _ in range(runs):
            floors.append(milliseconds(self.floor))
            pages.append(milliseconds(self.page))
        return floors, pages


def milliseconds(action: Callable[[], Any]) -> float:
    before = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - before)
