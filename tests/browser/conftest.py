"""A browser, a server for each test, and a watch over what neither may do.

Nothing here touches Django's database in this process: the servers have their own files.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser.server import Prepared, Site, prepare

Visit = Callable[..., Page]

# Without a service worker: it would fetch its shell in every test, and hide requests
# from `route`. The tests of being offline allow it.
STRANGER = {
    "locale": "en-GB",
    "timezone_id": "America/Lima",
    "service_workers": "block",
}
NO_WORKER = "Service Worker registration blocked by Playwright"

expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any],
) -> dict[str, Any]:
    switches = (
        "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync "
        "--disable-background-networking --disable-component-update"
    )
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM_PATH")
        or shutil.which("chromium-headless-shell")
        or "/usr/bin/chromium",
        "args": [
            *switches.split(),
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ],
    }


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Prepared:
    """The demonstration data, loaded once for all processes of the run."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":  # each process has a folder in that of the run
        folder = folder.parent
    with (folder / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return prepare(folder / "prepared")


class Watch:
    """What went wrong behind the page; a test names beforehand what it provokes."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.expected: list[str] = [NO_WORKER]

    def expect(self, *patterns: str) -> None:
        self.expected += patterns

    def follow(self, context: BrowserContext) -> None:
        # Violations of the Content-Security-Policy are errors on the console too.
        context.on("console", self._console)
        context.on("weberror", lambda error: self.add(f"page error: {error.error}"))
        context.on("request", self._request)

    def add(self, problem: str) -> None:
        if not any(re.search(pattern, problem) for pattern in self.expected):
            self.problems.append(problem)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.add(f"console: {message.text} ({message.location.get('url')})")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.add(f"request to another host: {request.url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert watch.problems == []


def served(folder: Any, prepared: Prepared, **variables: str) -> Iterator[Site]:
    site = Site(folder, prepared, **variables)
    yield site
    site.kill()


def watched(site: Site) -> Iterator[Site]:
    site.renew()
    yield site
    assert "Traceback" not in site.log, site.log


@pytest.fixture(scope="session")
def server(
    tmp_path_factory: pytest.TempPathFactory, prepared: Prepared
) -> Iterator[Site]:
    yield from served(tmp_path_factory.mktemp("site"), prepared)


@pytest.fixture
def site(server: Site) -> Iterator[Site]:
    """The application with the demonstration data as it was loaded."""
    yield from watched(server)


def visits(browser: Browser, site: Site, watch: Watch) -> Iterator[Visit]:
    contexts = []

    def visit(person: str = "", path: str = "", **options: Any) -> Page:
        options = STRANGER | options
        context = browser.new_context(base_url=site.url, **options)
        contexts.append(context)
        context.set_default_timeout(15_000)
        watch.follow(context)
        if person:
            session = {"name": "sessionid", "value": site.sessions[person]}
            context.add_cookies([{**session, "url": site.url}])
        page = context.new_page()
        if path:
            page.goto(path)
        return page

    yield visit
    # A page that goes away still sends what it holds: not into the data of the next test.
    # The switch for being offline ends with the page; without a cookie nobody takes it.
    watch.expect("ERR_INTERNET_DISCONNECTED")
    for context in contexts:
        context.set_offline(True)
        context.clear_cookies()
    for context in contexts:
        context.close()
    site.await_quiet()


@pytest.fixture(scope="session")
def bilingual_server(
    tmp_path_factory: pytest.TempPathFactory, prepared: Prepared
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("bilingual")
    yield from served(folder, prepared, LANGUAGES="en,ar")


@pytest.fixture
def bilingual_site(bilingual_server: Site) -> Iterator[Site]:
    """The application where Arabic is offered too, translated or not."""
    yield from watched(bilingual_server)


@pytest.fixture
def visit_bilingual(
    browser: Browser, bilingual_site: Site, watch: Watch
) -> Iterator[Visit]:
    yield from visits(browser, bilingual_site, watch)


@pytest.fixture
def visit(browser: Browser, site: Site, watch: Watch) -> Iterator[Visit]:
    """Open a browser of its own for a person, signed in, on a page."""
    yield from visits(browser, site, watch)
