"""What the summary says of the capacity as a whole, and of its dimensions."""

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
    none,
    some,
)

MOSTLY = 50  # per cent

OVERALL = (
    Rule(
        code="S-01",
        topic="overall",
        slot="level",
        when=none("answered"),
        because=_("No question is answered."),
        says=_(
            "No question has been answered yet, so that nothing can be said about the "
            "capacity of %(country)s to produce migration statistics."
        ),
    ),
    Rule(
        code="S-02",
        topic="overall",
        slot="level",
        when=negated(is_true("published")),
        because=_("Too few required questions are answered for an overall level."),
        says=_(
            "%(Country)s has answered %(answered)s of the required questions. This is "
            "too little for an overall level, which is given from %(least)s; what "
            "follows describes what is known so far."
        ),
    ),
    Rule(
        code="S-15",
        topic="overall",
        slot="level",
        when=at_least("dk", MOSTLY),
        because=_("Half of the scored questions or more are answered “do not know”."),
        says=_(
            "So much about the capacity of %(country)s is unknown that its score, "
            "%(score)s of 100, says little: “do not know” is the answer to %(dk)s of the "
            "scored questions."
        ),
        refs="unknown",
    ),
    Rule(
        code="S-03",
        topic="overall",
        slot="level",
        when=is_true("is_top"),
        because=_("Every dimension stands on the highest level."),
        says=_(
            "In %(country)s the production of migration statistics is advanced "
            "throughout: the overall score is %(score)s of 100, and all "
            "%(dimensions_word)s dimensions of capacity stand on the highest level."
        ),
    ),
    Rule(
        code="S-04",
        topic="overall",
        slot="level",
        when=at_least("lowest_level", 4),
        because=_("No dimension lies below level 4."),
        says=_(
            "%(Country)s produces migration statistics on a solid basis: it scores "
            "%(score)s of 100, and none of the %(dimensions_word)s dimensions of capacity "
            "lies below level %(lowest_level)d, %(lowest_name)s."
        ),
    ),
    Rule(
        code="S-05",
        topic="overall",
        slot="level",
        when=below("highest_level", 3),
        because=_("No dimension has reached level 3."),
        says=_(
            "%(Country)s is at an early stage of building its migration statistics: "
            "the overall score is %(score)s of 100, and none of the %(dimensions_word)s "
            "dimensions of capacity has passed level %(highest_level)d, "
            "%(highest_name)s."
        ),
    ),
    Rule(
        code="S-06",
        topic="overall",
        slot="level",
        when=ALWAYS,
        because=_(
            "The overall level is published, and no rule before this one applies."
        ),
        says=_(
            "The capacity of %(country)s to produce statistics on international "
            "migration stands at level %(level)d of %(levels)d, %(level_name)s, with "
            "a score of %(score)s of 100."
        ),
    ),
    Rule(
        code="S-07",
        topic="overall",
        slot="limit",
        when=every(is_true("published"), is_true("limited")),
        because=_("The weakest dimension limits the overall level."),
        says=_(
            "By the score alone the level would be %(score_level)s. It is held down "
            "by %(limiting_named)s, for strength elsewhere cannot make up for what is "
            "missing there."
        ),
        refs="limiting",
    ),
    Rule(
        code="S-08",
        topic="overall",
        slot="certainty",
        when=every(at_least("dk", 10), below("dk", MOSTLY)),
        because=_(
            "A tenth of the scored questions or more, but not half of them, are answered "
            "“do not know”."
        ),
        says=_(
            "“Do not know” is the answer to %(dk)s of the scored questions: much of "
            "what exists is out of sight of those who answered, and the true capacity "
            "may well be higher."
        ),
        refs="unknown",
    ),
    Rule(
        code="S-09",
        topic="overall",
        slot="certainty",
        when=every(is_true("published"), at_least("rise", 5)),
        because=_(
            "Missing and unknown answers could raise the overall score by 5 points or "
            "more."
        ),
        says=_(
            "With every missing or unknown answer in its favour the score would be "
            "%(upper)s; the figures should be read with this margin in mind."
        ),
        refs="unknown",
    ),
    Rule(
        code="S-10",
        topic="overall",
        slot="review",
        when=some("reviewed"),
        because=_("Answers were replaced in review."),
        says=ngettext_lazy(
            "One answer was replaced in review; from the country’s own answers the "
            "score would be %(own)s.",
            "In review %(reviewed_word)s answers were replaced; from the country’s own "
            "answers the score would be %(own)s.",
            "reviewed",
        ),
        refs="reviewed",
    ),
    Rule(
        code="S-11",
        topic="overall",
        slot="evidence",
        when=at_least("evidence", 99.95),
        because=_("Every scored answer that calls for evidence has some."),
        says=_("Every answer that calls for evidence is documented."),
    ),
    Rule(
        code="S-14",
        topic="overall",
        slot="evidence",
        when=every(some("answered"), none("evidence")),
        because=_("No scored answer that calls for evidence has any."),
        says=_("None of the answers that call for evidence is documented."),
    ),
    Rule(
        code="S-12",
        topic="overall",
        slot="evidence",
        when=every(some("answered"), below("evidence", 60)),
        because=_(
            "Fewer than 60% of the scored answers that call for evidence have some."
        ),
        says=_(
            "Documents support only %(evidence)s of the answers that call for evidence."
        ),
    ),
    Rule(
        code="S-13",
        topic="overall",
        slot="sections",
        when=every(is_true("published"), some("unpublished")),
        because=_("A section has too few answers for a score to be printed."),
        says=ngettext_lazy(
            "Too little is answered on %(unpublished_named)s for a score of this "
            "section to be printed.",
            "For %(unpublished_word)s sections, %(unpublished_named)s, too little is "
            "answered for a score to be printed.",
            "unpublished",
        ),
        refs="unpublished",
    ),
)

PROFILE = (
    Rule(
        code="S-20",
        topic="profile",
        slot="best",
        when=every(is_true("published"), some("spread"), below("spread", 15)),
        because=_("The dimensions differ, but by less than 15 points."),
        says=_(
            "The dimensions of capacity lie close together, between %(lowest)s and "
            "%(highest)s, so that none stands out; the highest score is that of "
            "%(top)s."
        ),
        refs="top",
    ),
    Rule(
        code="S-21",
        topic="profile",
        slot="best",
        when=every(is_true("published"), some("spread"), below("highest_level", 3)),
        because=_("The strongest dimension has not reached level 3."),
        says=_(
            "Even where capacity is greatest, in %(top)s (%(highest)s), it has not "
            "reached the middle of the scale."
        ),
        refs="top",
    ),
    Rule(
        code="S-22",
        topic="profile",
        slot="best",
        when=every(is_true("published"), some("spread")),
        because=_("The scores of the dimensions differ, and no rule before applies."),
        says=_("Capacity is greatest in %(best)s."),
        refs="best",
    ),
    Rule(
        code="S-23",
        topic="profile",
        slot="worst",
        when=every(
            is_true("published"), at_least("behind", 12), below("lowest_level", 5)
        ),
        because=_("The weakest dimension lies at least 12 points below the next one."),
        says=_(
            "One dimension lies far behind the others: %(weakest)s (%(weakest_score)s), "
            "%(behind)s points below the next."
        ),
        refs="weakest",
    ),
    Rule(
        code="S-24",
        topic="profile",
        slot="worst",
        when=every(
            is_true("published"), at_least("spread", 15), below("lowest_level", 5)
        ),
        because=_(
            "The dimensions lie 15 points or more apart, and no rule before this one "
            "applies."
        ),
        says=_("Least developed are %(worst)s."),
        refs="worst",
    ),
    Rule(
        code="S-25",
        topic="profile",
        slot="near",
        when=every(is_true("published"), some("near")),
        because=_("A dimension lies within 3 points of its next level."),
        says=_("The next level is near for %(near_named)s."),
        refs="near",
    ),
    Rule(
        code="S-26",
        topic="profile",
        slot="goal",
        when=every(is_true("published"), some("spread"), some("goal_steps")),
        because=_(
            "Improvements are known that lift the weakest dimension to its next level."
        ),
        says=ngettext_lazy(
            "A single improvement would lift %(weakest)s to level "
            "%(goal_level)d (see 1.2).",
            "With %(goal_steps_word)s improvements %(weakest)s would reach level "
            "%(goal_level)d (see 1.2).",
            "goal_steps",
        ),
        refs="goal",
    ),
)
