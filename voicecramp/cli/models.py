"""`voicecramp models`: what recognisers there are to choose from."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import DownloadColumn, TransferSpeedColumn
from rich.text import Text

from voicecramp import resources
from voicecramp.asr.vosk import VoskRecogniser
from voicecramp.cli.app import app, console, preparing
from voicecramp.installer import install as install_model
from voicecramp.models import Manifest, installed, read_manifest
from voicecramp.models import remove as remove_model

__all__ = ["install", "list_models", "remove"]

models = typer.Typer(no_args_is_help=True, help="List, install and remove Vosk models.")
app.add_typer(models, name="models")


def _manifest() -> Manifest:
    return read_manifest(resources.models())


def _print(*parts: str | tuple[str, str]) -> None:
    """Print a line of parts, plain or with a style."""
    console.print(Text.assemble(*parts), soft_wrap=True)


@models.command("list")
def list_models() -> None:
    """Show what is installed, and what can be."""
    manifest = _manifest()
    there = installed(manifest, (resources.models(), resources.downloads()))
    for index, model in enumerate(there):
        known = model.known
        what = (
            f"{known.title}, {known.size_mb:g} MB, {known.licence}"
            if known
            else "not in the manifest, so not verified"
        )
        mark = "➜" if index == 0 else " "
        _print(f"{mark} ", (model.name, "bold"), f"  {what}\n    {model.path}")
    for name, known in manifest.models.items():
        if known.url and name not in {model.name for model in there}:
            what = f"{name}  {known.title}, {known.size_mb:g} MB, {known.licence}"
            _print((f"  {what}\n    not installed: voicecramp models install {name}", "dim"))
    if not there:
        _print(("No Vosk model is installed: PocketSphinx listens.", "yellow"))


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
    """Install a model: download or copy it, verify every file, try it, and only then put it in its place."""
    with preparing("Downloading", DownloadColumn(), TransferSpeedColumn()) as progress:
        model = install_model(name, _manifest(), resources.downloads(), source, progress, load=VoskRecogniser)
    verified = "verified" if model.known else ("not in the manifest, so not verified", "yellow")
    _print(f"Installed {model.name} in {model.path} (", verified, ").")


@models.command()
def remove(name: Annotated[str, typer.Argument(help="A name that `voicecramp models list` shows.")]) -> None:
    """Remove a model that was installed; the one that comes with VoiceCramp stays."""
    path = remove_model(name, _manifest(), resources.downloads())
    _print(f"Removed {path}.")
