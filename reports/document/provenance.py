"""How a report was made: record, versions, hashes, and where they can be checked."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from reports.document.plan import plan_facts
from reports.document.reader import Reader
from reports.document.structure import Fact
from reports.document.wording import NO_FIGURE, moment
from reports.sources import Kind, ReportSource
from reports.versions import renderer_version, template_version


def provenance(reader: Reader) -> tuple[Fact, ...]:
    source = reader.source
    instrument = source.instrument
    return (
        Fact(
            _("Questionnaire"),
            f"{instrument.code} {instrument.version} – {instrument.title}",
        ),
        Fact(_("Hash of the questionnaire (SHA-256)"), instrument.content_hash),
        Fact(
            _("Method"),
            _("that of questionnaire %(version)s, whose hash covers it; annex D")
            % {"version": instrument.version},
        ),
        Fact(_("Round"), f"{source.round_title} ({source.round_code})"),
        Fact(_("Country or area"), f"{source.country} ({source.iso3})"),
        Fact(_("What the report was made from"), status(reader)),
        *_record(reader),
        *plan_facts(source),
        Fact(_("Templates (beginning of their SHA-256)"), template_version()),
        Fact(_("Renderer"), renderer_version()),
        *_verification(source),
        Fact(_("Times"), _("All times are in Coordinated Universal Time (UTC).")),
    )


def _record(reader: Reader) -> list[Fact]:
    source = reader.source
    facts = []
    if source.submitted_at is not None:
        facts.append(
            Fact(_("Submitted"), _by(moment(source.submitted_at), source.submitted_by))
        )
    if source.submission_hash:
        facts.append(
            Fact(_("Hash of the submission (SHA-256)"), source.submission_hash)
        )
    if source.accepted_at is not None:
        facts.append(
            Fact(_("Accepted"), _by(moment(source.accepted_at), source.accepted_by))
        )
    if source.acceptance_hash:
        facts.append(
            Fact(_("Hash of the acceptance (SHA-256)"), source.acceptance_hash)
        )
    if source.is_draft:
        last = moment(source.dated_at) if source.dated_at else NO_FIGURE
        facts.append(Fact(_("Last change"), last))
        facts.append(
            Fact(
                _("Hash"),
                _("none: a draft may still change and has not been submitted"),
            )
        )
    return facts


def _verification(source: ReportSource) -> list[Fact]:
    """Return where the hash can be looked up, and how it is checked on the server."""
    if not source.hash:
        return []
    address = f"{settings.SITE_URL}{reverse('reports:record_verify')}"
    command = f"manage.py verify --response {source.iso3} {source.round_code}"
    return [
        Fact(
            _("To check the hash"),
            _("%(address)s (signed in), or on the server: %(command)s")
            % {"address": f"{address}?hash={source.hash[:16]}", "command": command},
        )
    ]


def _by(when: str, who: str) -> str:
    return _("%(when)s, by %(who)s") % {"when": when, "who": who} if who else when


def status(reader: Reader) -> str:
    source = reader.source
    if source.kind is Kind.ACCEPTANCE:
        return _("Submission %(number)s, reviewed and accepted") % {
            "number": source.number
        }
    if source.kind is Kind.SUBMISSION:
        return _("Submission %(number)s, not yet accepted") % {"number": source.number}
    return _("Draft: answers that are still being filled in")
