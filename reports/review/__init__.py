"""The page of review: a whole submission for reading, each question with what to look at."""

from reports.review.build import ReviewPage
from reports.review.filters import ReviewFilters

__all__ = ["ReviewFilters", "ReviewPage"]
