"""axe-core over a page; what looks the same is judged for its contrast once."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OPTIONS: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": list(RULES)},
    "resultTypes": ["violations"],
}
IS_LOADED = "() => window.axe !== undefined"

# Contrast takes axe longer than all other rules together, on a report of 17,000 elements
# three times as long; of those, whether links stand out from their text takes longest.
# Elements are alike whose ancestors are alike and whose own tag, classes, colours, letters
# and state are the same; of those the first that is shown is judged.
JUDGE = """
async (options) => {
    const kinds = new Map();
    const keys = new Map();
    const kindOf = (element) => {
        const style = getComputedStyle(element);
        const own = [
            keys.get(element.parentElement), element.localName,
            element.getAttribute("class"), style.color, style.backgroundColor,
            style.backgroundImage, style.opacity, style.fontSize, style.fontWeight,
            style.visibility, element.matches(":disabled, [aria-disabled=true]"),
        ].join("|");
        if (!kinds.has(own)) { kinds.set(own, kinds.size); }
        return kinds.get(own);
    };
    const judged = new Set();
    for (const element of document.querySelectorAll("*")) {
        const kind = kindOf(element);
        keys.set(element, kind);
        if (!judged.has(kind) && element.checkVisibility({ visibilityProperty: true })) {
            judged.add(kind);
            element.setAttribute("data-judged", "");
        }
    }
    const selector = "[data-judged]";
    axe.configure({ rules: [
        { id: "color-contrast", selector },
        { id: "link-in-text-block", selector: `a[href]${selector}` },
    ] });
    const results = await axe.run(options);
    for (const element of document.querySelectorAll(selector)) {
        element.removeAttribute("data-judged");
    }
    return results.violations;
}
"""


def violations(page: Page, *, with_contrast: bool = True) -> list[str]:
    rules = {} if with_contrast else {"rules": {"color-contrast": {"enabled": False}}}
    if not page.evaluate(IS_LOADED):
        page.evaluate(Axe().axe_script)
    found: list[dict[str, Any]] = page.evaluate(JUDGE, OPTIONS | rules)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"][:3]
    ]
