"""Ask the links given as evidence whether they answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assessment.link_check import PAUSE, PER_HOST, LinkChecker
from assessment.models import Answer
from questionnaire.addresses import EVIDENCE


class Command(BaseCommand):
    help = (
        "Ask each web address given as evidence whether it answers; print those that do "
        "not. Addresses inside the own network are refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("iso3", nargs="?", help="ISO alpha-3 code of the country")
        parser.add_argument("round", nargs="?", help="code of the round")
        parser.add_argument(
            "--timeout", type=float, default=10.0, help="seconds to wait for an answer"
        )
        parser.add_argument(
            "--pause", type=float, default=PAUSE, help="seconds between two of one host"
        )
        parser.add_argument(
            "--per-host", type=int, default=PER_HOST, help="addresses asked of one host"
        )
        parser.add_argument(
            "--allow-private",
            action="store_true",
            help="also ask addresses of the own network; for tests",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        checker = LinkChecker(
            timeout=options["timeout"],
            pause=options["pause"],
            per_host=options["per_host"],
            allow_private=options["allow_private"],
        )
        places: dict[str, list[str]] = {}
        for url, place in _links(options["iso3"], options["round"]):
            places.setdefault(url, []).append(place)
        failed = skipped = 0
        for url, named in places.items():
            verdict = checker.check(url)
            if verdict.is_fine:
                continue
            failed += not verdict.is_skipped
            skipped += verdict.is_skipped
            self.stdout.write(f"{url}\n  {verdict.why}\n  {', '.join(named)}")
        summary = f"{len(places)} links, {failed} fail, {skipped} not asked."
        if failed:
            raise CommandError(summary)
        self.stdout.write(summary)


def _links(iso3: str | None, round_code: str | None) -> Iterator[tuple[str, str]]:
    """Yield each link and where it is given. One query."""
    answers = Answer.objects.filter(column=EVIDENCE, value__isnull=False)
    if iso3:
        answers = answers.filter(response__country__iso3=iso3.upper())
    if round_code:
        answers = answers.filter(response__round__code=round_code)
    related = answers.select_related("response__country", "response__round")
    for answer in related.order_by("response", "pk"):
        country, round_ = answer.response.country, answer.response.round
        for link in answer.value or []:
            yield link["url"], f"{country.iso3} {round_.code} {answer.address}"
