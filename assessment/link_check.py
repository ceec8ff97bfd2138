"""Whether web addresses answer: for an operator, polite, and never into the own network.

An address is asked at the numeric address its name was resolved to, so that a name cannot
resolve to something else between the check and the request; each redirect is judged anew.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

USER_AGENT = "MigrationDataCapacity-LinkCheck/1.0 (checks evidence links, once)"
REDIRECTS_MAX = 5
PER_HOST = 20  # addresses asked of one host in a run
PAUSE = 1.0  # seconds between two requests to one host
NOT_ANSWERED = "not answered"
RETRY_WITH_GET = frozenset({400, 403, 404, 405, 406, 429, 500, 501, 503})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one address; `why` says what is wrong with it."""

    is_fine: bool
    why: str = ""
    is_skipped: bool = False


class _Refused(Exception):
    pass


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to a host at a numeric address that was judged before."""

    def __init__(self, host: str, port: int, at: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self.at = at

    def connect(self) -> None:
        self.sock = socket.create_connection((self.at, self.port), self.timeout)


class _PinnedTlsConnection(_PinnedConnection):
    default_port = 443

    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


@dataclass
class LinkChecker:
    """Asks for addresses one after the other; `timeout` and `pause` in seconds."""

    timeout: float = 10.0
    pause: float = PAUSE
    per_host: int = PER_HOST
    allow_private: bool = False
    _asked: Counter[str] = field(default_factory=Counter)
    _last: dict[str, float] = field(default_factory=dict)

    def check(self, url: str) -> Verdict:
        """Return whether `url` answers: HEAD first, then GET where that is refused."""
        host = urlsplit(url).hostname or ""
        if self._asked[host] >= self.per_host:
            return Verdict(False, "not asked: enough of this host", is_skipped=True)
        self._asked[host] += 1
        try:
            status = self._status("HEAD", url)
            if status in RETRY_WITH_GET:
                status = self._status("GET", url)
        except _Refused as refused:
            return Verdict(False, str(refused))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Verdict(False, f"{NOT_ANSWERED}: {error or type(error).__name__}")
        return Verdict(status < 400, "" if status < 400 else f"HTTP {status}")

    def _status(self, method: str, url: str) -> int:
        for _ in range(REDIRECTS_MAX + 1):
            status, location = self._ask(method, url)
            if status not in (301, 302, 303, 307, 308) or not location:
                return status
            url = urljoin(url, location)
        message = "too many redirects"
        raise _Refused(message)

    def _ask(self, method: str, url: str) -> tuple[int, str]:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            message = f"not a web address: {url}"
            raise _Refused(message)
        kind = _PinnedTlsConnection if parts.scheme == "https" else _PinnedConnection
        port = parts.port or (443 if parts.scheme == "https" else 80)
        at = self._resolved(parts.hostname, port)
        self._wait(parts.hostname)
        connection = kind(parts.hostname, port, at, self.timeout)
        try:
            path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
            connection.request(method, _ascii(path), headers={"User-Agent": USER_AGENT})
            reply = connection.getresponse()
            return reply.status, reply.getheader("Location", "")
        finally:
            connection.close()
            self._last[parts.hostname] = time.monotonic()

    def _resolved(self, host: str, port: int) -> str:
        """Return a numeric address of a host, all of whose addresses are public."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        for address in addresses:
            if not self.allow_private and not _is_public(address):
                message = "refused: not an address on the public internet"
                raise _Refused(message)
        return addresses[0]

    def _wait(self, host: str) -> None:
        if host in self._last:
            left = self._last[host] + self.pause - time.monotonic()
            time.sleep(max(0.0, left))


def _is_public(address: str) -> bool:
    """Whether a numeric address is public; one wrapped in IPv6 is judged by its inside."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour
        if inside is not None:
            ip = inside
        elif ip in ipaddress.ip_network("64:ff9b::/96"):
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.is_global and not ip.is_multicast


def _ascii(path: str) -> str:
    """Return a path as it is sent: letters of other scripts in per cent signs."""
    return "".join(
        c if 0x20 < ord(c) < 0x7F else "".join(f"%{b:02X}" for b in c.encode())
        for c in path
    )
