"""The same numbers in every form: page, PDF, Word, workbook, CSV, JSON, command line.

Each form is read as its reader would read it, and compared with the figures that the
analysis is known to give (tests/data/golden_figures.yaml), for all six countries. The
HTML stands for the PDF that is made of it; test_pdf.py reads the figures back from one.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from io import StringIO

import docx
import openpyxl
import pytest
from django.core.management import call_command
from docx.oxml.ns import qn

from reports.pdf import render_html
from reports.queries import report_source
from tests.factories import MemberFactory
from tests.instruments import COUNTRIES, nmdc, read_data

GOLDEN = read_data("golden_figures.yaml")["countries"]
CLASSES = {c.code: c.label for c in nmdc().gap_rules.classes}
LEVELS = {level.level: level.name for level in nmdc().maturity_levels}
SECTIONS = {s.code: s.title for s in nmdc().sections if s.is_scored}
DIMENSIONS = {d.code: d.title for d in nmdc().dimensions}
TITLES = {r.code: r.title for r in nmdc().recommendations}
VOID = {"img", "br", "col", "meta", "link", "input", "hr"}


@dataclass
class Figures:
    """What a form says, as text with one decimal. Scores by the title of their group."""

    overall: str = ""
    level: str = ""
    complete: str = ""
    scores: dict[str, str] = field(default_factory=dict)
    gaps: dict[str, tuple[str, str]] = field(default_factory=dict)
    wave: list[tuple[str, str]] = field(default_factory=list)  # rank and title


def shown(value):
    """Return a figure as people read it."""
    if value is None:
        return "–"
    return str(Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP))


def expected(iso3):
    golden = GOLDEN[iso3]
    finals, complete = golden["scores_final"], golden["completeness"]
    is_printed = {code: complete[code] >= 60 for code in SECTIONS}
    ranks = {a["code"]: str(i) for i, a in enumerate(golden["actions"], start=1)}
    return Figures(
        overall=shown(finals["OVERALL"]),
        level=LEVELS[golden["level_reported"]],
        complete=shown(complete["overall"]),
        scores={
            title: shown(finals[code])
            for code, title in (SECTIONS | DIMENSIONS).items()
            if is_printed.get(code, True)
        },
        gaps={
            name(code): (CLASSES[gap["class"]], shown(gap["severity"]))
            for code, gap in golden["gaps"].items()
        },
        wave=sorted((ranks[code], TITLES[code]) for code in golden["first_wave"]),
    )


def name(code):
    """Return a policy question or an indicator as it is named in a list."""
    return code.removeprefix("POL-").removeprefix("SDG-")


# Tables: of the PDF as it is set, and of the Word document


class Tables(HTMLParser):
    """The rows of all tables as texts, the headings, and the text of each class."""

    def __init__(self, html):
        super().__init__()
        self.rows, self.headings, self.by_class = [], [], {}
        self._open = []
        self._pieces = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        if tag not in VOID:
            self._open.append((tag, dict(attrs).get("class") or "", len(self._pieces)))

    def handle_data(self, data):
        self._pieces.append(data)

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        while self._open:
            found, classes, at = self._open.pop()
            text = " ".join("".join(self._pieces[at:]).split())
            if found in ("td", "th") and self.rows:
                self.rows[-1].append(text)
            if found in ("h3", "h4"):
                self.headings.append(text)
            for one in classes.split():
                self.by_class.setdefault(one, []).append(text)
            if found == tag:
                return


GAP = re.compile(rf"\S ({'|'.join(map(re.escape, CLASSES.values()))}) (\S+)")


def of_rows(rows, headings):
    found = Figures()
    titles = {*SECTIONS.values(), *DIMENSIONS.values()}
    signs = {name(code) for golden in GOLDEN.values() for code in golden["gaps"]}
    for row in rows:
        if len(row) == 5 and row[0] in titles and row[2] != "insufficient information":
            found.scores[row[0]] = row[2]
        elif len(row) == 3 and row[0].endswith("of 100"):
            found.overall = row[0].removesuffix("of 100").strip()
            found.level = re.search(r"level \d of 5, (\w+)", row[1])[1]
            found.complete = re.search(r"([\d.]+)% Required", row[2])[1]
        elif len(row) == 7 and row[0] in signs:
            (gap,) = filter(None, (GAP.fullmatch(text) for text in row))
            found.gaps[row[0]] = gap.groups()
    found.wave = wave_of(headings)
    return found


def wave_of(headings):
    ranked = (re.fullmatch(r"(\d+)\. (.*)", heading) for heading in headings)
    return sorted(match.groups() for match in ranked if match)


def of_pdf(html):
    tables = Tables(html)
    found, texts = of_rows(tables.rows, tables.headings), tables.by_class
    found.overall = texts["overall__figure"][0]
    found.level = re.search(r"level \d of 5, (\w+)", texts["overall__headline"][0])[1]
    found.complete = texts["fact__value"][0].removesuffix("%")
    return found


def of_docx(content):
    body = docx.Document(io.BytesIO(content)).element.body
    rows = [
        [plain(cell) for cell in row.iterchildren(qn("w:tc"))]
        for row in body.iter(qn("w:tr"))
    ]
    headings = [
        plain(p)
        for p in body.iterchildren(qn("w:p"))
        if (style := p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")) is not None
        and style.get(qn("w:val")) == "Heading3"
    ]
    return of_rows(rows, headings)


def plain(element):
    """Return the text of a cell or a paragraph, with a space between paragraphs."""
    own = [element] if element.tag == qn("w:p") else element.iter(qn("w:p"))
    texts = ("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in own)
    return " ".join(" ".join(texts).split())


def of_page(html):
    tables = Tables(html)
    texts = tables.by_class
    signs, severities = texts["gap__sign"], texts["gap__severity"]
    classes = [text.split(" ", 2)[1:] for text in texts["gap__class"]]
    labels = [" ".join(words).split(" severity")[0] for words in classes]
    return Figures(
        overall=texts["overall__figure"][0],
        level=re.search(r", (\w+)$", texts["overall__headline"][0])[1],
        complete=texts["fact__value"][0].removesuffix("%"),
        scores=scores_of_page(html),
        gaps={
            sign: (label, severity.removeprefix("severity "))
            for sign, label, severity in zip(signs, labels, severities, strict=True)
        },
        wave=wave_of(tables.headings),
    )


def scores_of_page(html):
    line = (
        r'class="profile__name">([^<]+)</span>.*?class="profile__(score|none)">([^<]+)<'
    )
    found = re.findall(line, html, re.DOTALL)
    return {title: text for title, kind, text in found if kind == "score"}


# Data


def of_xlsx(content):
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    scores = list(book["Scores"].iter_rows(min_row=2, values_only=True))
    gaps = book["Gaps"].iter_rows(min_row=2, values_only=True)
    actions = book["Recommendations"].iter_rows(min_row=2, values_only=True)
    overall = scores[0]
    return Figures(
        overall=shown(round(overall[3], 9)),
        level=overall[8],
        complete=shown(round(overall[9], 9)),
        scores={
            row[2]: shown(round(row[3], 9)) for row in scores[1:] if row[6] == "yes"
        },
        gaps={
            name(row[1]): (
                row[8],
                shown(row[9] if row[9] is None else round(row[9], 9)),
            )
            for row in gaps
        },
        wave=sorted((str(row[0]), row[2]) for row in actions if row[8] == "yes"),
    )


def of_csv(content):
    lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    found: dict[tuple[str, str], dict[str, str]] = {}
    for line in lines:
        one = found.setdefault((line["kind"], line["code"]), {"title": line["title"]})
        one[line["figure"]] = line["value"] or line["category"]
    overall = found["overall", "OVERALL"]
    groups = [v for (kind, _c), v in found.items() if kind in ("section", "dimension")]
    actions = [v for (kind, _c), v in found.items() if kind == "action"]
    return Figures(
        overall=shown(float(overall["score_final"])),
        level=LEVELS[int(overall["level"])],
        complete=shown(float(overall["completeness"])),
        scores={
            v["title"]: shown(float(v["score_final"]))
            for v in groups
            if v["is_published"] == "1"
        },
        gaps={
            name(code): (
                CLASSES[v["class"]],
                shown(float(v["severity"]) if v["severity"] else None),
            )
            for (kind, code), v in found.items()
            if kind == "gap"
        },
        wave=sorted((v["rank"], v["title"]) for v in actions if v["first_wave"] == "1"),
    )


def of_command(text, iso3):
    """Read the table of `manage.py analyse`, in which sections are never left out."""
    lines = text.splitlines()
    titles = SECTIONS | DIMENSIONS
    golden = GOLDEN[iso3]["completeness"]
    words = {line.split()[0]: line.split() for line in lines[1:]}
    gaps_at = lines.index("Gaps, the most severe first:")
    wave_at = lines.index("First wave of actions:")
    gap_lines = [line.split() for line in lines[gaps_at + 1 : wave_at]]
    wave = [line.split(maxsplit=2) for line in lines[wave_at + 1 :]]
    return Figures(
        overall=words["ALL"][1],
        level=words["ALL"][4],
        complete=words["Complete"][1],
        scores={
            title: words[code][1]
            for code, title in titles.items()
            if golden.get(code, 100) >= 60
        },
        gaps={name(line[0]): (CLASSES[line[1]], line[2]) for line in gap_lines},
        wave=sorted((code, title) for code, _value, title in wave),
    )


@pytest.mark.parametrize("iso3", COUNTRIES)
def test_every_form_says_the_same(iso3, response_of, signed_in):
    response = response_of(iso3)
    client = signed_in(MemberFactory(country=response.country, role="coordinator"))
    base = f"/responses/{iso3}/2025/report"
    known = expected(iso3)

    figures = client.get(f"{base}.json").json()
    assert {key: figures[key] for key in GOLDEN[iso3]} == GOLDEN[iso3]

    assert of_page(client.get(f"{base}/").content.decode()) == known
    assert of_pdf(render_html(report_source(iso3, "2025"))) == known
    assert of_docx(client.get(f"{base}.docx").content) == known
    assert of_xlsx(client.get(f"{base}.xlsx").content) == known
    assert of_csv(client.get(f"{base}.csv").content) == known

    out = StringIO()
    call_command("analyse", iso3, "2025", "--format", "json", stdout=out)
    assert json.loads(out.getvalue()) == figures
    out = StringIO()
    call_command("analyse", iso3, "2025", stdout=out)
    printed = of_command(out.getvalue(), iso3)
    known.wave = sorted((code, TITLES[code]) for code in GOLDEN[iso3]["first_wave"])
    known.gaps = {
        name(code): known.gaps[name(code)] for code in GOLDEN[iso3]["gap_order"]
    }
    assert printed == known
