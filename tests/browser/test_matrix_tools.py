"""A matrix for people who come from a spreadsheet: paste, fill down, undo, keyboard."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.pages import cell, expect_saved, field, section

INVENTORY = "SRC-INV"
PASTE = """
(element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    return element.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}
"""
# text, rows
BLOCKS = [
    ("a\tb\nc\td", [["a", "b"], ["c", "d"]]),
    ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),
    ('"two\nlines"\t"a ""quoted"" word"', [["two\nlines", 'a "quoted" word']]),
    (" a \t\t", [["a", "", ""]]),
    ("إحصاء\t٢٠٢٠", [["إحصاء", "٢٠٢٠"]]),
    ("", [[""]]),
]
CHOICES = [["yes", "Yes, always"], ["no", "No"], ["dk", "Do not know"]]
# text, kind, what it means
MEANINGS = [
    ("yes, ALWAYS ", "single_choice", {"value": "yes"}),
    ("no", "yes_no", {"value": "no"}),
    ("perhaps", "single_choice", {"problem": "notOffered"}),
    ("No; yes", "multiple_choice", {"value": ["no", "yes"]}),
    ("Do not know", "multiple_choice", {"value": "dk"}),
    ("no; dk", "multiple_choice", {"problem": "standsAlone"}),
    ("no; other", "multiple_choice", {"problem": "notOffered"}),
    ("2020", "year", {"value": 2020}),
    ("٢٠٢٠", "year", {"value": 2020}),
    ("do not know", "integer", {"value": "dk"}),
    ("12.5", "decimal", {"value": 12.5}),
    ("about 12", "integer", {"problem": "notNumber"}),
    ("Statistical office", "text", {"value": "Statistical office"}),
]
PLACES = {
    "from the cell on": ("a\tb\nc\td", [[1, 1, "a"], [1, 2, "b"], [2, 1, "c"], [2, 2, "d"]], 0),
    "beyond the edge": ("a\tb\tc", [[1, 1, "a"], [1, 2, "b"]], 1),
    "blank leaves alone": ("a\t\nc", [[1, 1, "a"], [2, 1, "c"]], 0),
    "headings decide": ("\tTwo\tOne\nBeta\tx\ty", [[1, 1, "x"], [1, 0, "y"]], 0),
    "row headings alone": ("Gamma\tx\nAlpha\ty", [[2, 1, "x"], [0, 1, "y"]], 0),
}  # fmt: skip


def evaluated(page: Page, body: str, argument: object) -> object:
    source = (
        f'async (given) => {{ const m = await import("/static/js/paste.js"); {body} }}'
    )
    return page.evaluate(source, argument)


def test_block_of_the_clipboard_is_read(visit):
    page = visit("", "/")

    found = evaluated(
        page, "return given.map(m.parseBlock);", [text for text, _ in BLOCKS]
    )

    assert found == [rows for _, rows in BLOCKS]


def test_texts_are_understood_by_the_kind_of_the_cell(visit):
    page = visit("", "/")

    found = evaluated(
        page,
        "const c = m.choicesFrom(given.choices);"
        "return given.cases.map(([text, kind]) => m.interpret(text, kind, c));",
        {"choices": CHOICES, "cases": [case[:2] for case in MEANINGS]},
    )

    assert found == [meaning for _, _, meaning in MEANINGS]


def test_block_finds_its_place(visit):
    page = visit("", "/")

    found = evaluated(
        page,
        "return given.map((text) => {"
        ' const p = m.place(m.parseBlock(text), ["Alpha", "Beta", "Gamma"],'
        ' ["One", "Two", "Three"], { row: 1, column: 1 });'
        " return [p.found.map((f) => [f.row, f.column, f.text]), p.left]; });",
        [text for text, _, _ in PLACES.values()],
    )

    expected = {name: [places, left] for name, (_, places, left) in PLACES.items()}
    assert dict(zip(PLACES, found, strict=True)) == expected


def place(page: Page, row: str, column: str) -> Locator:
    return cell(page, f"{INVENTORY}[{row}].{column}")


def tool(page: Page, name: str) -> Locator:
    return page.locator(f'[data-matrix="{INVENTORY}"] [data-tool={name}]')


def test_pasted_block_is_previewed_taken_over_and_undone(visit, site):
    page = visit("coordinator.per", section("SRC"))
    before = (
        site.answer("SRC-INV[SRC-CEN].holder"),
        site.answer("SRC-INV[SRC-LFS].holder"),
    )
    holder = field(page, "SRC-INV[SRC-CEN].holder")
    holder.focus()

    assert holder.evaluate(PASTE, "Ministry A\t2019\nMinistry B\tsoon") is False

    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Answers that change: 3. Cannot be used: 1.")
    expect(dialog).to_contain_text("not a number")
    assert site.answer("SRC-INV[SRC-CEN].holder") == before[0]
    dialog.get_by_role("button", name="Take over 3 answers").click()
    expect_saved(page, "SRC-INV[SRC-CEN].holder", "SRC-INV[SRC-LFS].holder")
    assert site.answer("SRC-INV[SRC-CEN].holder") == "Ministry A"
    assert site.answer("SRC-INV[SRC-CEN].latest_year") == 2019
    assert site.answer("SRC-INV[SRC-LFS].holder") == "Ministry B"

    tool(page, "undo").click()

    expect(holder).to_have_value(before[0])
    expect_saved(page, "SRC-INV[SRC-CEN].holder", "SRC-INV[SRC-LFS].holder")
    assert site.answer("SRC-INV[SRC-CEN].holder") == before[0]
    assert site.answer("SRC-INV[SRC-LFS].holder") == before[1]
    expect(tool(page, "undo")).to_be_hidden()


def test_undo_leaves_alone_what_was_changed_since(visit, site):
    page = visit("coordinator.per", section("SRC"))
    first, second = (
        field(page, f"SRC-INV[{row}].holder") for row in ("SRC-CEN", "SRC-LFS")
    )
    old = second.input_value()
    first.focus()
    first.evaluate(PASTE, "One\t\nTwo\t")
    page.get_by_role("button", name="Take over 2 answers").click()
    first.fill("Edited since")

    tool(page, "undo").click()

    expect(first).to_have_value("Edited since")
    expect(second).to_have_value(old)


def test_cancelled_paste_changes_nothing(visit, site):
    page = visit("coordinator.per", section("SRC"))
    holder = field(page, "SRC-INV[SRC-CEN].holder")
    old = holder.input_value()
    holder.focus()
    tool(page, "paste").click()
    page.get_by_label("Copy the cells in your spreadsheet").fill("A\tB")
    expect(page.get_by_role("dialog")).to_contain_text("Answers that change: 1.")

    page.get_by_role("button", name="Cancel").click()

    expect(holder).to_have_value(old)
    assert site.answer("SRC-INV[SRC-CEN].holder") == old


def test_text_with_a_single_line_is_pasted_by_the_browser(visit):
    page = visit("coordinator.per", section("SRC"))
    holder = field(page, "SRC-INV[SRC-CEN].holder")
    holder.focus()

    assert holder.evaluate(PASTE, "Ministry of Interior") is True

    expect(page.get_by_role("dialog")).to_be_hidden()


def test_fill_down_fills_only_blank_cells_below(visit, site):
    page = visit("coordinator.per", section("SRC"))
    field(page, "SRC-INV[SRC-LFS].holder").fill("")
    expect_saved(page, "SRC-INV[SRC-LFS].holder")
    given = site.answer("SRC-INV[SRC-DHS].holder")
    field(page, "SRC-INV[SRC-CEN].holder").fill("Ministry A")

    page.keyboard.press("Control+d")

    expect(field(page, "SRC-INV[SRC-LFS].holder")).to_have_value("Ministry A")
    expect_saved(page, "SRC-INV[SRC-CEN].holder", "SRC-INV[SRC-LFS].holder")
    assert site.answer("SRC-INV[SRC-LFS].holder") == "Ministry A"
    assert given
    assert site.answer("SRC-INV[SRC-DHS].holder") == given


def test_row_is_not_applicable_in_one_click(visit, site):
    page = visit("coordinator.per", section("SRC"))
    place(page, "SRC-POP", "exists").locator("select").focus()

    tool(page, "na").click()

    expect_saved(page, "SRC-INV[SRC-POP].exists")
    assert site.answer("SRC-INV[SRC-POP].exists") == "na"
    expect(field(page, "SRC-INV[SRC-POP].holder")).to_be_hidden()
    tool(page, "undo").click()
    expect(field(page, "SRC-INV[SRC-POP].holder")).to_be_visible()
    expect_saved(page, "SRC-INV[SRC-POP].exists")
    assert site.answer("SRC-INV[SRC-POP].exists") == "yes"


def focused(page: Page) -> str:
    return page.evaluate(
        "document.activeElement.closest('[data-cell]')?.dataset.cell ?? ''"
    )


def test_keys_move_between_cells(visit):
    page = visit("coordinator.per", section("SRC"))

    for start, key, end in (
        ("SRC-INV[SRC-CEN].holder", "Enter", "SRC-INV[SRC-LFS].holder"),
        ("SRC-INV[SRC-LFS].holder", "Shift+Enter", "SRC-INV[SRC-CEN].holder"),
        ("SRC-INV[SRC-CEN].exists", "Control+ArrowDown", "SRC-INV[SRC-LFS].exists"),
        ("SRC-INV[SRC-CEN].exists", "Control+ArrowRight", "SRC-INV[SRC-CEN].holder"),
        (
            "SRC-INV[SRC-CEN].periodicity",
            "Control+ArrowLeft",
            "SRC-INV[SRC-CEN].latest_year",
        ),
        ("SRC-INV[SRC-CEN].exists", "Control+ArrowUp", "SRC-INV[SRC-CEN].exists"),
    ):
        control = cell(page, start).locator("select, input").first
        control.focus()
        held = control.input_value()

        page.keyboard.press(key)

        assert focused(page) == end, key
        expect(control).to_have_value(held)


def test_focus_moves_nothing_and_arrows_stay_in_a_text_not_selected_whole(visit):
    """Were a cell to move as the button of the mouse goes down, the click would miss it."""
    page = visit("coordinator.per", section("SRC"))
    holder = field(page, "SRC-INV[SRC-CEN].holder")
    height = "(box) => box.getBoundingClientRect().top + window.scrollY"
    before = holder.evaluate(height)

    holder.focus()
    holder.evaluate("(box) => box.setSelectionRange(2, 2)")
    page.keyboard.press("Control+ArrowRight")

    here = page.locator("[data-matrix=SRC-INV] [data-here]")
    here.evaluate("(words) => { words.textContent = 'A long row · '.repeat(30); }")
    assert holder.evaluate(height) == before
    assert focused(page) == "SRC-INV[SRC-CEN].holder"


def test_tools_and_cards_fit_a_phone(visit):
    page = visit(
        "coordinator.per", section("SRC"), viewport={"width": 360, "height": 800}
    )
    field(page, "SRC-INV[SRC-CEN].holder").focus()
    tool(page, "paste").click()
    page.get_by_label("Copy the cells in your spreadsheet").fill("A long name\t2019")
    expect(page.get_by_role("dialog")).to_contain_text("Answers that change: 2.")
    box = page.get_by_role("dialog").bounding_box()

    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") == 360
