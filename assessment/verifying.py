"""Whether what is stored still is what was handed in: hashes, texts, rows and files.

Reads only. A person may be renamed: the names they had by the audit trail count as theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from assessment.models import (
    AuditEvent,
    Clearance,
    DifferingView,
    Response,
    ReviewedValue,
)
from assessment.verifying_plans import plan_problems
from assessment.verifying_rows import (
    Found,
    Revisions,
    file_problems,
    transition_problems,
)
from assessment.verifying_texts import (
    Recorded,
    names_of,
    numbers,
    submission_problems,
)
from questionnaire.content import content_hash, content_of
from questionnaire.models import Publication

TRIGGERS = {
    "sqlite": (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        {"audit_event_no_update", "audit_event_no_delete", "audit_event_no_replace"},
    ),
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D'",
        {"audit_event_no_change", "audit_event_no_truncate"},
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it was written: where, and what is wrong."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def problems_of_installation() -> Iterator[Problem]:
    """Yield what is wrong with no response in particular: instruments, triggers.

    One query, and five for each published questionnaire.
    """
    sql, wanted = TRIGGERS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql, [AuditEvent._meta.db_table])
        found = {name for (name,) in cursor.fetchall()}
    for name in sorted(wanted - found):
        yield Problem("audit trail", f"the database's trigger {name} is missing")
    for publication in Publication.objects.select_related("questionnaire"):
        if content_hash(content_of(publication.questionnaire)) != (
            publication.content_hash
        ):
            what = "its content is not what was published"
            yield Problem(f"questionnaire {publication.questionnaire}", what)


def problems_of(response: Response) -> list[Problem]:
    """Return what is wrong with a response; `response` has country and round.

    Its row is locked, so that nobody saves in between, but not while its evidence files
    are read. Thirteen queries, and one an edition of its plan.
    """
    with transaction.atomic():
        found = _problems_in_database(
            Response.objects.select_for_update(of=("self",))
            .select_related("country", "round__questionnaire__publication")
            .get(pk=response.pk)
        )
    place = f"{response.country.iso3} {response.round.code}"
    found += file_problems(response)
    return [Problem(f"{place} {where}", what) for where, what in found]


def _problems_in_database(response: Response) -> list[Found]:
    submissions = list(
        response.submissions.select_related(
            "submitted_by", "acceptance__accepted_by"
        ).order_by("number")
    )
    revisions = Revisions(response)
    rows = Recorded(
        names=names_of(submissions),
        values=revisions.values,
        views=list(DifferingView.objects.filter(response=response)),
        reviewed=list(ReviewedValue.objects.filter(response=response)),
        clearances=list(Clearance.objects.filter(response=response)),
    )
    found = [
        *transition_problems(response, submissions),
        *revisions.problems(),
        *numbers(submissions),
        *plan_problems(response),
    ]
    for one in submissions:
        found += submission_problems(response, one, rows)
    return found
