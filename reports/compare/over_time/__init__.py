"""A country or a region from round to round, also across versions of the questionnaire.

Codes are those of one version, the reference; what another version called otherwise is
found by the code map, and what it did not ask is said so.
"""

from reports.compare.over_time.codes import codes_between, every_axis, score_on
from reports.compare.over_time.country import Stage, course_of, stage_columns
from reports.compare.over_time.region import (
    Wave,
    region_course,
    wave_columns,
    waves_of,
)
from reports.compare.over_time.same import SameCountries, same_countries
from reports.compare.over_time.tables import (
    country_table,
    region_table,
    same_countries_table,
)

__all__ = [
    "SameCountries",
    "Stage",
    "Wave",
    "codes_between",
    "country_table",
    "course_of",
    "every_axis",
    "region_course",
    "region_table",
    "same_countries",
    "same_countries_table",
    "score_on",
    "stage_columns",
    "wave_columns",
    "waves_of",
]
