"""The report: source and analysis in, a frozen structure of words and figures out."""

from reports.document.build import build_document, document_of
from reports.document.structure import ReportDocument

__all__ = ["ReportDocument", "build_document", "document_of"]
