"""`voicecramp diary`: what was noted, on the screen, on paper, or no longer at all."""

import csv
import json
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from voicecramp import diary as kept
from voicecramp import resources
from voicecramp.assistant import LANGUAGE
from voicecramp.cli.app import app, console
from voicecramp.cli.files import keep_apart, need_output
from voicecramp.dialogue import Content
from voicecramp.dialogue.steps import AskStep
from voicecramp.diary import words
from voicecramp.errors import VoiceCrampError

__all__ = ["forget", "report", "show"]

diary = typer.Typer(
    help="Show what was noted of your cramps, make a page of it for the doctor, or forget it."
)
app.add_typer(diary, name="diary")

_NOTHING = "No cramps are noted yet."

SinceOption = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="From this day on: 2026-11-01, today, yesterday, or 30 (days ago)."),
]
FileOption = Annotated[
    Path | None, typer.Option("--file", metavar="FILE", readable=False, help="Another diary than your own.")
]


@diary.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    since: SinceOption = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="The cramps, a line each, for a spreadsheet.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Everything, for a program.")] = False,
    file: FileOption = None,
) -> None:
    """Show what was noted of your cramps, make a page of it for the doctor, or forget it."""
    if context.invoked_subcommand:
        if since or as_csv or as_json or file:
            raise VoiceCrampError(
                f"Write the options after `{context.invoked_subcommand}`; --help tells which it has."
            )
        return
    need_output()
    history = kept.read(_path(file), _day(since))
    if as_json:
        print(json.dumps(_plain(history), indent=2))  # noqa: T201 - not for the eye
    elif as_csv:
        _write_csv(history)
    elif not history:
        console.print(_NOTHING if since is None else "Nothing is noted since then.")
    else:
        _print(history)


@diary.command()
def report(
    output: Annotated[Path, typer.Option(metavar="FILE.html", help="The page to write.")],
    since: SinceOption = None,
    file: FileOption = None,
) -> None:
    """Write a page for the doctor: how often, at what hour, how it ended; it prints on A4."""
    from voicecramp.diary import report as page  # noqa: PLC0415 - what it loads is for the page alone

    path, start = _path(file), _day(since)
    keep_apart({"the diary": path, "--output": output})
    history = kept.read(path, start)
    if not history:
        raise VoiceCrampError(f"{_NOTHING[:-1]}, so there is nothing to report; no page was written.")
    page.save(page.render(history, _questions(), _today(), start), output)
    console.print(f"Written: {output}", soft_wrap=True)


@diary.command()
def forget(
    everything: Annotated[
        bool, typer.Option("--all", help="Cramps, answers and notes, all of them.")
    ] = False,
    before: Annotated[
        str | None, typer.Option(metavar="DATE", help="Those from before this day, as for --since.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    file: FileOption = None,
) -> None:
    """Delete cramps, answers and notes for good. Settings changed by voice stay."""
    if everything == (before is not None):
        raise VoiceCrampError("Say what to forget: --all, or --before DATE.")
    path, end = _path(file), _day(before)
    what = "everything that is noted" if end is None else f"everything noted before {words.day(end)}"
    if not path.exists():
        console.print(_NOTHING)
        return
    if not yes:
        if sys.stdin is None:
            raise VoiceCrampError("Standard input is closed, so nobody can be asked; give --yes.")
        typer.confirm(f"Delete {what}, for good?", abort=True)
    count = kept.forget(path, end)
    console.print(f"Forgotten: {count} {'entry' if count == 1 else 'entries'}.")


def _path(file: Path | None) -> Path:
    if file is None:
        return kept.default_path()
    if not file.exists():
        raise VoiceCrampError(f"There is no diary {file}; check the path.")
    if file.is_file() and not file.stat().st_size:
        raise VoiceCrampError(f"{file} is an empty file and no diary; check the path.")
    return file


def _day(text: str | None) -> date | None:
    """Understand a day as a person writes it; VoiceCrampError if it is none."""
    if text is None:
        return None
    spoken = {"today": 0, "yesterday": 1}
    ago = re.fullmatch(r"(\d{1,5})(?: ?d(?:ays?)?)?(?: ago)?", text.strip())
    if ago or text in spoken:
        return _today() - timedelta(days=int(ago[1]) if ago else spoken[text])
    with suppress(ValueError):
        return date.fromisoformat(text)
    raise VoiceCrampError(
        f'"{text}" is not a day: write it as 2026-11-01, as today or yesterday, or as 30 days.'
    )


def _today() -> date:
    return datetime.now().astimezone().date()


def _questions() -> Mapping[str, str]:
    """The questions as they are spoken, by what their answer is called; none where the content is broken."""
    asked: dict[str, str] = {}
    with suppress(VoiceCrampError):
        for flow in Content.load(resources.intents() / LANGUAGE).flows.values():
            for step in flow.steps.values():
                if isinstance(step, AskStep) and step.note:
                    asked.setdefault(step.note, step.ask.text)
    return asked


def _print(history: kept.History) -> None:
    if history.cramps:
        table = Table("when", "where", "how it ended", box=None)
        for heading in ("lasted", "stretches", "held"):
            table.add_column(heading, justify="right")
        for cramp in history.cramps:
            held = sum(hold.seconds for hold in cramp.holds)
            table.add_row(
                *(_time(cramp.began), words.limb(cramp), words.ending(cramp), words.lasted(cramp)),
                *(str(len(cramp.holds) or ""), f"{held} s" if held else ""),
            )
        console.print(table)
    for heading, rows in (
        ("answer", [(entry.when, f"{entry.question}: {entry.answer}") for entry in history.answers]),
        ("note", [(entry.when, entry.text) for entry in history.notes]),
    ):
        if rows:
            table = Table("when", heading, box=None)
            for when, text in rows:
                table.add_row(_time(when), text)
            console.print(table)


def _write_csv(history: kept.History) -> None:
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["began", "ended", "muscle", "side", "how", "stretches", "held_seconds"])
    for cramp in history.cramps:
        ended = cramp.ended.isoformat() if cramp.ended else ""
        held = sum(hold.seconds for hold in cramp.holds)
        table.writerow(
            [
                cramp.began.isoformat(),
                ended,
                cramp.muscle,
                cramp.side,
                cramp.how or "",
                len(cramp.holds),
                held,
            ]
        )


def _plain(history: kept.History) -> dict[str, object]:
    return {
        "cramps": [
            {
                "began": cramp.began.isoformat(),
                "ended": cramp.ended.isoformat() if cramp.ended else None,
                "muscle": cramp.muscle,
                "side": cramp.side,
                "how": cramp.how,
                "holds": [{"step": hold.step, "seconds": hold.seconds} for hold in cramp.holds],
            }
            for cramp in history.cramps
        ],
        "answers": [
            {"when": entry.when.isoformat(), "question": entry.question, "answer": entry.answer}
            for entry in history.answers
        ],
        "notes": [{"when": entry.when.isoformat(), "text": entry.text} for entry in history.notes],
    }


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
