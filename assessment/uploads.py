"""Uploads: a file beyond the limit is read to its end but kept nowhere."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

TOO_LARGE = "assessment.upload_too_large"


class LimitedUploadHandler(FileUploadHandler):
    """Stands before Django's own handlers. The view finds the file missing."""

    request: HttpRequest

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > settings.EVIDENCE_MAX_BYTES:
            self.request.META[TOO_LARGE] = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        return None


def is_too_large(request: HttpRequest) -> bool:
    """Return whether a file of the request was left out for its size."""
    return bool(request.META.get(TOO_LARGE))
