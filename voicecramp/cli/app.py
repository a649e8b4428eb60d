"""The command itself, and what its subcommands share."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from voicecramp import __version__

__all__ = ["ConfigOption", "app", "console", "preparing"]

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="An offline voice assistant that talks you through a leg cramp: hands on the leg, eyes shut.\n\n"
    'Say [bold]"help, calf cramp"[/]. It reads out the stretch, counts the hold, and hears "stop", "it\'s gone" and '
    '"still cramping" while it talks. Nothing you say ever leaves this machine.\n\n'
    "[dim]This is not medical advice; every clinical sentence names the statement of its source.[/]",
)

console = Console()

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="The configuration, TOML; `voicecramp config` prints one."),
]


def _show_version(wanted: bool) -> None:
    if wanted:
        console.print(f"voicecramp {__version__}", highlight=False)
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
def preparing() -> Iterator[Callable[[int, int], None]]:
    """A progress bar for speech that is rendered for the first time; nothing shows when all is there."""
    columns = TextColumn("Preparing speech"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", visible=False)
        yield lambda done, total: progress.update(task, completed=done, total=total, visible=True)
