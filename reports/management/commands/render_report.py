"""Render the report of one response, or of every response of a round, as a file."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import translation
from tqdm import tqdm

from assessment.models import PlanEdition, Response, Submission
from reports.exports.formats import FORMATS
from reports.kept import kept_pdf
from reports.pdf import RenderingFailed
from reports.queries import (
    iso3s_with_response,
    response_in_round,
    round_codes,
    source_to_report,
)

# A worker is replaced before memory that the renderer does not give back adds up.
REPORTS_PER_WORKER = 20
EVERY = "*"


@dataclass(frozen=True, slots=True)
class Job:
    iso3: str
    round_code: str
    language: str
    submission: int | None
    output: Path
    edition: int | None = None  # of the action plan
    form: str = "pdf"


class Command(BaseCommand):
    help = (
        "Render the gap-analysis report as PDF, Word document, workbook or CSV: of the "
        "acceptance if there is one, else of the latest submission, else of the draft."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("iso3", nargs="?", help="country code, for example PER")
        parser.add_argument("round", nargs="?", help="round code, for example 2025")
        parser.add_argument("--output", type=Path, help="file to write")
        parser.add_argument("--submission", type=int, help="number of an older one")
        parser.add_argument(
            "--plan", type=int, help="number of an older edition of the action plan"
        )
        parser.add_argument("--format", choices=[*FORMATS], default="pdf")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE)
        parser.add_argument(
            "--all",
            metavar="ROUND",
            nargs="?",
            const=EVERY,
            help="every response of this round, or of every round",
        )
        parser.add_argument("--output-dir", type=Path, help="folder for --all")
        parser.add_argument(
            "--workers", type=int, default=2, help="processes for --all (2)"
        )

    def handle(self, **options: Any) -> None:
        if not translation.check_for_language(options["language"]):
            raise CommandError(f"{options['language']!r} is no language code")
        if options["all"]:
            self._render_round(options)
        else:
            self._render_one(options)

    def _render_one(self, options: dict[str, Any]) -> None:
        if not (options["iso3"] and options["round"] and options["output"]):
            message = "Give ISO3 ROUND --output FILE, or --all ROUND --output-dir DIR"
            raise CommandError(message)
        if options["output"].is_dir():
            message = f"{options['output']} is a folder: name a file in it"
            raise CommandError(message)
        failure = render(
            Job(
                options["iso3"].upper(),
                options["round"],
                options["language"],
                options["submission"],
                options["output"],
                options["plan"],
                options["format"],
            )
        )
        if failure:
            raise CommandError(failure)
        if options["verbosity"]:
            self.stdout.write(f"Wrote {options['output']}")

    def _render_round(self, options: dict[str, Any]) -> None:
        folder, code = options["output_dir"], options["all"]
        if folder is None or options["iso3"] or options["output"]:
            raise CommandError("--all ROUND goes with --output-dir DIR alone")
        if options["submission"] is not None or options["plan"] is not None:
            raise CommandError("--submission and --plan go with one country only")
        folder.mkdir(parents=True, exist_ok=True)
        language, form = options["language"], options["format"]
        codes = round_codes() if code == EVERY else [code]
        jobs = [
            Job(
                iso3,
                code,
                language,
                None,
                folder / f"{iso3}_{code}_{language}.{form}",
                form=form,
            )
            for code in codes
            for iso3 in iso3s_with_response(code)
        ]
        if not jobs:
            raise CommandError(f"Nobody takes part in round {', '.join(codes)!r}")
        with _rendered(jobs, options["workers"]) as results:
            shown = tqdm(
                results,
                total=len(jobs),
                unit="report",
                disable=not options["verbosity"],
            )
            failures = [failure for failure in shown if failure]
        if failures:
            raise CommandError("\n".join(failures))


@contextmanager
def _rendered(jobs: list[Job], workers: int) -> Iterator[Iterable[str]]:
    """Yield the outcome of each job as it comes; in this process if `workers` is 1."""
    if workers <= 1:
        yield map(render, jobs)
        return
    connections.close_all()  # no process may use the connection of another
    context = multiprocessing.get_context("fork")
    with context.Pool(workers, maxtasksperchild=REPORTS_PER_WORKER) as pool:
        yield pool.imap_unordered(render, jobs)


def render(job: Job) -> str:
    """Write one report; return why it could not be written, or nothing."""
    try:
        with translation.override(job.language):
            response = response_in_round(job.iso3, job.round_code)
            source = source_to_report(
                response, submission=job.submission, edition=job.edition
            )
        if job.form == "pdf":
            content = kept_pdf(response, source, language=job.language)
        else:
            content = FORMATS[job.form].write(source, job.language)
        write_atomically(job.output, content)
    except Response.DoesNotExist:
        return f"{job.iso3} takes no part in round {job.round_code!r}"
    except Submission.DoesNotExist:
        return f"{job.iso3} has no submission {job.submission}"
    except PlanEdition.DoesNotExist:
        return f"{job.iso3} has no edition {job.edition} of its action plan"
    except (RenderingFailed, OSError) as error:
        return f"{job.iso3}: {error}"
    return ""


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file at `path` whole: a reader sees the old or the new one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
