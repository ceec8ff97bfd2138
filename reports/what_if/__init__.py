"""What if: answers changed in a sandbox, and the figures that would follow.

Nothing is read but the record of a report and what came with the request, and nothing is
written: the changes live in the address of the page.
"""

from reports.what_if.differences import compare
from reports.what_if.places import UnknownPlace
from reports.what_if.structure import Differences
from reports.what_if.trial import Trial, read_form, read_link

__all__ = [
    "Differences",
    "Trial",
    "UnknownPlace",
    "compare",
    "read_form",
    "read_link",
]
