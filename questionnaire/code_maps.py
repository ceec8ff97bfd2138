"""What the codes of one version of the questionnaire became in another.

`fixtures/code_maps.yaml` names only what changed between a version and the next; steps
are followed one after another. Nothing here imports Django.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parents[1] / "fixtures" / "code_maps.yaml"


class Part(enum.StrEnum):
    """What a code names; the names are the keys of the file."""

    DIMENSION = "dimensions"
    SECTION = "sections"
    QUESTION = "questions"
    ROW = "rows"


@dataclass(frozen=True)
class CodeMap:
    """One step, from a version to the next; None is no counterpart."""

    questionnaire: str
    from_version: str
    to_version: str
    parts: Mapping[Part, Mapping[str, str | None]]

    def after(self, part: Part, code: str) -> str | None:
        """Return what `code` became."""
        named = self.parts[part]
        if code in named:
            return named[code]
        # It was there before under the same code; that one now means another part.
        return None if code in self._before[part] else code

    def before(self, part: Part, code: str) -> str | None:
        """Return what became `code`."""
        if code in self._before[part]:
            return self._before[part][code]
        return None if code in self.parts[part] else code

    @cached_property
    def _before(self) -> Mapping[Part, Mapping[str, str]]:
        return {
            part: {new: old for old, new in named.items() if new is not None}
            for part, named in self.parts.items()
        }


@dataclass(frozen=True)
class Correspondence:
    """The steps between two versions; without any, every code stays as it is."""

    steps: Sequence[CodeMap] = ()
    is_forward: bool = True

    def in_other(self, part: Part, code: str) -> str | None:
        """Return the code in the other version of what this one calls `code`."""
        found: str | None = code
        for step in self.steps:
            if found is None:
                break
            found = (step.after if self.is_forward else step.before)(part, found)
        return found


SAME = Correspondence()


def correspondence(
    maps: Iterable[CodeMap], questionnaire: str, version: str, other: str
) -> Correspondence:
    """Return how to find codes of `version` in `other`, be it earlier or later."""
    own = [step for step in maps if step.questionnaire == questionnaire]
    forward = _path(own, version, other)
    if forward is not None:
        return Correspondence(forward, is_forward=True)
    back = _path(own, other, version)
    return SAME if back is None else Correspondence(back[::-1], is_forward=False)


def _path(maps: Sequence[CodeMap], start: str, end: str) -> list[CodeMap] | None:
    """Return the steps from a version to a later one; a version has one next."""
    following = {step.from_version: step for step in maps}
    found: list[CodeMap] = []
    while start != end:
        step = following.pop(start, None)
        if step is None:
            return None
        found.append(step)
        start = step.to_version
    return found


@cache
def code_maps() -> tuple[CodeMap, ...]:
    """Return the steps of the file, read once a process."""
    return tuple(map(code_map, read_steps(FILE)))


def read_steps(file: Path) -> list[dict[str, Any]]:
    return yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader) or []


def code_map(step: Mapping[str, Any]) -> CodeMap:
    return CodeMap(
        questionnaire=step["questionnaire"],
        from_version=step["from"],
        to_version=step["to"],
        parts={part: step.get(part.value) or {} for part in Part},
    )
