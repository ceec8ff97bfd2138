"""Room for deep calls: no depth at which a loop asks the system for memory."""

from __future__ import annotations

import resource

from reports.renderer.stack import with_room

TIMES = 200


def asked(depth: int) -> int:
    """Return how often memory was asked for in a loop of calls that deep."""
    if depth:
        return asked(depth - 1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(TIMES):
        leaf()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def leaf() -> None:
    pass


# Larger than the frames on the way to it, so that none of the ends is missed.
leaf.__code__ = leaf.__code__.replace(co_stacksize=100)


def test_no_loop_maps_memory_at_each_call():
    deepest = [with_room(asked)(depth) for depth in range(400)]

    assert [depth for depth, count in enumerate(deepest) if count >= TIMES] == []


def test_name_and_arguments_are_those_of_the_function():
    assert with_room(asked).__name__ == "asked"
    assert with_room(divmod)(7, 2) == (3, 1)
