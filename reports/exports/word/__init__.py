"""The report as a Word document, to be adapted by whoever has to.

It prints the same `ReportDocument` as the PDF, so the two cannot disagree. A chapter is
one function that is given a `Body` to write to and stands in `render.CHAPTERS`.
"""

from reports.exports.word.render import render_docx

__all__ = ["render_docx"]
