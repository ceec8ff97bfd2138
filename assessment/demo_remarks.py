"""Remarks of the demonstration: without them a response with warnings is not submitted."""

from __future__ import annotations

from collections import defaultdict

import yaml
from django.conf import settings

from assessment.models import Response, User, Via
from assessment.queries import Reading, held_answers, instrument_of
from assessment.services.answers import Change, save_changes
from questionnaire.addresses import Address
from questionnaire.consistency import contradictions, unexplained

OTHERWISE = "Illustrative remark. Both answers were checked and are right."


def explain_warnings(*, response: Response, by: User) -> None:
    """Save a remark on every warning that has none, or none that is confirmed."""
    reading = Reading(instrument_of(response), held_answers(response))
    path = settings.BASE_DIR / "fixtures/demo/remarks.yaml"
    texts = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    remarks: dict[Address, list[str]] = defaultdict(list)
    for one in unexplained(reading.state, contradictions(reading.state)):
        remarks[one.remark_at].append(texts.get(one.rule.code, OTHERWISE))
    if not remarks:
        return
    changes = []
    for address, said in remarks.items():
        held = reading.held.get(address)
        changes.append(Change(address, "\n".join(said), held.revision if held else 0))
    save_changes(response=response, changes=changes, by=by, via=Via.PAGE)
