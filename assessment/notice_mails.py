"""E-mails about notices: one at once, or a day's together; and the way out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.core import signing
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessment.mails import full_url, mail_after_commit
from assessment.models import Kind, Notification, User
from assessment.notice_queries import language_for
from assessment.notice_words import sentence

# Signed addresses stay good for ever: who finds an old e-mail can still end them.
SALT = "assessment.notices.unsubscribe"
DIGEST = "daily"


@dataclass(frozen=True, slots=True)
class Unsubscribing:
    """What a signed address ends: e-mails of one kind, or the daily summary."""

    person: int
    kind: str

    @property
    def is_digest(self) -> bool:
        return self.kind == DIGEST


def unsubscribe_url(person: User, kind: str) -> str:
    """Return the address that ends e-mails of a kind, or with DIGEST the daily summary."""
    token = _signer().sign_object([person.pk, kind])
    return full_url("assessment:notification_unsubscribe", token)


def read_token(token: str) -> Unsubscribing | None:
    """Return what a token ends, or None if it was not signed here."""
    try:
        person, kind = _signer().unsign_object(token)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return Unsubscribing(person, kind)


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT)


def mail_notice(notice: Notification) -> None:
    """Send one notice to its person, in their language, after the commit."""
    person = notice.person
    with translation.override(language_for(person)):
        said = sentence(notice)
        mail_after_commit(
            to=person.email,
            subject=said,
            template="notice",
            context={"sentence": said, "url": _url(notice)},
            unsubscribe=unsubscribe_url(person, notice.kind),
        )


def mail_digest(person: User, notices: Sequence[Notification]) -> None:
    """Send notices together, by country, in the person's language, after the commit."""
    with translation.override(language_for(person)):
        lines = sorted(
            (
                (notice.country.name if notice.country else "", notice.pk, notice)
                for notice in notices
            ),
            key=itemgetter(0, 1),
        )
        kinds = sorted({Kind(notice.kind) for notice in notices})
        mail_after_commit(
            to=person.email,
            subject=ngettext(
                "One notice: %(countries)s", "%(count)d notices: %(countries)s",
                len(lines),
            )
            % {"count": len(lines), "countries": _countries(notices)},
            template="digest",
            context={
                "groups": [
                    (name, [(sentence(n), _url(n)) for _name, _pk, n in group])
                    for name, group in groupby(lines, key=itemgetter(0))
                ],
                "ways_out": [
                    (kind.label, unsubscribe_url(person, kind)) for kind in kinds
                ],
            },
            unsubscribe=unsubscribe_url(person, DIGEST),
        )  # fmt: skip


def _countries(notices: Sequence[Notification]) -> str:
    names = sorted({n.country.name for n in notices if n.country})
    if len(names) > 3:  # a subject is one line
        return _("%(number)s countries") % {"number": len(names)}
    return ", ".join(names) or _("your account")


def _url(notice: Notification) -> str:
    return full_url("assessment:notification_open", notice.pk) if notice.path else ""
