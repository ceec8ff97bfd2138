"""Links are asked of a server in this process; nothing leaves the machine."""

import http.server
import threading
import time

import pytest
from django.core.management import CommandError, call_command

from assessment import link_check
from assessment.link_check import USER_AGENT, LinkChecker, _is_public
from tests.saving import put


class Handler(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        self.server.seen.append((self.command, self.path, self.headers["User-Agent"]))
        if self.path == "/slow":
            time.sleep(1)
        code = {
            "/gone": 410,
            "/missing": 404,
            "/no-head": 405 if self.command == "HEAD" else 200,
            "/there": 302,
            "/round": 301,
            "/inside": 302,
            "/file": 302,
        }.get(self.path, 200)
        targets = {
            "/there": "/here?x=1",
            "/round": "/round",
            "/inside": "http://10.0.0.1/",
            "/file": "file:///etc/passwd",
        }
        self.send_response(code)
        if self.path in targets:
            self.send_header("Location", targets[self.path])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = []
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def asked(server, path, **options):
    checker = LinkChecker(pause=0, allow_private=True, **options)
    verdict = checker.check(f"{server.url}{path}")
    return verdict.is_fine, verdict.why, [seen[:2] for seen in server.seen]


@pytest.mark.parametrize(
    ("path", "is_fine", "why", "seen"),
    [
        ("/", True, "", [("HEAD", "/")]),
        ("", True, "", [("HEAD", "/")]),
        ("/a?b=c#d", True, "", [("HEAD", "/a?b=c")]),
        ("/é ", True, "", [("HEAD", "/%C3%A9%20")]),
        ("/gone", False, "HTTP 410", [("HEAD", "/gone")]),
        ("/missing", False, "HTTP 404", [("HEAD", "/missing"), ("GET", "/missing")]),
        ("/no-head", True, "", [("HEAD", "/no-head"), ("GET", "/no-head")]),
        ("/there", True, "", [("HEAD", "/there"), ("HEAD", "/here?x=1")]),
        ("/round", False, "too many redirects", [("HEAD", "/round")] * 6),
        ("/file", False, "not a web address: file:///etc/passwd", [("HEAD", "/file")]),
    ],
)
def test_address_is_asked(server, path, is_fine, why, seen):
    assert asked(server, path) == (is_fine, why, seen)


def test_server_is_told_who_asks(server):
    asked(server, "/")

    assert [agent for _, _, agent in server.seen] == [USER_AGENT]


def test_slow_answer_is_none(server):
    is_fine, why, _ = asked(server, "/slow", timeout=0.2)

    assert (is_fine, why) == (False, "not answered: timed out")


def test_closed_port_is_no_answer():
    verdict = LinkChecker(allow_private=True).check("http://127.0.0.1:1/")

    assert verdict.why.startswith("not answered: ")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0.0.0.0/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data/",
        "https://192.168.0.1:8443/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fd00::1]/",
        "http://localhost/",
    ],
)
def test_own_network_is_refused(url, monkeypatch):
    monkeypatch.setattr(
        link_check.socket, "create_connection", lambda *_: pytest.fail("connected")
    )

    verdict = LinkChecker().check(url)

    assert verdict.why == "refused: not an address on the public internet"


def test_redirect_into_the_own_network_is_refused(server, monkeypatch):
    """The first host is taken for a public one."""
    monkeypatch.setattr(link_check, "_is_public", lambda a: a == "127.0.0.1")

    verdict = LinkChecker(pause=0).check(f"{server.url}/inside")

    assert verdict.why == "refused: not an address on the public internet"
    assert [seen[:2] for seen in server.seen] == [("HEAD", "/inside")]


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d822", True),
    ],
)
def test_public_addresses_are_told(address, is_public):
    assert _is_public(address) is is_public


def test_one_host_is_asked_only_so_often(server):
    checker = LinkChecker(pause=0, per_host=2, allow_private=True)

    verdicts = [checker.check(f"{server.url}/{n}") for n in range(3)]

    assert [v.is_skipped for v in verdicts] == [False, False, True]
    assert len(server.seen) == 2


def test_pause_between_two_requests_to_one_host(server):
    checker = LinkChecker(pause=0.3, allow_private=True)
    checker.check(server.url)
    start = time.monotonic()

    checker.check(server.url)

    assert time.monotonic() - start >= 0.25


# The command


@pytest.fixture
def links(response, coordinator, server):
    def of(code, path):
        url = f"{server.url}{path}"
        put(response, coordinator, {f"{code}.@evidence": [{"title": "t", "url": url}]})

    of("GEN-11", "/gone")
    of("SRC-05", "/gone")
    of("BAS-02", "/fine")


def run(capsys, *arguments):
    try:
        call_command("check_links", *arguments, "--pause", "0", "--allow-private")
    except CommandError as error:
        return capsys.readouterr().out, str(error)
    return capsys.readouterr().out, ""


def test_command_prints_what_fails_once_with_its_places(links, server, capsys):
    out, error = run(capsys, "per", "2025")

    assert out == (
        f"{server.url}/gone\n  HTTP 410\n"
        "  PER 2025 GEN-11.@evidence, PER 2025 SRC-05.@evidence\n"
    )
    assert error == "2 links, 1 fail, 0 not asked."


@pytest.mark.parametrize("arguments", [("CHL",), ("PER", "2022")])
def test_command_asks_for_what_was_named_only(links, server, capsys, arguments):
    assert run(capsys, *arguments) == ("0 links, 0 fail, 0 not asked.\n", "")
    assert server.seen == []
