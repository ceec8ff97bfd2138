"""Signs of what moves, each with its words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.analysis.figures import half_up
from reports.document.structure import Mark
from reports.document.wording import signed


def mark_of_move(
    before: float | None, after: float | None, *, is_gap: bool = False
) -> Mark:
    """Return the sign of a move and the words for it; of a gap less is better.

    Moves of less than half of the last digit are none.
    """
    if before is None or after is None:
        return _unchanged() if before is after else Mark("◆", _("changed"), "other")
    change = after - before
    if not half_up(abs(change), 1):
        return _unchanged()
    words = {"change": signed(change)}
    is_better = (change < 0) if is_gap else (change > 0)
    kind = "better" if is_better else "worse"
    if change > 0:
        text = _("%(change)s wider") if is_gap else _("%(change)s higher")
        return Mark("▲", text % words, kind)
    text = _("%(change)s narrower") if is_gap else _("%(change)s lower")
    return Mark("▼", text % words, kind)


def _unchanged() -> Mark:
    return Mark("=", _("unchanged"), "same")


def added() -> Mark:
    return Mark("+", _("newly recommended"), "other")


def removed() -> Mark:
    return Mark("✓", _("no longer recommended"), "better")


def shifted() -> Mark:
    return Mark("↕", _("moved"), "other")
