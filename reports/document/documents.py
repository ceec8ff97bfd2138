"""The annex of documents: the links and files given as evidence, by question."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from questionnaire.instrument import Question
from reports.document.reader import Reader
from reports.document.structure import Document, Ref
from reports.document.wording import number
from reports.sources import SourceFile

_SHOWN_HASH = 16
_UNITS = (("MB", 1024 * 1024), ("KB", 1024))


def documents(reader: Reader) -> tuple[Document, ...]:
    """Return every document in the order of the questionnaire, links before files."""
    return tuple(
        document
        for question in reader.source.instrument.questions
        for row in ("", *question.row_by_code)
        for document in _of(reader, question, row)
    )


def _of(reader: Reader, question: Question, row: str) -> Iterator[Document]:
    ref = reader.row_ref(question, row) if row else reader.question_ref(question)
    for link in reader.evidence(question.code, row):
        yield Document(ref, link.title or link.url, link.url)
    for file in reader.source.files:
        if (file.question, file.row) == (question.code, row):
            yield _file(ref, file)


def _file(ref: Ref, file: SourceFile) -> Document:
    return Document(
        ref=ref,
        title=file.title or file.name,
        url="",
        name=file.name if file.title else "",
        facts=facts_of(file),
        pk=file.pk,
    )


def facts_of(file: SourceFile) -> str:
    """Return what a file is: its kind, its size and the beginning of its hash."""
    sha256 = _("SHA-256 %(hash)s…") % {"hash": file.sha256[:_SHOWN_HASH]}
    return ", ".join((file.label, _size(file.size), sha256))


def _size(size: int) -> str:
    for unit, factor in _UNITS:
        if size >= factor:
            return f"{number(round(size / factor, 1))} {unit}"
    return _("%(count)s bytes") % {"count": number(size)}
