"""The documents of one question: links to read, files to add, withdraw and save."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessment.audit import record
from assessment.evidence_queries import ResponseFiles, readable_file
from assessment.evidence_types import KINDS
from assessment.http import Request, get_response_for, signed_in
from assessment.models import AuditAction, EvidenceFile, Response
from assessment.permissions import Action, may
from assessment.queries import Reading, instrument_of, read_for
from assessment.refusals import Malformed, Refusal, TooLarge
from assessment.services.evidence import NotTaken, add_file, too_large, withdraw_file
from assessment.uploads import is_too_large
from assessment.views.responses import response_context
from questionnaire.addresses import EVIDENCE, Address
from questionnaire.instrument import Question


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def evidence_detail(
    request: Request, iso3: str, round_code: str, question_code: str
) -> HttpResponse:
    """List the documents of a question; take a file or withdraw one."""
    if request.method != "POST":
        response = get_response_for(request, iso3, round_code)
        return _page(request, response, _question(response, question_code))
    wants = request.headers.get("Accept", "") == "application/json"
    try:
        return _post(request, iso3, round_code, question_code, wants_json=wants)
    except Refusal as refusal:
        if not wants:
            raise
        body = {"code": refusal.code, "message": refusal.message}
        return JsonResponse(body, status=refusal.status)


def _question(response: Response, code: str) -> Question:
    question = instrument_of(response).question_by_code.get(code.upper())
    if question is None:
        raise Http404
    return question


def _post(
    request: Request,
    iso3: str,
    round_code: str,
    question_code: str,
    *,
    wants_json: bool,
) -> HttpResponse:
    response = get_response_for(request, iso3, round_code, Action.EDIT)
    question = _question(response, question_code)
    try:
        done = _withdraw if "withdraw" in request.POST else _add
        message = done(request, response, question)
    except (NotTaken, TooLarge) as refusal:
        if wants_json:
            raise
        return _page(request, response, question, refusal=refusal)
    if wants_json:
        return JsonResponse({"message": message, "files": _as_json(response, question)})
    messages.success(request, message)
    return redirect("assessment:evidence_detail", iso3, round_code, question_code)


def _add(request: Request, response: Response, question: Question) -> str:
    if is_too_large(request):
        raise too_large()
    upload = request.FILES.get("file")
    if upload is None:
        raise NotTaken(_("Choose a file first."))
    file = add_file(
        response=response,
        question=question.code,
        upload=upload,
        title=request.POST.get("title", ""),
        by=request.user,
    )
    return _("%(name)s is kept.") % {"name": file.shown_title}


def _withdraw(request: Request, response: Response, question: Question) -> str:
    pk = request.POST["withdraw"]
    if not (pk.isascii() and pk.isdecimal() and len(pk) < 19):
        raise Malformed(_("This is not the number of a file."))
    try:
        file = withdraw_file(response=response, pk=int(pk), by=request.user)
    except EvidenceFile.DoesNotExist:
        raise Http404 from None
    return _("%(name)s was withdrawn.") % {"name": file.shown_title}


def _as_json(response: Response, question: Question) -> list[dict[str, Any]]:
    files = ResponseFiles(response, None).of(question.code).files
    return [
        {"title": f.title, "label": f.label, "size": f.size, "url": f.url}
        for f in files
    ]


def _page(
    request: Request,
    response: Response,
    question: Question,
    *,
    refusal: Refusal | None = None,
) -> HttpResponse:
    reading = read_for(request.user, response)
    return render(
        request,
        "assessment/evidence_detail.html",
        response_context(request, response)
        | {
            "question": question,
            "section": reading.instrument.section_by_code[question.section],
            "links": _links(reading, question),
            "files": ResponseFiles(response, reading.submission).of(question.code),
            "submission": reading.submission,
            "can_edit": may(request.user, Action.EDIT, response)
            and response.round.is_open,
            "kinds": ", ".join(kind.label for kind in KINDS),
            "max_bytes": settings.EVIDENCE_MAX_BYTES,
            "refusal": refusal,
            "title": request.POST.get("title", ""),
        },
        status=refusal.status if refusal else 200,
    )


def _links(reading: Reading, question: Question) -> list[dict[str, str]]:
    held = reading.held.get(Address(question.code, "", EVIDENCE))
    return list(held.value) if held and held.value else []


@require_safe
@signed_in
def evidence_download(
    request: Request, iso3: str, round_code: str, pk: int
) -> FileResponse:
    """Send a file to be saved, never shown: it was made by others."""
    response = get_response_for(request, iso3, round_code)
    try:
        file = readable_file(request.user, response, pk)
        content = file.file.open("rb")
    except (EvidenceFile.DoesNotExist, FileNotFoundError):
        raise Http404 from None
    record(
        AuditAction.DOWNLOAD_EVIDENCE,
        by=request.user,
        response=response,
        subject=str(Address(file.question, file.row, EVIDENCE)),
        number=file.pk,
    )
    page = FileResponse(
        content,
        as_attachment=True,
        filename=file.name,
        content_type=file.content_type,
    )
    page["X-Content-Type-Options"] = "nosniff"
    page["Content-Security-Policy"] = "default-src 'none'; sandbox"
    page["Cache-Control"] = "private, no-store"
    return page
