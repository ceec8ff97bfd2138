import pytest
from django.http import QueryDict

from assessment.comparison import Change
from questionnaire.addresses import Address
from questionnaire.states import CellState
from reports.review import ReviewFilters
from reports.review.filters import Flag
from tests.instruments import cells, demo_answers, nmdc
from tests.reviewing import note, review, thread, with_changes

PERU = demo_answers("PER")
CENSUS = "SRC-INV[SRC-CEN]"


def item(page, code):
    return next(
        q for s in page.sections for q in s.questions if q.question.code == code
    )


def cell(page, name):
    """Return a cell of a matrix as the page shows it."""
    table = item(page, name.partition("[")[0]).table
    return next(
        c for g in table.groups for r in g.rows for c in r.cells if c.name == name
    )


def flagged(page, flag):
    return [code for code, flags in page.flags.items() if flag in flags]


def asked(query):
    return ReviewFilters.parse(QueryDict(query), nmdc())


# Everything is there


def test_page_shows_every_question_of_every_section():
    page = review(PERU)

    shown = [q.question.code for s in page.sections for q in s.questions]

    assert shown == [q.code for q in nmdc().questions]
    assert (page.shown, page.total) == (141, 141)


def test_plain_answer_is_in_words():
    page = review(cells({"GEN-04": "nso"}))

    answer = item(page, "GEN-04").answer

    assert answer.state is CellState.ANSWERED
    assert answer.words == nmdc().question_by_code["GEN-04"].choices[0].label


@pytest.mark.parametrize(
    ("answers", "code", "state", "words"),
    [
        ({}, "POL-01", CellState.BLANK, "Not answered"),
        ({"POL-01": "dk"}, "POL-01", CellState.DONT_KNOW, "Do not know"),
        ({}, "GEN-11", CellState.HIDDEN, "Not asked (depends on GEN-10)"),
        (
            {"GEN-11": "https://example.org/"},
            "GEN-11",
            CellState.HIDDEN,
            "Not asked (depends on GEN-10) – stored without effect: https://example.org/",
        ),
    ],
)
def test_silences_of_questions_are_told_apart(answers, code, state, words):
    answer = item(review(cells(answers)), code).answer

    assert (answer.state, answer.words) == (state, words)


@pytest.mark.parametrize(
    ("answers", "name", "state", "words", "kept"),
    [
        ({}, "exists", CellState.BLANK, "Not answered", ""),
        ({"exists": "dk"}, "exists", CellState.DONT_KNOW, "Do not know", ""),
        ({"exists": "no"}, "holder", CellState.CLOSED, "Not asked", ""),
        ({"exists": "no", "holder": "X"}, "holder", CellState.CLOSED, "Not asked", "X"),
        ({"exists": "yes", "holder": "X"}, "holder", CellState.ANSWERED, "X", ""),
    ],
)
def test_silences_of_cells_are_told_apart(answers, name, state, words, kept):
    page = review(cells({f"{CENSUS}.{code}": v for code, v in answers.items()}))

    found = cell(page, f"{CENSUS}.{name}")

    assert (found.state, found.words, found.kept) == (state, words, kept)


def test_note_and_documents_stand_with_the_answer():
    link = [{"title": "Law", "url": "https://example.org/"}]
    page = review(cells({"GEN-04.@note": "See the law", "GEN-04.@evidence": link}))

    extras = item(page, "GEN-04").extras

    assert extras.note.words == "See the law"
    assert [(e.title, e.url) for e in extras.evidence] == [
        ("Law", "https://example.org/")
    ]


# What changed


def test_marks_tell_what_changed_since_the_submission_before():
    before = cells({"GEN-03": "A", "GEN-04": "nso", "BAS-13": 12})
    after = with_changes(before, {"GEN-03": "B", "GEN-04": None, "BAS-14": "internal"})
    page = review(after, before, revisions={"BAS-13": 3})

    marks = {
        code: item(page, code).answer.mark
        for code in ("GEN-03", "GEN-04", "BAS-13", "BAS-14", "GEN-01")
    }

    assert {c: m and (m.change, m.before) for c, m in marks.items()} == {
        "GEN-03": (Change.CHANGED, "A"),
        "GEN-04": (
            Change.REMOVED,
            nmdc().question_by_code["GEN-04"].choices[0].label,
        ),
        "BAS-13": (Change.CONFIRMED, ""),
        "BAS-14": (Change.ADDED, ""),
        "GEN-01": None,
    }
    assert flagged(page, Flag.CHANGED) == ["GEN-03", "GEN-04", "BAS-14"]
    assert page.summary.changed == 3


def test_first_submission_has_no_marks():
    page = review(PERU)

    assert flagged(page, Flag.CHANGED) == []
    assert item(page, "GEN-01").answer.mark is None


def test_change_in_a_matrix_is_marked_in_its_cell_and_counted_in_the_head():
    before = cells({f"{CENSUS}.exists": "yes", f"{CENSUS}.latest_year": 2010})
    after = with_changes(
        before, {f"{CENSUS}.latest_year": 2020, f"{CENSUS}.holder": "INEI"}
    )
    page = review(after, before)

    mark = cell(page, f"{CENSUS}.latest_year").mark
    tags = [(t.label, t.place) for t in item(page, "SRC-INV").tags][:2]

    assert (mark.change, mark.before) == (Change.CHANGED, "2010")
    assert tags == [
        ("Added", "#c-SRC-INV%5BSRC-CEN%5D.holder"),
        ("Changed", "#c-SRC-INV%5BSRC-CEN%5D.latest_year"),
    ]


def test_changed_note_and_documents_are_marked():
    link = [{"title": "Law", "url": "https://example.org/"}]
    page = review(
        cells({"GEN-04.@note": "New", "GEN-04": "nso"}),
        cells({"GEN-04.@note": "Old", "GEN-04.@evidence": link, "GEN-04": "nso"}),
    )

    extras = item(page, "GEN-04").extras

    assert (extras.note.mark.change, extras.note.mark.before) == (Change.CHANGED, "Old")
    assert extras.evidence_mark.change is Change.REMOVED
    assert extras.evidence_mark.before == "Law – https://example.org/"
    assert flagged(page, Flag.CHANGED) == ["GEN-04"]


def test_removed_entry_of_a_group_is_told_in_words():
    before = cells({"GEN-05[i1].name": "Ana", "GEN-05[i2].name": "Luis"})
    after = cells({"GEN-05[i1].name": "Ana"})

    found = item(review(after, before), "GEN-05")

    assert [[c.words for c in row.cells] for row in found.entries] == [["Ana"]]
    assert found.removed == ("Luis",)


# The last round


def test_answer_of_the_last_round_stands_beside():
    page = review(
        cells({"GEN-03": "B", "GEN-04": "nso"}),
        earlier=cells({"GEN-03": "A", "GEN-04": "nso"}),
    )

    found = {c: item(page, c) for c in ("GEN-03", "GEN-04", "POL-01")}

    assert {c: (i.earlier, i.is_as_earlier) for c, i in found.items()} == {
        "GEN-03": ("A", False),
        "GEN-04": (found["GEN-04"].answer.words, True),
        "POL-01": ("Not answered", True),
    }
    assert page.earlier_year == 2021


def test_cell_shows_the_last_round_where_it_was_another_answer():
    now = {"exists": "yes", "holder": "INEI", "latest_year": 2020}
    was = {"exists": "yes", "holder": "INEI", "latest_year": 2010, "format": "paper"}
    page = review(
        cells({f"{CENSUS}.{c}": v for c, v in now.items()}),
        earlier=cells({f"{CENSUS}.{c}": v for c, v in was.items()}),
    )

    earlier = {
        name: cell(page, f"{CENSUS}.{name}").earlier
        for name in ("exists", "holder", "latest_year", "coverage")
    }

    assert earlier == {
        "exists": "",
        "holder": "",
        "latest_year": "2010",
        "coverage": "",
    }


def test_without_an_accepted_round_before_nothing_stands_beside():
    page = review(PERU)

    assert page.earlier_year is None
    assert {q.earlier for s in page.sections for q in s.questions} == {""}


# Scores, gaps, contradictions


def test_scores_stand_in_the_margin_and_low_ones_are_flagged():
    page = review(PERU)
    scores = page.analysis.questions

    low = {
        code
        for code, score in scores.items()
        if score.is_shown and score.score.final is not None and score.score.final < 0.5
    }
    one = next(iter(low))

    assert item(page, "GEN-01").score is None
    assert item(page, one).score.is_low
    assert low <= set(flagged(page, Flag.LOW))
    assert set(flagged(page, Flag.LOW)) - low <= {"POL-NEEDS", "POL-SDG"}


def test_need_rows_show_their_gap_and_severity():
    page = review(PERU)
    gap = page.analysis.gaps["POL-A"]

    row = item(page, "POL-NEEDS").table.groups[0].rows[0]

    assert item(page, "POL-NEEDS").table.last == "Gap"
    assert row.gap.mark.label == (nmdc().gap_rules.class_by_code[gap.gap_class].label)
    assert row.gap.severity == f"{gap.severity:.0f}"


def test_hidden_question_is_never_flagged_as_low():
    page = review(cells({"STR-01": "none"}))

    assert page.analysis.questions["STR-04"].score.final == 0
    assert "STR-04" not in flagged(page, Flag.LOW)


def test_contradiction_stands_at_its_first_cell_with_the_explanation():
    page = review(PERU)
    found = page.reader.contradictions[0]
    code = found.first.question

    without = item(page, code).contradictions
    remark = with_changes(PERU, {f"{code}.@note": "It stopped in 2020."})
    explained = item(review(remark), code).contradictions

    assert (without[0].code, without[0].remark) == (found.rule.code, "")
    assert explained[0].remark == "It stopped in 2020."
    assert flagged(page, Flag.CONTRADICTORY) == list(
        dict.fromkeys(
            q.code
            for q in nmdc().questions
            if q.code in {c.first.question for c in page.reader.contradictions}
        )
    )


def test_links_between_answers_leave_the_filters_that_would_hide_them():
    code = review(PERU).reader.contradictions[0].first.question
    whole = item(review(PERU), code).contradictions[0].cells[0].url
    filtered = item(review(PERU, filters=asked("show=contradictory")), code)

    assert whole.startswith("#")
    assert filtered.contradictions[0].cells[0].url == (
        f"/responses/PER/2025/review/{whole}"
    )


# Comments


def test_comments_are_with_their_question_and_section():
    page = review(
        PERU,
        threads=[
            thread("GEN-03"),
            thread("BAS-13", is_resolved=True),
            thread("", section="SRC"),
        ],
        notes=[note("EXC-10")],
    )

    sections = {s.section.code: len(s.comments.threads) for s in page.sections}

    assert flagged(page, Flag.OPEN) == ["GEN-03"]
    assert flagged(page, Flag.COMMENTED) == ["GEN-03", "BAS-13", "EXC-10"]
    assert len(item(page, "GEN-03").comments.threads) == 1
    assert (sections["SRC"], sections["GEN"]) == (1, 0)
    assert page.summary.open_points == 2


# Filters


def test_filters_combine():
    before = with_changes(PERU, {"GEN-03": "A", "BAS-13": 1, "EXC-10": "x"})
    threads = [thread("GEN-03"), thread("GEN-04"), thread("EXC-10")]

    def shown(query):
        page = review(PERU, before, asked(query), threads=threads)
        return [q.question.code for s in page.sections for q in s.questions]

    assert shown("show=changed") == ["GEN-03", "BAS-13", "EXC-10"]
    assert shown("show=changed&show=open") == ["GEN-03", "EXC-10"]
    assert shown("show=changed&show=open&section=GEN") == ["GEN-03"]
    assert shown("show=changed&show=open&match=any") == [
        "GEN-03", "GEN-04", "BAS-13", "EXC-10",
    ]  # fmt: skip
    assert shown("section=exc") == [
        q.code for q in nmdc().section_by_code["EXC"].questions
    ]


def test_counts_stand_beside_the_filters():
    before = with_changes(PERU, {"GEN-03": "A", "BAS-13": 1})
    page = review(PERU, before, asked("show=changed&section=GEN"))

    counts = {one.flag: one.count for one in page.flag_counts}
    links = {link.code: (link.shown, link.total) for link in page.section_links}

    assert counts[Flag.CHANGED] == 1
    assert [one.flag for one in page.flag_counts if one.is_on] == [Flag.CHANGED]
    assert (links["GEN"], links["BAS"], links["SRC"]) == ((1, 12), (1, 18), (0, 23))


def test_unknown_filters_filter_nothing():
    assert asked("show=nothing&section=XXX&match=all") == ReviewFilters()


def test_filters_write_their_own_address():
    filters = asked("section=GEN&show=dk&show=changed&match=any")

    assert filters.query == "?show=changed&show=dk&match=any&section=GEN"
    assert filters.within("").query == "?show=changed&show=dk&match=any"
    assert ReviewFilters().query == ""


def test_unanswered_are_the_required_questions_not_wholly_filled():
    answers = with_changes(PERU, {"BAS-13": None, f"{CENSUS}.coverage": None})
    page = review(answers)
    missing = [one.question.code for one in page.state.missing()]

    assert flagged(page, Flag.UNANSWERED) == missing
    assert {"BAS-13", "SRC-INV"} <= set(missing)


def test_dont_know_counts_cells_of_a_matrix():
    answers = with_changes(
        PERU, {f"{CENSUS}.coverage": "dk", f"{CENSUS}.quality": "dk", "BAS-13": "dk"}
    )
    page = review(answers)

    unknown = [str(cell) for cell in page.unknown["SRC-INV"]]

    assert {f"{CENSUS}.coverage", f"{CENSUS}.quality"} <= set(unknown)
    assert page.unknown["BAS-13"] == [Address("BAS-13")]
    assert {"SRC-INV", "BAS-13"} <= set(flagged(page, Flag.DONT_KNOW))
