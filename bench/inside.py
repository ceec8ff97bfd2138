"""Measured inside one process, and what the HTTP clients need to know.

Run as `python -m bench.inside` by `bench.__main__`; prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.urls import reverse  # noqa: E402

from assessment.models import Answer, Membership, Response, User  # noqa: E402
from assessment.queries import instrument_of, responses_with_instrument  # noqa: E402
from bench.client import Cell, unpacked  # noqa: E402
from bench.server import HOST  # noqa: E402
from questionnaire.addresses import RESERVED_COLUMNS  # noqa: E402
from questionnaire.instrument import (  # noqa: E402
    Instrument,
    Question,
    Section,
    cells_of,
)
from reports.analysis import analyse  # noqa: E402
from reports.queries import report_source  # noqa: E402

ROUND = "2025"
RUNS = 50
_TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def size_of(section: Section) -> int:
    """Return how many cells a section has by definition, without notes and evidence."""
    cells = (cell for question in section.questions for cell in cells_of(question))
    return sum(cell.address.column not in RESERVED_COLUMNS for cell in cells)


def largest_section(instrument: Instrument) -> Section:
    return max(instrument.sections, key=size_of)


# What the clients change


def matrix_cells(section: Section) -> list[dict[str, Any]]:
    """Return the choices in the largest matrix: to save one, the most answers are read."""
    question = max(section.questions, key=lambda q: len(q.rows) * len(q.columns))
    return [
        {
            "question": question.code,
            "row": row.code,
            "column": column.code,
            "values": [choice.value for choice in column.choices[:2]],
        }
        for row in question.rows
        for column in question.columns
        if column.kind == "single_choice" and column.code not in row.fixed
    ]


def plain_cells(section: Section) -> list[dict[str, Any]]:
    def is_choice(question: Question) -> bool:
        return question.kind in ("single_choice", "yes_no")

    return [
        {
            "question": question.code,
            "row": "",
            "column": "",
            "values": [choice.value for choice in question.choices[:2]],
        }
        for question in section.questions
        if is_choice(question)
    ]


def standing(response: Response, cell: dict[str, Any]) -> dict[str, Any]:
    """Return the cell with its value and revision now."""
    answer = Answer.objects.filter(
        response=response,
        question=cell["question"],
        row=cell["row"],
        column=cell["column"],
    ).first()
    return cell | {
        "value": answer.value if answer else None,
        "revision": answer.revision if answer else 0,
    }


def visitors(count: int) -> list[dict[str, Any]]:
    """Return `count` people, spread over the responses that can be edited, each at work
    on cells of their own.
    """
    responses = [
        response
        for response in responses_with_instrument().filter(round__code=ROUND)
        if response.is_editable
    ]
    section = largest_section(instrument_of(responses[0]))
    matrix, plain = matrix_cells(section), plain_cells(section)
    found = []
    for i in range(count):
        response = responses[i % len(responses)]
        place = i // len(responses)
        names = [response.country.iso3.lower(), response.round.code]
        found.append(
            {
                "session": _session_of(response),
                "update": f"/bench/update/{response.pk}/",
                "page": reverse(
                    "assessment:section_detail", args=[*names, section.code.lower()]
                ),
                "save": reverse("assessment:answers_save", args=names),
                "cells": {
                    "matrix": standing(response, matrix[place]),
                    "plain": standing(response, plain[place]),
                },
            }
        )
    return found


def _session_of(response: Response) -> str:
    client = Client()
    client.force_login(_contributor_of(response))
    return client.cookies["sessionid"].value


def _contributor_of(response: Response) -> User:
    membership = Membership.objects.select_related("user").filter(
        country=response.country, role=Membership.Role.CONTRIBUTOR
    )
    return membership[0].user


# Pages and saves


class Browser:
    """Django's test client as a browser on loopback: gzip, cookies, CSRF checks."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.client = Client(
            enforce_csrf_checks=True, SERVER_NAME=HOST, HTTP_ACCEPT_ENCODING="gzip"
        )
        self.client.cookies["sessionid"] = facts["session"]
        token = json.loads(unpacked(self.client.get("/csrf/").content))["token"]
        self.headers = {"X-CSRFToken": token}
        self.facts = facts
        self.cells = {name: Cell(**cell) for name, cell in facts["cells"].items()}

    def empty(self) -> HttpResponse:
        return self.client.get("/bench/empty/")

    def update(self) -> HttpResponse:
        return self.client.post(self.facts["update"], headers=self.headers)

    def page(self) -> HttpResponse:
        return self.client.get(self.facts["page"])

    def save_matrix_cell(self) -> HttpResponse:
        return self._save(self.cells["matrix"])

    def save_plain_question(self) -> HttpResponse:
        return self._save(self.cells["plain"])

    def _save(self, cell: Cell) -> HttpResponse:
        page = self.client.post(
            self.facts["save"],
            cell.next_body(),
            content_type="application/json",
            headers=self.headers,
        )
        cell.accept(unpacked(page.content))
        return page

    def counted(self, action: Callable[[], HttpResponse]) -> dict[str, Any]:
        """Return queries and sizes of a request; the connection is already in use."""
        action()
        with CaptureQueriesContext(connection) as captured:
            page = action()
        if page.status_code != 200:
            message = f"{action.__name__} was answered by {page.status_code}"
            raise RuntimeError(message)
        statements = [q["sql"].startswith(_TRANSACTION) for q in captured]
        return {
            "queries": statements.count(False),
            "transaction": statements.count(True),
            "bytes": len(unpacked(page.content)),
            "bytes_gzip": len(page.content),
        }


def measured(
    actions: dict[str, Callable[[], Any]], runs: int
) -> dict[str, list[float]]:
    """Return the milliseconds of every run, the actions taking turns."""
    found: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(runs):
        for name, action in actions.items():
            before = time.perf_counter()
            action()
            found[name].append(1000 * (time.perf_counter() - before))
    return found


def views(facts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    browser = Browser(facts)
    actions = {
        "empty": browser.empty,
        "page": browser.page,
        "update": browser.update,
        "matrix": browser.save_matrix_cell,
        "plain": browser.save_plain_question,
    }
    counts = {name: browser.counted(action) for name, action in actions.items()}
    times = measured(actions, RUNS)
    return {name: counts[name] | {"ms": median(times[name])} for name in actions}


# Analysis


def analyses(facts: dict[str, Any]) -> dict[str, Any]:
    """Return median milliseconds by country, and of the empty view in the same minutes."""
    browser = Browser(facts)
    responses = Response.objects.filter(round__code=ROUND).select_related("country")
    sources = {
        response.country.iso3: report_source(response.country.iso3, ROUND)
        for response in responses
    }

    def analysis_of(iso3: str) -> Callable[[], Any]:
        source = sources[iso3]
        return lambda: analyse(source.instrument, source.answers)

    actions: dict[str, Callable[[], Any]] = {"": browser.empty}
    actions |= {iso3: analysis_of(iso3) for iso3 in sources}
    measured(actions, 2)
    medians = {name: median(times) for name, times in measured(actions, RUNS).items()}
    return {
        "floor_ms": medians.pop(""),
        "ms": medians,
        "answers": {iso3: len(source.answers) for iso3, source in sources.items()},
    }


# Review


def review(facts: dict[str, Any], iso3: str) -> dict[str, Any]:
    """Return what it costs an officer to open the whole review of a country."""
    browser = Browser(facts)
    officer = Client(SERVER_NAME=HOST, HTTP_ACCEPT_ENCODING="gzip")
    officer.force_login(User.objects.filter(unsd_role=User.UnsdRole.OFFICER)[0])
    url = reverse("reports:review_detail", args=[iso3.lower(), ROUND])

    def page() -> HttpResponse:
        return officer.get(url)

    counts = browser.counted(page)
    times = measured({"": browser.empty, "page": page}, RUNS)
    return counts | {"floor_ms": median(times[""]), "ms": median(times["page"])}


def largest_submission(answers: dict[str, int]) -> str:
    """Return the country with most answers of those that were submitted."""
    submitted = Response.objects.filter(
        round__code=ROUND, submissions__withdrawn_at__isnull=True
    ).exclude(submissions=None)
    found = set(submitted.values_list("country__iso3", flat=True))
    return max(found, key=lambda iso3: answers[iso3])


def main() -> None:
    clients = int(sys.argv[1])
    first = visitors(1)[0]
    response = responses_with_instrument().filter(round__code=ROUND)[0]
    section = largest_section(instrument_of(response))
    seen = analyses(first)
    reviewed = largest_submission(seen["answers"])
    found = {
        "round": ROUND,
        "longest": max(seen["answers"], key=lambda iso3: seen["answers"][iso3]),
        "database": f"{connection.display_name} {_version()}",
        "section": section.code,
        "cells": size_of(section),
        "analysis": seen,
        "review": review(first, reviewed) | {"iso3": reviewed},
        "views": views(first),
        "visitors": visitors(clients),
    }
    print(json.dumps(found))


def _version() -> str:
    return ".".join(map(str, connection.get_database_version()))


if __name__ == "__main__":
    main()
