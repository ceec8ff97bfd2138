"""What the summary says of the needs for data, and of what to do first."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from reports.document.narrative.rule import (
    ALWAYS,
    Rule,
    at_least,
    every,
    is_true,
    negated,
    none,
    some,
)

NEEDS = (
    Rule(
        code="S-45",
        topic="needs",
        slot="count",
        when=every(none("assessed"), some("no_need")),
        because=_("No need is a policy need, where the priority is stated."),
        says=_(
            "None of the data needs whose priority is stated is a policy need, so that no "
            "gap can be named."
        ),
    ),
    Rule(
        code="S-30",
        topic="needs",
        slot="count",
        when=none("assessed"),
        because=_("No need has a stated priority."),
        says=_(
            "The priority that policy gives to the data needs has not been stated, so "
            "that gaps cannot be named."
        ),
    ),
    Rule(
        code="S-31",
        topic="needs",
        slot="count",
        when=none("gaps"),
        because=_("Every need with a stated priority is met."),
        says=ngettext_lazy(
            "The one need that has been named is met by the data.",
            "All %(assessed)d needs for data stated by policy and the Sustainable "
            "Development Goals are met.",
            "assessed",
        ),
    ),
    Rule(
        code="S-42",
        topic="needs",
        slot="count",
        when=none("met"),
        because=_("No need with a stated priority is met."),
        says=ngettext_lazy(
            "The one need that has been named is not fully met by the data.",
            "None of the %(assessed)d needs for data stated by policy and the Sustainable "
            "Development Goals is fully met.",
            "assessed",
        ),
        refs="gaps",
    ),
    Rule(
        code="S-32",
        topic="needs",
        slot="count",
        when=ALWAYS,
        because=_("At least one need with a stated priority is not met."),
        says=ngettext_lazy(
            "Of the %(assessed)d needs for data stated by policy and the Sustainable "
            "Development Goals, one is not fully met.",
            "Of the %(assessed)d needs for data stated by policy and the Sustainable "
            "Development Goals, %(gaps)d are not fully met.",
            "gaps",
        ),
        refs="gaps",
    ),
    Rule(
        code="S-44",
        topic="needs",
        slot="severe",
        when=every(
            is_true("all_critical"),
            is_true("critical_no_data"),
            none("critical_unknown"),
        ),
        because=_("There are several gaps, all of them critical and without data."),
        says=_(
            "All these gaps are critical, since no data exist although the priority is "
            "high: %(critical_named)s."
        ),
        refs="critical",
    ),
    Rule(
        code="S-46",
        topic="needs",
        slot="severe",
        when=every(is_true("all_critical"), is_true("critical_no_data")),
        because=_(
            "There are several gaps, all of them critical; of some it is not known "
            "whether data exist."
        ),
        says=_(
            "All these gaps are critical, since no data are known to exist although the "
            "priority is high: %(critical_named)s."
        ),
        refs="critical",
    ),
    Rule(
        code="S-33",
        topic="needs",
        slot="severe",
        when=every(
            some("critical"), is_true("critical_no_data"), none("critical_unknown")
        ),
        because=_("There are critical gaps, all of them without data."),
        says=ngettext_lazy(
            "One gap is critical, since no data exist for it although its priority is "
            "high: %(critical_named)s.",
            "The gaps include %(critical_word)s that are critical, since no data exist for "
            "them although their priority is high: %(critical_named)s.",
            "critical",
        ),
        refs="critical",
    ),
    Rule(
        code="S-47",
        topic="needs",
        slot="severe",
        when=every(some("critical"), is_true("critical_no_data")),
        because=_(
            "There are critical gaps; of some it is not known whether data exist."
        ),
        says=ngettext_lazy(
            "One gap is critical, since no data are known to exist for it although its "
            "priority is high: %(critical_named)s.",
            "The gaps include %(critical_word)s that are critical, since no data are known "
            "to exist for them although their priority is high: %(critical_named)s.",
            "critical",
        ),
        refs="critical",
    ),
    Rule(
        code="S-34",
        topic="needs",
        slot="severe",
        when=some("critical"),
        because=_("There are critical gaps."),
        says=ngettext_lazy(
            "One gap is critical: %(critical_named)s.",
            "The gaps include %(critical_word)s that are critical: %(critical_named)s.",
            "critical",
        ),
        refs="critical",
    ),
    Rule(
        code="S-35",
        topic="needs",
        slot="severe",
        when=some("major"),
        because=_("There are major gaps, but no critical ones."),
        says=ngettext_lazy(
            "None of the gaps is critical, and one is major: %(major_named)s.",
            "None of the gaps is critical; %(major_word)s are major: %(major_named)s.",
            "major",
        ),
        refs="major",
    ),
    Rule(
        code="S-36",
        topic="needs",
        slot="severe",
        when=some("gaps"),
        because=_("There are neither critical nor major gaps."),
        says=ngettext_lazy(
            "This gap is neither critical nor major.",
            "None of the gaps is critical or major.",
            "gaps",
        ),
    ),
    Rule(
        code="S-37",
        topic="needs",
        slot="themes",
        when=every(some("gaps"), at_least("theme_spread", 10)),
        because=_("The data gaps of the themes differ by 10 points or more."),
        says=_(
            "Among the policy questions the data gap is widest for %(themes_most)s "
            "(%(theme_most_gap)s of 100) and narrowest for %(themes_least)s "
            "(%(theme_least_gap)s)."
        ),
        refs="policy",
    ),
    Rule(
        code="S-38",
        topic="needs",
        slot="themes",
        when=every(some("gaps"), some("policy_gap"), at_least("themes_compared", 2)),
        because=_(
            "The policy questions have a data gap, and no rule before this one applies."
        ),
        says=_(
            "Over all policy questions the data gap is %(policy_gap)s of 100, and it is of "
            "similar size in every theme."
        ),
        refs="policy",
    ),
    Rule(
        code="S-48",
        topic="needs",
        slot="themes",
        when=every(some("gaps"), some("policy_gap")),
        because=_("Only one theme of the policy questions has a stated need."),
        says=_("Over all policy questions the data gap is %(policy_gap)s of 100."),
        refs="policy",
    ),
    Rule(
        code="S-49",
        topic="needs",
        slot="sdg",
        when=every(some("assessed"), none("sdg_published"), some("sdg_unknown")),
        because=_(
            "No SDG indicator is said to be published by migratory status; of some it is "
            "not known."
        ),
        says=_("No SDG indicator is known to be published by migratory status."),
        refs="sdg",
    ),
    Rule(
        code="S-39",
        topic="needs",
        slot="sdg",
        when=every(some("assessed"), none("sdg_published")),
        because=_("No SDG indicator is published by migratory status."),
        says=_("No SDG indicator is published by migratory status yet."),
        refs="sdg",
    ),
    Rule(
        code="S-43",
        topic="needs",
        slot="sdg",
        when=every(some("sdg_published"), none("sdg_unpublished")),
        because=_("Every SDG indicator is published by migratory status."),
        says=_(
            "All %(sdg_all)d SDG indicators examined are published by migratory status."
        ),
        refs="sdg",
    ),
    Rule(
        code="S-77",
        topic="needs",
        slot="sdg",
        when=every(some("sdg_published"), some("sdg_unknown")),
        because=_(
            "Some SDG indicators are published by migratory status; of others it is not "
            "known."
        ),
        says=ngettext_lazy(
            "Of the %(sdg_all)d SDG indicators examined, one is known to be published by "
            "migratory status.",
            "Of the %(sdg_all)d SDG indicators examined, %(sdg_published_digits)s are "
            "known to be published by migratory status.",
            "sdg_published",
        ),
        refs="sdg",
    ),
    Rule(
        code="S-40",
        topic="needs",
        slot="sdg",
        when=some("sdg_published"),
        because=_("Some SDG indicators are published by migratory status."),
        says=ngettext_lazy(
            "Of the %(sdg_all)d SDG indicators examined, one is published by migratory "
            "status.",
            "Of the %(sdg_all)d SDG indicators examined, %(sdg_published_digits)s are "
            "published by migratory status.",
            "sdg_published",
        ),
        refs="sdg",
    ),
    Rule(
        code="S-41",
        topic="needs",
        slot="unassessed",
        when=every({"any": [some("assessed"), some("no_need")]}, some("not_assessed")),
        because=_("Some needs have no stated priority."),
        says=ngettext_lazy(
            "The priority of one more need is not known.",
            "The priority of %(not_assessed_word)s more needs is not known.",
            "not_assessed",
        ),
        refs="not_assessed",
    ),
)

NEXT = (
    Rule(
        code="S-70",
        topic="next",
        slot="actions",
        when=none("actions"),
        because=_("No action is triggered."),
        says=_("The answers call for none of the actions of the catalogue."),
    ),
    Rule(
        code="S-71",
        topic="next",
        slot="actions",
        when=negated(is_true("published")),
        because=_(
            "Actions are triggered, but too little is answered to choose among them."
        ),
        says=_(
            "It is too early to choose among the recommended actions: what is not "
            "answered counts as not known to exist, so that the list may change with "
            "every answer."
        ),
    ),
    Rule(
        code="S-75",
        topic="next",
        slot="actions",
        when=every(at_least("high", 2), none("not_high")),
        because=_("Every action that is triggered has high priority."),
        says=_(
            "The answers call for %(actions)d actions, all of them with high priority; the "
            "first wave begins with %(first_actions)s."
        ),
        refs="actions",
    ),
    Rule(
        code="S-72",
        topic="next",
        slot="actions",
        when=some("high"),
        because=_("Actions of high priority are triggered."),
        says=ngettext_lazy(
            "One action is recommended, with high priority: %(first_actions)s.",
            "The answers call for %(actions)d actions, %(high_digits)s of them with high "
            "priority; the first wave begins with %(first_actions)s.",
            "actions",
        ),
        refs="actions",
    ),
    Rule(
        code="S-73",
        topic="next",
        slot="actions",
        when=ALWAYS,
        because=_("Actions are triggered, none of high priority."),
        says=ngettext_lazy(
            "One action is recommended, without high priority: %(first_actions)s.",
            "The answers call for %(actions)d actions, none of them with high priority; "
            "the first wave begins with %(first_actions)s.",
            "actions",
        ),
        refs="actions",
    ),
    Rule(
        code="S-78",
        topic="next",
        slot="checks",
        when=some("errors"),
        because=_("Answers exclude each other."),
        says=ngettext_lazy(
            "Annex C lists one set of answers that contradict each other and should be "
            "corrected first.",
            "Annex C lists %(contradictions_word)s sets of answers that contradict each "
            "other or seldom go together, and should be corrected or checked first.",
            "contradictions",
        ),
        refs="contradictions",
    ),
    Rule(
        code="S-74",
        topic="next",
        slot="checks",
        when=some("contradictions"),
        because=_("Answers seldom go together."),
        says=ngettext_lazy(
            "Annex C lists one set of answers that seldom go together and should be "
            "checked first.",
            "Annex C lists %(contradictions_word)s sets of answers that seldom go together "
            "and should be checked first.",
            "contradictions",
        ),
        refs="contradictions",
    ),
)
