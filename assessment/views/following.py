"""What officers do with many countries of a round at once: save, assign, remind."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessment.audit import record
from assessment.dashboard import Filters, chosen, round_lines
from assessment.forms import CountryReminderForm
from assessment.http import Request, require, signed_in
from assessment.models import AuditAction, Response, Round, User
from assessment.permissions import GlobalAction
from assessment.reminder_preview import Preview, previews
from assessment.round_queries import followed_responses, officers
from assessment.round_table import COLUMNS, table_row
from assessment.services.assignments import assign_officer
from assessment.services.country_reminders import (
    Sent,
    default_subject,
    default_text,
    remind_countries,
)
from assessment.spreadsheets import csv_page, xlsx_page
from assessment.views.rounds import followed_round, round_context

PAGES = {"csv": csv_page, "xlsx": xlsx_page}


@require_safe
@signed_in
def round_export(request: Request, round_code: str, ending: str) -> HttpResponse:
    """Send the countries that the filters show (docs/round_csv.md)."""
    round_ = followed_round(request, round_code)
    lines = Filters.parse(request.GET).shown(
        round_lines(round_, request.user), request.user
    )
    days_left = round_.days_left(timezone.now())
    rows = [table_row(line, days_left=days_left) for line in lines]
    record(
        AuditAction.DOWNLOAD_ROUND,
        by=request.user,
        round_=round_,
        subject=f"countries_{round_.code}.{ending}",
    )
    return PAGES[ending](f"countries_{round_.code}", COLUMNS, rows)


@require_POST
@signed_in
def round_assign(request: Request, round_code: str) -> HttpResponse:
    """Put an officer or nobody in charge of what is ticked, or of all that is shown."""
    require(request, GlobalAction.ASSIGN)
    round_ = followed_round(request, round_code)
    filters = Filters.parse(request.GET)
    lines = chosen(
        round_lines(round_, request.user), filters, request.user, request.POST
    )
    asked = request.POST.get("officer", "")
    if not lines:
        messages.error(request, _("Tick at least one country first."))
    elif not asked:
        messages.error(request, _("Choose who is to be in charge."))
    else:
        officer = _officer(asked)
        count = assign_officer(
            responses=[line.response.pk for line in lines],
            officer=officer,
            by=request.user,
        )
        _say_assigned(request, officer, count)
    return redirect(_dashboard(round_, filters))


def _officer(asked: str) -> User | None:
    """Return who is to be in charge, None for nobody. Raises Http404."""
    if asked == "nobody":
        return None
    officer = next((o for o in officers() if str(o.pk) == asked), None)
    if officer is None:
        raise Http404
    return officer


def _say_assigned(request: Request, officer: User | None, count: int) -> None:
    if officer is None:
        text = ngettext(
            "%(count)d country has no officer now.",
            "%(count)d countries have no officer now.",
            count,
        )
    else:
        text = ngettext(
            "%(person)s is in charge of %(count)d country more.",
            "%(person)s is in charge of %(count)d countries more.",
            count,
        )
    messages.success(request, text % {"person": officer, "count": count})


def _dashboard(round_: Round, filters: Filters) -> str:
    return reverse("assessment:round_detail", args=[round_.code]) + filters.query()


# Reminders


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def round_remind(request: Request, round_code: str) -> HttpResponse:
    """Choose countries, see who would be sent what, send it."""
    require(request, GlobalAction.ASSIGN)
    round_ = followed_round(request, round_code)
    if request.POST.get("do") == "choose":
        return _choose(request, round_)
    if request.method == "POST":
        return _write(request, round_)
    language = _language(request)
    with translation.override(language):
        initial = {
            "subject": default_subject(),
            "text": default_text(),
            "language": language,
        }
    form = CountryReminderForm(initial=initial)
    found = _previews(request, round_, initial, language)
    return _remind_page(request, round_, form, found)


def _choose(request: Request, round_: Round) -> HttpResponse:
    """Lead to the preview of what was ticked; so the page can be loaded again."""
    filters = Filters.parse(request.GET)
    lines = chosen(
        round_lines(round_, request.user), filters, request.user, request.POST
    )
    if not lines:
        messages.error(request, _("Tick at least one country first."))
        return redirect(_dashboard(round_, filters))
    iso3s = [("country", line.response.country.iso3) for line in lines]
    page = reverse("assessment:round_remind", args=[round_.code])
    return redirect(f"{page}?{urlencode(iso3s)}")


def _write(request: Request, round_: Round) -> HttpResponse:
    form = CountryReminderForm(request.POST)
    language = _language(request)
    if not form.is_valid():
        typed = {
            name: request.POST.get(name, "")[:5000] for name in ("subject", "text")
        }
        found = _previews(request, round_, typed, language)
        return _remind_page(request, round_, form, found, status=422)
    words, is_again = form.cleaned_data, form.cleaned_data["is_again"]
    if request.POST.get("do") != "send":
        found = _previews(request, round_, words, language, is_again=is_again)
        return _remind_page(request, round_, form, found)
    with translation.override(language):
        sent = remind_countries(
            responses=_responses(request, round_),
            subject=words["subject"],
            text=words["text"],
            by=request.user,
            is_again=is_again,
        )
    _say_sent(request, sent)
    return redirect("assessment:round_detail", round_.code)


def _responses(request: Request, round_: Round) -> list[Response]:
    asked = set((request.POST or request.GET).getlist("country"))
    found = followed_responses(round_, request.user)
    return [response for response in found if response.country.iso3 in asked]


def _language(request: Request) -> str:
    """Return the language of the message: the one asked for, else that of the page."""
    asked = (request.POST or request.GET).get("language", "")
    active = get_language() or "en"
    return asked if translation.check_for_language(asked) else active


def _previews(
    request: Request,
    round_: Round,
    words: dict[str, Any],
    language: str,
    *,
    is_again: bool = False,
) -> list[Preview]:
    return previews(
        _responses(request, round_),
        subject=words["subject"],
        text=words["text"],
        language=language,
        is_again=is_again,
    )


def _remind_page(
    request: Request,
    round_: Round,
    form: CountryReminderForm,
    found: list[Preview],
    *,
    status: int = 200,
) -> HttpResponse:
    return render(
        request,
        "assessment/round_remind.html",
        round_context(request, round_)
        | {
            "form": form,
            "previews": found,
            "receiving": sum(not preview.reason for preview in found),
            "countries": (request.POST or request.GET).getlist("country"),
            "languages": _languages(request, round_),
        },
        status=status,
    )


def _languages(request: Request, round_: Round) -> list[tuple[str, str, bool]]:
    """Return name and address of the page with the text in each language offered."""
    page = reverse("assessment:round_remind", args=[round_.code])
    countries = (request.POST or request.GET).getlist("country")
    asked = [("country", iso3) for iso3 in countries]
    current = _language(request)
    return [
        (
            str(name),
            f"{page}?{urlencode([*asked, ('language', code)])}",
            code == current,
        )
        for code, name in settings.LANGUAGES
    ]


def _say_sent(request: Request, sent: list[Sent]) -> None:
    count = sum(not one.reason for one in sent)
    text = ngettext(
        "%(count)d country was reminded.", "%(count)d countries were reminded.", count
    )
    messages.success(request, text % {"count": count})
    for one in sent:
        if one.reason:
            line = _("%(country)s was not reminded: %(reason)s")
            name = one.response.country.name
            messages.warning(request, line % {"country": name, "reason": one.reason})
