"""The command itself, and what its subcommands share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn

from voicecramp import __version__

__all__ = ["ConfigOption", "app", "complaints", "console", "preparing", "unusable"]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="An offline voice assistant that talks you through a leg cramp: hands on the leg, eyes shut.\n\n"
    'Say [bold]"help, calf cramp"[/]. It reads out the stretch, counts the hold, and hears "stop", "it\'s gone" and '
    '"still cramping" while it talks. Nothing you say ever leaves this machine.\n\n'
    "[dim]This is not medical advice; every clinical sentence names the statement of its source.[/]",
)

_AS_IT_IS: dict[str, Any] = {"markup": False, "emoji": False, "highlight": False}
"""Text is printed letter for letter: brackets and colons may stand in a path or in what somebody wrote."""

console = Console(**_AS_IT_IS)
complaints = Console(stderr=True, **_AS_IT_IS)

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        readable=False,  # what is wrong with a file is told in our words
        help="The configuration, TOML; `voicecramp config` prints one.",
    ),
]


def unusable(error: OSError) -> str:
    """Tell of a file or folder that the system does not let be used."""
    return f"Cannot use {error.filename}: {error.strerror}; check the path, and whether you may read and write there."


def _show_version(wanted: bool) -> None:
    if wanted:
        console.print(f"voicecramp {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    pass


@contextmanager
def preparing(what: str, *columns: ProgressColumn) -> Iterator[Callable[[int, int | None], None]]:
    """A progress bar that shows itself only when there is progress to show: yields what to tell it (done, total)."""
    progress = Progress(TextColumn(what), BarColumn(), *columns, console=console, transient=True)
    task = progress.add_task("")

    def show(done: int, total: int | None) -> None:
        if not progress.live.is_started and console.is_terminal:
            progress.start()
        progress.update(task, completed=done, total=total)

    try:
        yield show
    finally:
        if progress.live.is_started:
            progress.stop()
