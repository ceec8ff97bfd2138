"""The institutions of a country, and who holds what in one response."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from assessment.audit import record
from assessment.holdings import Holder, holders_of
from assessment.http import Request, get_response_for, signed_in, wants_json
from assessment.hub import NamedCell, name_of, section_of
from assessment.institution_forms import InstitutionForm, MergeForm
from assessment.institution_queries import (
    Directory,
    PlacesIn,
    changes_of,
    directory_of,
    new_names,
    places_of,
    usage_in,
)
from assessment.models import AuditAction, Institution, InstitutionChange, Response
from assessment.navigation import TEAM_PAGES, tabs
from assessment.parsing import read_body
from assessment.permissions import Action, may
from assessment.queries import Reading, is_unsd, read_for
from assessment.refusals import Malformed, Refusal
from assessment.services.institutions import (
    NameTaken,
    NotMergeable,
    add_institution,
    edit_institution,
    institutions_from_answers,
    merge_institutions,
)
from assessment.spreadsheets import unarmed
from assessment.views.responses import response_context
from questionnaire.addresses import Address
from questionnaire.instrument import Instrument


@dataclass(frozen=True, slots=True)
class Line:
    """One institution of the list and the cells of this response that name it."""

    institution: Institution
    cells: list[NamedCell]


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A name in answers that is no institution yet."""

    name: str
    cells: list[NamedCell]


def team_context(request: Request, response: Response) -> dict[str, Any]:
    return response_context(request, response) | {
        "team_tabs": tabs(request, response, TEAM_PAGES)
    }


def _cells(instrument: Instrument, addresses: tuple[Address, ...]) -> list[NamedCell]:
    return [
        NamedCell(a, name_of(instrument, a), section_of(instrument, a))
        for a in addresses
    ]


@require_safe
@signed_in
def institution_list(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """List the institutions, the names not listed yet, and who holds what."""
    response = get_response_for(request, iso3, round_code)
    reading, directory = _read(request, response)
    usage = usage_in(reading.instrument, reading.held, directory)
    can_manage = may(request.user, Action.MANAGE_INSTITUTIONS, response)
    return render(
        request,
        "assessment/institution_list.html",
        team_context(request, response)
        | {
            "lines": [
                Line(i, _cells(reading.instrument, usage.by_institution.get(i.pk, ())))
                for i in directory.institutions
            ],
            "unlisted": [
                Unlisted(named.name, _cells(reading.instrument, named.cells))
                for named in usage.unlisted
            ],
            "holders": holders_of(reading, directory),
            "instrument": reading.instrument,
            "submission": reading.submission,
            "can_manage": can_manage,
            "can_add": can_manage or may(request.user, Action.EDIT, response),
            "shows_contacts": not is_unsd(request.user, response),
        },
    )


def _read(request: Request, response: Response) -> tuple[Reading, Directory]:
    return read_for(request.user, response), directory_of(response.country_id)


@require_safe
@signed_in
def institution_holdings(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Send the table of who holds what as CSV, a line for each thing held."""
    response = get_response_for(request, iso3, round_code, Action.DOWNLOAD)
    reading, directory = _read(request, response)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["institution", "short_name", "kind", "listed", "part", "code", "what", "note"]
    )
    for holder in holders_of(reading, directory):
        writer.writerows(_rows(holder))
    name = f"who-holds-what-{response.country.iso3}-{response.round.code}.csv"
    record(
        AuditAction.DOWNLOAD_HOLDINGS, by=request.user, response=response, subject=name
    )
    page = HttpResponse(
        text.getvalue().encode("utf-8-sig"),  # so that spreadsheets see UTF-8
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    page["Cache-Control"] = "private, no-store"
    return page


def _rows(holder: Holder) -> list[list[str]]:
    institution = holder.institution
    first = [
        holder.name,
        institution.short_name if institution else "",
        institution.kind if institution else "",
        "yes" if institution else "no",
    ]
    return [
        [
            unarmed(text)
            for text in (*first, part, str(held.address), held.text, held.note)
        ]
        for part, held in holder.parts
    ]


# Adding


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def institution_add(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """Add an institution: a form, or JSON from the field of an answer."""
    response = _to_add(request, iso3, round_code)
    if wants_json(request):
        return _add_in_place(request, response)
    directory = directory_of(response.country_id)
    if request.method != "POST":
        initial = {"name": request.GET.get("name", "")}
        form = InstitutionForm(directory=directory, initial=initial)
        return _form_page(request, response, form)
    form = InstitutionForm(request.POST, directory=directory)
    if form.is_valid():
        try:
            institution = add_institution(
                response=response, particulars=form.particulars, by=request.user
            )
        except NameTaken as refusal:
            form.add_error("name", refusal.message)
        else:
            messages.success(
                request, _("%(name)s was added.") % {"name": institution.name}
            )
            return redirect("assessment:institution_list", iso3, round_code)
    return _form_page(request, response, form, status=422)


def _to_add(request: Request, iso3: str, round_code: str) -> Response:
    """Return the response to whose country the person may add an institution now."""
    response = get_response_for(request, iso3, round_code)
    if may(request.user, Action.MANAGE_INSTITUTIONS, response):
        return response
    return get_response_for(request, iso3, round_code, Action.EDIT)


def _add_in_place(request: Request, response: Response) -> HttpResponse:
    try:
        document = json.loads(read_body(request))
        name = document["name"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Malformed(_("The request needs a “name”.")) from None
    directory = directory_of(response.country_id)
    found = directory.find(name)
    if found is not None:
        return JsonResponse({"name": found.name, "is_new": False})
    form = InstitutionForm({"name": name}, directory=directory)
    if not form.is_valid():
        errors = [str(error) for found in form.errors.values() for error in found]
        return JsonResponse(
            {"code": "invalid", "message": " ".join(errors)}, status=422
        )
    institution = add_institution(
        response=response, particulars=form.particulars, by=request.user
    )
    return JsonResponse({"name": institution.name, "is_new": True}, status=201)


@require_POST
@signed_in
def institution_adopt(request: Request, iso3: str, round_code: str) -> HttpResponse:
    """List names that answers use: those posted, or all of them."""
    response = _to_add(request, iso3, round_code)
    names = None if "all" in request.POST else request.POST.getlist("name")

    made = institutions_from_answers(response=response, by=request.user, names=names)

    messages.success(
        request,
        ngettext(
            "%(count)d institution was added.",
            "%(count)d institutions were added.",
            len(made),
        )
        % {"count": len(made)}
        if made
        else _("Every one of these names was listed already."),
    )
    return redirect("assessment:institution_list", iso3, round_code)


# Changing and merging


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def institution_edit(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    """Change an institution; show where it is named and what happened to it."""
    response = get_response_for(request, iso3, round_code, Action.MANAGE_INSTITUTIONS)
    directory = directory_of(response.country_id)
    institution = _institution(directory, pk)
    if request.method != "POST":
        form = InstitutionForm(directory=directory, institution=institution)
        return _form_page(request, response, form, institution=institution)
    form = InstitutionForm(request.POST, directory=directory, institution=institution)
    if form.is_valid():
        try:
            rewritten = edit_institution(
                response=response,
                institution=institution,
                particulars=form.particulars,
                by=request.user,
            )
        except (NameTaken, NotMergeable) as refusal:
            form.add_error(_field_of(refusal), refusal.message)
        else:
            messages.success(request, _changed(rewritten))
            return redirect("assessment:institution_list", iso3, round_code)
    return _form_page(request, response, form, institution=institution, status=422)


def _institution(directory: Directory, pk: int) -> Institution:
    for institution in directory.institutions:
        if institution.pk == pk:
            return institution
    raise Http404


def _field_of(refusal: Refusal) -> str:
    return "name" if isinstance(refusal, NameTaken) else "parent"


def _changed(rewritten: int) -> str:
    if not rewritten:
        return _("Saved.")
    message = ngettext(
        "Saved. %(count)d answer now gives the new name; its history keeps the old one.",
        "Saved. %(count)d answers now give the new name; their history keeps the old one.",
        rewritten,
    )
    return message % {"count": rewritten}


def _form_page(
    request: Request,
    response: Response,
    form: InstitutionForm,
    *,
    institution: Institution | None = None,
    status: int = 200,
) -> HttpResponse:
    context = team_context(request, response)
    context |= {"form": form, "institution": institution, "changes": []}
    if institution is not None:
        changes = changes_of(institution)
        context["changes"] = [(change, *_in_words(change)) for change in changes]
    return render(request, "assessment/institution_form.html", context, status=status)


def _in_words(change: InstitutionChange) -> tuple[str, str]:
    """Return from what to what, as people read it."""
    what = InstitutionChange.What(change.what)
    if what is InstitutionChange.What.KIND:
        labels = {kind.value: str(kind.label) for kind in Institution.Kind}
        return labels.get(change.before, ""), labels.get(change.after, "")
    if what is InstitutionChange.What.RETIRED:
        words = {"yes": _("yes"), "": _("no")}
        return words[change.before], words[change.after]
    return change.before.replace("\n", ", "), change.after.replace("\n", ", ")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def institution_merge(
    request: Request, iso3: str, round_code: str, pk: int
) -> HttpResponse:
    """Merge an institution into another, after showing each place that will change."""
    response = get_response_for(request, iso3, round_code, Action.MANAGE_INSTITUTIONS)
    directory = directory_of(response.country_id)
    source = _institution(directory, pk)
    data = request.POST if request.method == "POST" else request.GET
    form = MergeForm(
        data if "into" in data else None, directory=directory, source=source
    )
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return _merge_page(request, response, source, form, status=status)
    into = form.cleaned_data["into"]
    if request.method != "POST":
        return _merge_page(request, response, source, form, into=into)
    rewritten = merge_institutions(
        response=response, source=source, into=into, by=request.user
    )
    messages.success(
        request,
        _("%(source)s is now a name of %(into)s.")
        % {"source": source.name, "into": into.name}
        + " "
        + _changed(rewritten),
    )
    return redirect("assessment:institution_list", iso3, round_code)


@dataclass(frozen=True, slots=True)
class PlaceLine:
    cell: NamedCell
    before: str
    after: str


def _merge_page(
    request: Request,
    response: Response,
    source: Institution,
    form: MergeForm,
    *,
    into: Institution | None = None,
    status: int = 200,
) -> HttpResponse:
    found: list[PlacesIn] = []
    if into is not None:
        names = new_names(source.names, into.name, keep=into.names)
        found = places_of(response.country_id, names)
    return render(
        request,
        "assessment/institution_merge.html",
        team_context(request, response)
        | {
            "source": source,
            "into": into,
            "form": form,
            "places": [(f.response, _place_lines(f)) for f in found],
            "count": sum(len(f.places) for f in found),
        },
        status=status,
    )


def _place_lines(found: PlacesIn) -> list[PlaceLine]:
    return [
        PlaceLine(
            _cells(found.instrument, (place.address,))[0], place.before, place.after
        )
        for place in found.places
    ]
