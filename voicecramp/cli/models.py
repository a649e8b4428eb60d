"""`voicecramp models`: what recognisers there are to choose from."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from voicecramp import resources
from voicecramp.cli.app import app, console
from voicecramp.models import Manifest, installed, read_manifest
from voicecramp.models import install as install_model
from voicecramp.models import remove as remove_model

__all__ = ["install", "list_models", "remove"]

models = typer.Typer(no_args_is_help=True, help="List, install and remove Vosk models.")
app.add_typer(models, name="models")


def _manifest() -> Manifest:
    return read_manifest(resources.models())


@models.command("list")
def list_models() -> None:
    """Show what is installed, and what can be."""
    manifest = _manifest()
    there = installed(manifest, resources.model_folders())
    table = Table("", "name", "what it is", "size", "licence", "where", box=None, padding=(0, 2, 0, 0))
    for index, model in enumerate(there):
        known = model.known
        table.add_row(
            "➜" if index == 0 else "",
            model.name,
            known.title if known else "not from the manifest, unverified",
            f"{known.size_mb:g} MB" if known else "",
            known.licence if known else "unknown",
            str(model.path),
        )
    for name, known in manifest.models.items():
        if known.url and name not in {model.name for model in there}:
            how = f"voicecramp models install {name}"
            table.add_row("", name, known.title, f"{known.size_mb:g} MB", known.licence, how, style="dim")
    console.print(table)
    if not there:
        console.print("No Vosk model is installed: PocketSphinx listens.", style="yellow")


@models.command()
def install(
    name: Annotated[
        str, typer.Argument(help="A name that `voicecramp models list` shows, or, with --from, any.")
    ],
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE.zip|DIR", help="Take it from here instead of the network."),
    ] = None,
) -> None:
    """Install a model: download or copy it, verify every file, and only then put it in its place."""
    columns = TextColumn("Downloading"), BarColumn(), DownloadColumn(), TransferSpeedColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", visible=False)
        model = install_model(
            name,
            _manifest(),
            resources.downloads(),
            source,
            lambda done, total: progress.update(task, completed=done, total=total, visible=True),
        )
    verified = "verified" if model.known else "[yellow]not in the manifest, so not verified[/]"
    console.print(f"Installed {model.name} in {model.path} ({verified}).", highlight=False, soft_wrap=True)


@models.command()
def remove(name: Annotated[str, typer.Argument(help="A name that `voicecramp models list` shows.")]) -> None:
    """Remove a model that was installed; the one that comes with VoiceCramp stays."""
    path = remove_model(name, _manifest(), resources.downloads())
    console.print(f"Removed {path}.", highlight=False, soft_wrap=True)
