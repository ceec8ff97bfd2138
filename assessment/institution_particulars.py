"""What is said of an institution, and what follows when it is said otherwise.

Pure: nothing here reads or writes the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assessment.institution_queries import clean_name, name_key, new_names
from assessment.models import Institution, InstitutionChange

What = InstitutionChange.What


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a form says of an institution."""

    name: str
    short_name: str = ""
    kind: str = ""
    contact_name: str = ""
    contact_email: str = ""
    parent: Institution | None = None
    aliases: tuple[str, ...] = ()
    is_retired: bool = False

    @property
    def names(self) -> list[str]:
        return [
            self.name,
            *([self.short_name] if self.short_name else []),
            *self.aliases,
        ]


def as_is(institution: Institution) -> Particulars:
    return Particulars(
        name=institution.name,
        short_name=institution.short_name,
        kind=institution.kind,
        contact_name=institution.contact_name,
        contact_email=institution.contact_email,
        parent=institution.parent,
        aliases=tuple(institution.aliases),
        is_retired=institution.retired_at is not None,
    )


def _distinct(names: Iterable[str], *, but: Iterable[str]) -> tuple[str, ...]:
    """Return names clean and once each, without those that `but` says already."""
    seen = {name_key(name) for name in but}
    kept = []
    for name in map(clean_name, names):
        if name and name_key(name) not in seen:
            seen.add(name_key(name))
            kept.append(name)
    return tuple(kept)


def cleaned(particulars: Particulars) -> Particulars:
    name, short = clean_name(particulars.name), clean_name(particulars.short_name)
    return Particulars(
        name=name,
        short_name="" if name_key(short) == name_key(name) else short,
        kind=particulars.kind,
        contact_name=particulars.contact_name.strip(),
        contact_email=particulars.contact_email.strip(),
        parent=particulars.parent,
        aliases=_distinct(particulars.aliases, but=[name, short]),
        is_retired=particulars.is_retired,
    )


def kept_names(before: Particulars, wanted: Particulars) -> Particulars:
    """Return `wanted` with the names that are given up as other names."""
    wanted = cleaned(wanted)
    given_up = [before.name, *([before.short_name] if before.short_name else [])]
    return cleaned(replace(wanted, aliases=(*wanted.aliases, *given_up)))


def renamed(before: Particulars, after: Particulars) -> dict[str, str]:
    """Return what answers say from now on, by the key of what they say."""
    names: dict[str, str] = {}
    if before.name != after.name:
        kept = set(map(name_key, after.aliases))
        earlier = [name for name in before.aliases if name_key(name) in kept]
        earlier.append(before.name)
        names |= new_names(earlier, after.name, keep=[after.short_name])
    if before.short_name and before.short_name != after.short_name:
        short = after.short_name or after.name
        names |= new_names([before.short_name], short, keep=[after.name])
    return names


def absorbed(into: Particulars, source: Institution) -> Particulars:
    return cleaned(
        Particulars(
            name=into.name,
            short_name=into.short_name or source.short_name,
            kind=into.kind or source.kind,
            contact_name=into.contact_name or source.contact_name,
            contact_email=into.contact_email
            or ("" if into.contact_name else source.contact_email),
            parent=into.parent,
            aliases=(*into.aliases, *source.names),
            is_retired=into.is_retired,
        )
    )


def differences(
    before: Particulars, after: Particulars
) -> Iterator[tuple[InstitutionChange.What, str, str]]:
    """Yield what differs: which part, from what, to what."""
    for what, was, now_is in zip(
        _PARTS, _in_words(before), _in_words(after), strict=True
    ):
        if was != now_is:
            yield what, was, now_is


_PARTS = (
    What.NAME,
    What.SHORT_NAME,
    What.KIND,
    What.CONTACT_NAME,
    What.CONTACT_EMAIL,
    What.PARENT,
    What.ALIASES,
    What.RETIRED,
)


def _in_words(particulars: Particulars) -> tuple[str, ...]:
    """Return the parts as the history keeps them, in the order of `_PARTS`."""
    return (
        particulars.name,
        particulars.short_name,
        particulars.kind,
        particulars.contact_name,
        particulars.contact_email,
        particulars.parent.name if particulars.parent else "",
        "\n".join(particulars.aliases),
        "yes" if particulars.is_retired else "",
    )
