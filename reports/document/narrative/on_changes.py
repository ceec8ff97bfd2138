"""What the summary says has changed since the previous round."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from reports.document.narrative.rule import (
    ALWAYS,
    Rule,
    at_least,
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
        when=every(is_true("comparable"), some("level_moved"), some("moved")),
        because=_("Overall score and level are higher than in the previous round."),
        says=_(
            "This lifts the country from level %(level_before)s to level %(level_now)s."
        ),
    ),
    Rule(
        code="S-56",
        topic="changes",
        slot="level",
        when=every(is_true("comparable"), below("level_moved", 0), below("moved", 0)),
        because=_("Overall score and level are lower than in the previous round."),
        says=_(
            "This takes the country from level %(level_before)s down to level "
            "%(level_now)s."
        ),
    ),
    Rule(
        code="S-65",
        topic="changes",
        slot="level",
        when=every(is_true("comparable"), some("level_moved")),
        because=_("The overall level is higher, though the printed score is not."),
        says=_(
            "The level, which the weakest dimension can hold down, nevertheless rises "
            "from %(level_before)s to %(level_now)s."
        ),
        refs="weakest",
    ),
    Rule(
        code="S-66",
        topic="changes",
        slot="level",
        when=every(is_true("comparable"), below("level_moved", 0)),
        because=_("The overall level is lower, though the printed score is not."),
        says=_(
            "The level, which the weakest dimension can hold down, nevertheless goes down "
            "from %(level_before)s to %(level_now)s."
        ),
        refs="weakest",
    ),
    Rule(
        code="S-57",
        topic="changes",
        slot="sections",
        when=every(some("risen"), some("fallen")),
        because=_(
            "Some section scores are higher than in the previous round, others lower."
        ),
        says=_("%(Gained)s; %(lost)s."),
        refs="moved",
    ),
    Rule(
        code="S-58",
        topic="changes",
        slot="sections",
        when=every(some("risen"), is_true("all_compared")),
        because=_(
            "Some section scores are higher than in the previous round, none is lower."
        ),
        says=_("%(Gained)s, and no section lost ground."),
        refs="moved",
    ),
    Rule(
        code="S-67",
        topic="changes",
        slot="sections",
        when=some("risen"),
        because=_(
            "Some section scores are higher than in the previous round; none that can "
            "be compared is lower."
        ),
        says=_(
            "%(Gained)s, and no section that can be compared lost ground: in some, one "
            "of the two rounds has too few answers."
        ),
        refs="moved",
    ),
    Rule(
        code="S-59",
        topic="changes",
        slot="sections",
        when=every(some("fallen"), is_true("all_compared")),
        because=_(
            "Some section scores are lower than in the previous round, none is higher."
        ),
        says=_("%(Lost)s, and no section gained ground."),
        refs="moved",
    ),
    Rule(
        code="S-68",
        topic="changes",
        slot="sections",
        when=some("fallen"),
        because=_(
            "Some section scores are lower than in the previous round; none that can be "
            "compared is higher."
        ),
        says=_(
            "%(Lost)s, and no section that can be compared gained ground: in some, one "
            "of the two rounds has too few answers."
        ),
        refs="moved",
    ),
    Rule(
        code="S-60",
        topic="changes",
        slot="needs",
        when=every(some("class_moved"), at_least("needs_compared", 2)),
        because=_("Needs have moved to another class of gap since the previous round."),
        says=ngettext_lazy(
            "Of the %(needs_compared)d needs assessed in both rounds, %(better_digits)s "
            "is met better now and %(worse_digits)s less well.",
            "Of the %(needs_compared)d needs assessed in both rounds, %(better_digits)s "
            "are met better now and %(worse_digits)s less well.",
            "better",
        ),
        refs="better_or_worse",
    ),
    Rule(
        code="S-69",
        topic="changes",
        slot="needs",
        when=some("better"),
        because=_("One need was assessed in both rounds, and is met better."),
        says=_("The one need assessed in both rounds is met better now."),
        refs="better_or_worse",
    ),
    Rule(
        code="S-76",
        topic="changes",
        slot="needs",
        when=some("worse"),
        because=_("One need was assessed in both rounds, and is met less well."),
        says=_("The one need assessed in both rounds is met less well now."),
        refs="better_or_worse",
    ),
    Rule(
        code="S-63",
        topic="changes",
        slot="needs",
        when=every(is_true("comparable"), some("needs_compared")),
        because=_("The class of no need has changed."),
        says=ngettext_lazy(
            "The one need assessed in both rounds is in the same class of gap as before.",
            "None of the %(needs_compared)d needs assessed in both rounds has moved to "
            "another class of gap.",
            "needs_compared",
        ),
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
