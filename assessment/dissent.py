"""The differing views of a response, and how many stand on each question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, OuterRef, QuerySet, Subquery, TextField

from assessment.models import DifferingView, Response


@dataclass(frozen=True, slots=True)
class DissentLinks:
    """Where the differing views on a question are, and how many stand on each."""

    url: str
    counts: Mapping[str, int]
    may_record: bool


class Joined(Aggregate):
    """Texts of a group in one, with commas between them."""

    function = "GROUP_CONCAT"
    name = "Joined"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler,
            connection,
            function="STRING_AGG",
            template="%(function)s(%(expressions)s, ',')",
            **context,
        )


def questions_in_dissent() -> Subquery:
    """Return the codes of the questions of standing views, for a query of responses.

    So the pages of a response know how many there are without a query of their own.
    """
    standing = DifferingView.objects.filter(
        response=OuterRef("pk"), withdrawn_at__isnull=True
    )
    codes = standing.order_by().values("response").annotate(codes=Joined("question"))
    return Subquery(codes.values("codes"))


def view_counts(response: Response) -> Counter[str]:
    """Return how many views stand on each question of a response with instrument. No query."""
    codes = getattr(response, "in_dissent", None)
    return Counter(codes.split(",") if codes else ())


def views_of(response: Response, question: str = "") -> QuerySet[DifferingView]:
    """Return the views of a response, withdrawn ones too, in the order of recording."""
    views = DifferingView.objects.filter(response=response.pk)
    if question:
        views = views.filter(question=question)
    return views.select_related("recorded_by", "withdrawn_by").order_by(
        "recorded_at", "pk"
    )


def printed_views(response: Response) -> list[DifferingView]:
    """Return what the report prints of views now: none, unless the coordinator says so.

    At most one query.
    """
    if not response.prints_views:
        return []
    return list(views_of(response).filter(withdrawn_at__isnull=True))
