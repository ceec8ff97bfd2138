"""What the summary says has changed since the previous round."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from reports.document.narrative.rule import (
    ALWAYS,
    Rule,
    below,
    every,
    is_true,
    negated,
    some,
)

CHANGES = (
    Rule(
        code="S-50",
        topic="changes",
        slot="score",
        when=negated(is_true("previous")),
        because=_("No earlier round of the country has been accepted."),
        says=_("There is no earlier accepted round to compare with."),
    ),
    Rule(
        code="S-51",
        topic="changes",
        slot="score",
        when=negated(is_true("comparable")),
        because=_("One of the two rounds has too few answers for an overall score."),
        says=_(
            "The overall score cannot be compared with that of %(year)d, since one of "
            "the two rests on too few answers."
        ),
    ),
    Rule(
        code="S-52",
        topic="changes",
        slot="score",
        when=some("moved"),
        because=_("The overall score is higher than in the previous round."),
        says=_(
            "Since %(year)d the overall score has risen from %(before)s to %(score)s."
        ),
    ),
    Rule(
        code="S-53",
        topic="changes",
        slot="score",
        when=below("moved", 0),
        because=_("The overall score is lower than in the previous round."),
        says=_(
            "Since %(year)d the overall score has fallen from %(before)s to %(score)s."
        ),
    ),
    Rule(
        code="S-54",
        topic="changes",
        slot="score",
        when=ALWAYS,
        because=_("The overall score is as in the previous round."),
        says=_("The overall score is the same as in %(year)d, %(score)s."),
    ),
    Rule(
        code="S-55",
        topic="changes",
        slot="level",
        when=every(is_true("comparable"), some("level_moved")),
        because=_("The overall level is higher than in the previous round."),
        says=_(
            "This lifts the country from level %(level_before)s to level %(level_now)s."
        ),
    ),
    Rule(
        code="S-56",
        topic="changes",
        slot="level",
        when=every(is_true("comparable"), below("level_moved", 0)),
        because=_("The overall level is lower than in the previous round."),
        says=_(
            "This takes the country from level %(level_before)s down to level "
            "%(level_now)s."
        ),
    ),
    Rule(
        code="S-57",
        topic="changes",
        slot="sections",
        when=every(some("risen"), some("fallen")),
        because=_(
            "Some section scores are higher than in the previous round, others lower."
        ),
        says=_(
            "Most was gained in %(risen_named)s; ground was lost in %(fallen_named)s."
        ),
        refs="moved",
    ),
    Rule(
        code="S-58",
        topic="changes",
        slot="sections",
        when=some("risen"),
        because=_(
            "Some section scores are higher than in the previous round, none is lower."
        ),
        says=_("Most was gained in %(risen_named)s, and no section lost ground."),
        refs="moved",
    ),
    Rule(
        code="S-59",
        topic="changes",
        slot="sections",
        when=some("fallen"),
        because=_(
            "Some section scores are lower than in the previous round, none is higher."
        ),
        says=_("Most ground was lost in %(fallen_named)s, and no section gained any."),
        refs="moved",
    ),
    Rule(
        code="S-60",
        topic="changes",
        slot="needs",
        when=some("class_moved"),
        because=_("Needs have moved to another class of gap since the previous round."),
        says=ngettext_lazy(
            "Of the %(needs_compared)d needs assessed in both rounds, one is met better "
            "now and %(worse_digits)s less well.",
            "Of the %(needs_compared)d needs assessed in both rounds, %(better_digits)s "
            "are met better now and %(worse_digits)s less well.",
            "better",
        ),
        refs="better_or_worse",
    ),
    Rule(
        code="S-63",
        topic="changes",
        slot="needs",
        when=every(is_true("comparable"), some("needs_compared")),
        because=_("The class of no need has changed."),
        says=_("No need has moved to another class of gap."),
    ),
    Rule(
        code="S-64",
        topic="changes",
        slot="questionnaire",
        when=every(is_true("previous"), is_true("is_other_version")),
        because=_("The previous round had another version of the questionnaire."),
        says=_(
            "The questionnaire has changed in between, and a part of the difference "
            "may come from that."
        ),
    ),
)
