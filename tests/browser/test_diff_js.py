"""Which words of a text were added and removed, as the choice between two texts shows it."""

from __future__ import annotations

import time

CHANGES = """
async (pairs) => {
    const { wordChanges } = await import("/static/js/diff.js");
    return pairs.map(([before, after]) =>
        wordChanges(before, after)?.map(({ kind, text }) => [kind, text]) ?? null);
}
"""
LONG = "".join(f"word{number} " for number in range(100))
CASES = {
    "the same": ("one two", "one two", [["same", "one two"]]),
    "a word replaced": (
        "plan for the census",
        "plan for the survey",
        [["same", "plan for the "], ["removed", "census"], ["added", "survey"]],
    ),
    "a word added": (
        "one three",
        "one two three",
        [["same", "one "], ["added", "two "], ["same", "three"]],
    ),
    "a word removed at the start": (
        "not one two",
        "one two",
        [["removed", "not "], ["same", "one two"]],
    ),
    "two places": (
        "a b c d e f",
        "a x c d y f",
        [
            ["same", "a "], ["removed", "b "], ["added", "x "], ["same", "c d "],
            ["removed", "e "], ["added", "y "], ["same", "f"],
        ],
    ),
    "words beside each other": (
        "the old plan of the year",
        "the newest draft of the year",
        [
            ["same", "the "], ["removed", "old plan "], ["added", "newest draft "],
            ["same", "of the year"],
        ],
    ),
    "other spaces are no change": ("one\ntwo", "one two", [["same", "one two"]]),
    "a repeated word": ("a a b", "a b", [["same", "a "], ["removed", "a "], ["same", "b"]]),
    "Arabic": (
        "خطة للتعداد القادم",
        "خطة للمسح القادم",
        [
            ["same", "خطة "], ["removed", "للتعداد "], ["added", "للمسح "],
            ["same", "القادم"],
        ],
    ),
    "no spaces between words": (
        "人口普查计划",
        "人口登记计划",
        [["same", "人口"], ["removed", "普查"], ["added", "登记"], ["same", "计划"]],
    ),
    "nothing in common": ("INEI", "Migraciones", None),
    "little in common": ("one two three four", "a b c one", None),
    "nothing before": ("", "one", None),
    "a long stretch is shortened": (
        f"{LONG}end",
        f"{LONG}stop",
        [
            ["same", f" … {LONG[-60:]}"], ["removed", "end"], ["added", "stop"],
        ],
    ),
}  # fmt: skip


def test_changes_of_a_text(visit):
    pairs = [[before, after] for before, after, _ in CASES.values()]

    found = visit("", "/").evaluate(CHANGES, pairs)

    expected = {name: changes for name, (_, _, changes) in CASES.items()}
    assert dict(zip(CASES, found, strict=True)) == expected


def test_every_part_of_both_texts_is_accounted_for(visit):
    before = "a b c d e f g h i j k l m n"
    after = "a c b d x f g i h j k y z n o"

    (found,) = visit("", "/").evaluate(CHANGES, [[before, after]])

    def kept(*kinds: str) -> list[str]:
        return "".join(text for kind, text in found if kind in kinds).split()

    assert kept("same", "removed") == before.split()
    assert kept("same", "added") == after.split()


def test_longest_texts_are_compared_in_time(visit):
    """20,000 characters each, with nothing equal at either end."""
    page = visit("", "/")
    before = " ".join(f"w{number % 97}" for number in range(5000))
    after = " ".join(f"w{number % 89}" for number in range(3, 5000))
    start = time.monotonic()

    page.evaluate(CHANGES, [[before, after]])

    assert time.monotonic() - start < 3
