"""From where a request came: what a proxy says is believed as far as it is trusted."""

import logging

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from assessment.origin import (
    NOWHERE,
    Origin,
    OriginMiddleware,
    RequestIdFilter,
    address_of,
    current_origin,
)


def request(remote="192.0.2.1", **headers):
    return RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)


def answered(asked):
    """Return the reply and the origin as a view saw it."""
    seen = []

    def view(_request):
        seen.append(current_origin())
        return HttpResponse()

    return OriginMiddleware(view)(asked), seen[0]


def test_request_has_its_address_and_a_number_of_its_own():
    page, origin = answered(request())
    _page, other = answered(request())

    assert origin.ip == "192.0.2.1"
    assert len(origin.request_id) == 32
    assert page["X-Request-ID"] == origin.request_id
    assert other.request_id != origin.request_id


@pytest.mark.parametrize("given", ["abcd-123", "a" * 64, "0A-9z-XYZ"])
def test_number_that_a_proxy_gave_is_taken(given):
    page, origin = answered(request(**{"X-Request-ID": given}))

    assert (origin.request_id, page["X-Request-ID"]) == (given, given)


@pytest.mark.parametrize(
    "given", ["short-7", "a" * 65, "with space", "line\nbreak", "<script>", "número-123", ""]
)  # fmt: skip
def test_number_of_another_form_is_replaced(given):
    page, origin = answered(request(**{"X-Request-ID": given}))

    assert len(origin.request_id) == 32
    assert page["X-Request-ID"] == origin.request_id


def test_nothing_is_left_after_the_request():
    answered(request())

    assert current_origin() == NOWHERE == Origin(None, "")


def test_nothing_is_left_after_a_failure():
    def view(_request):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        OriginMiddleware(view)(request())

    assert current_origin() == NOWHERE


HOPS = "203.0.113.9, 198.51.100.7, 192.0.2.50"


@pytest.mark.parametrize(
    ("trusted", "hops", "found"),
    [
        (0, HOPS, "192.0.2.1"),
        (1, HOPS, "192.0.2.50"),
        (2, HOPS, "198.51.100.7"),
        (3, HOPS, "203.0.113.9"),
        (4, HOPS, "192.0.2.1"),  # it did not pass all of them
        (1, "", "192.0.2.1"),
        (1, "nonsense", "192.0.2.1"),
        (1, "203.0.113.9, ", "192.0.2.1"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "fe80::1%eth0", "fe80::1"),
    ],
)
def test_forwarded_address_is_believed_as_far_as_proxies_are_trusted(
    settings, trusted, hops, found
):
    settings.TRUSTED_PROXIES = trusted

    assert address_of(request(**{"X-Forwarded-For": hops})) == found


@pytest.mark.parametrize("remote", ["", "unix:", "localhost"])
def test_server_on_a_socket_has_no_address(remote):
    assert address_of(request(remote)) is None


def test_log_lines_carry_the_number():
    line = logging.makeLogRecord({})
    inside = []

    def view(_request):
        RequestIdFilter().filter(line)
        inside.append(line.request_id)
        return HttpResponse()

    asked = request(**{"X-Request-ID": "from-the-proxy"})
    OriginMiddleware(view)(asked)
    RequestIdFilter().filter(line)
    after = logging.makeLogRecord({"request": asked})  # as Django logs a page not found
    RequestIdFilter().filter(after)

    assert (inside, line.request_id) == (["from-the-proxy"], "-")
    assert after.request_id == "from-the-proxy"
