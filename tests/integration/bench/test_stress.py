"""Eight writers save into one response, every save accounted for: a short `make stress`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connection

from bench import stress
from tests.saving import change, save

SAVES = "480"  # `make stress` does 2,000


@pytest.fixture
def database_url(tmp_path, db) -> Iterator[str]:
    """An empty database of the kind the tests run on, beside theirs."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/stress.sqlite3"
        return
    name = f"{connection.settings_dict['NAME']}_stress"
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield f"{server}/{name}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_no_save_is_lost_when_eight_people_write_the_same_cells(database_url):
    arguments = ["-m", "bench.stress", "--empty-database", "--saves", SAVES]
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=False,
    )

    print(done.stdout)  # noqa: T201  the figures, shown with -rP
    assert (done.returncode, "PROBLEM" in done.stdout) == (0, False), (
        done.stdout + done.stderr
    )
    assert f"8 writers, {SAVES} saves" in done.stdout
    conflicts, saved = re.search(r"(\d+) conflict, (\d+) saved", done.stdout).groups()
    assert int(conflicts) > 100
    assert int(saved) > 100


def writer(name, **saved):
    found = stress.Writer(name, "", {})
    found.saved = {
        ((code.replace("_", "-"), "", ""), 1): v for code, v in saved.items()
    }
    return found


def test_account_is_clean_when_history_and_answers_agree(response, contributor):
    before = stress.revisions()
    save(response, contributor, change("GEN-01", "one"))

    assert stress.unaccounted([writer(contributor.name, GEN_01="one")], before) == []


def test_account_names_what_is_lost_overwritten_or_unknown(response, contributor):
    before = stress.revisions()
    save(response, contributor, change("GEN-01", "one"))

    found = stress.unaccounted(
        [writer(contributor.name, GEN_01="two", GEN_03="three"), writer("b")], before
    )
    unknown = stress.unaccounted([], before)
    twice = stress.unaccounted(
        [writer(contributor.name, GEN_01="one"), writer("b", GEN_01="one")], before
    )

    assert found == [
        "lost: (('GEN-01', '', ''), 1)",
        "lost: (('GEN-03', '', ''), 1)",
    ]
    assert unknown == ["not told to anyone: (('GEN-01', '', ''), 1)"]
    assert twice[0] == "the same revision was promised to two people"


def test_account_names_a_server_error(response):
    one = writer("a")
    one.outcomes["HTTP 500"] = 2

    assert stress.unaccounted([one], stress.revisions()) == ["a: HTTP 500, 2 times"]
