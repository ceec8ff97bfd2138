"""Filters of the templates of reports."""

import pytest

from reports.templatetags.report_tags import codes_whole, share


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0, "0%"), (100 * 4 / 6, "67%"), (99.6, "100%"), (0.5, "1%"), (12.4, "12%")],
)
def test_share_of_countries_is_rounded_half_up(value, shown):
    assert share(value) == shown


def test_codes_of_actions_are_kept_on_one_line_and_the_rest_escaped():
    assert codes_whole("<b> begins with “A & B” (R-QUA-02), not SRC-INV") == (
        "&lt;b&gt; begins with “A &amp; B” "
        '(<span class="code">R-QUA-02</span>), not SRC-INV'
    )
