"""The pages of notices and the count in the header of every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from assessment.models import Channel, Kind, Notification, User
from assessment.notice_queries import (
    PAGE_LENGTH,
    channels_of,
    language_for,
    notices_of,
    unread_count,
)
from assessment.notice_words import sentence


def unread_notices(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """Give templates the count of unread notices; only what shows it asks. One query."""

    def count() -> int:
        user = getattr(request, "user", None)
        return unread_count(user) if isinstance(user, User) else 0

    return {"unread_notices": count}


@dataclass(frozen=True, slots=True)
class Line:
    """A notice in words."""

    pk: int
    text: str
    at: datetime
    is_unread: bool
    leads_on: bool


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Some notices of a person, newest first; `older` is where the next ones begin."""

    lines: tuple[Line, ...]
    older: int | None

    @property
    def newest(self) -> int:
        return self.lines[0].pk if self.lines else 0


def notice_page(person: User, before: int | None) -> NoticePage:
    """Return the notices older than one, or the newest. One query."""
    found = notices_of(person)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE_LENGTH + 1])
    lines = tuple(_line(row) for row in rows[:PAGE_LENGTH])
    return NoticePage(lines, lines[-1].pk if len(rows) > PAGE_LENGTH else None)


def _line(notice: Notification) -> Line:
    return Line(
        pk=notice.pk,
        text=sentence(notice),
        at=notice.created_at,
        is_unread=notice.read_at is None,
        leads_on=bool(notice.path),
    )


class NoticeSettingsForm(forms.Form):
    """How a person is told of each kind that concerns them; and in which language."""

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data)
        self.channels = channels_of(person)
        for kind, channel in self.channels.items():
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label, choices=Channel.choices, initial=channel.value
            )
        if len(settings.LANGUAGES) > 1:
            site = dict(settings.LANGUAGES)[settings.LANGUAGE_CODE]
            self.fields["language"] = forms.ChoiceField(
                label=_("Language of e-mails"),
                required=False,
                initial=language_for(person) if person.language else "",
                choices=[
                    ("", _("Language of the site (%(language)s)") % {"language": site}),
                    *settings.LANGUAGES,
                ],
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    @property
    def rows(self) -> list[tuple[Kind, list[tuple[Channel, bool]]]]:
        """Each kind with the ways to be told, and which one is chosen."""
        return [
            (kind, [(way, self[kind.value].value() == way.value) for way in Channel])
            for kind in self.channels
        ]

    @property
    def language_fields(self) -> list[forms.BoundField]:
        """The choice of a language; none where only one is offered."""
        return [self["language"]] if "language" in self.fields else []

    @property
    def is_unsd(self) -> bool:
        return Kind.SUBMITTED in self.channels

    @property
    def ways(self) -> list[Channel]:
        return list(Channel)

    @property
    def wanted(self) -> dict[str, str]:
        """The valid choices by kind."""
        return {kind: self.cleaned_data[kind] for kind in self.channels}

    @property
    def language(self) -> str | None:
        """The language chosen; None where only one is offered."""
        return self.cleaned_data.get("language")
