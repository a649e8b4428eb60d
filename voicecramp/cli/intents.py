"""`voicecramp intents`: what people say and what they are told, checked."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from voicecramp import assistant, config, intentcheck, resources
from voicecramp.asr import choose
from voicecramp.cli.app import ConfigOption, app, console
from voicecramp.datafile import load
from voicecramp.errors import VoiceCrampError
from voicecramp.nlu.schema import Common

__all__ = ["check"]

intents = typer.Typer(no_args_is_help=True, help="Check the sentences and the guidance in `intents/`.")
app.add_typer(intents, name="intents")


@intents.callback()
def _intents() -> None:
    pass  # with one command only, typer would leave its name out


@intents.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="A language's folder; else the one in use.")
    ] = None,
    settings: ConfigOption = None,
) -> None:
    """Tell everything that is wrong in the sentences and the guidance, with file, line and key."""
    chosen = config.read(settings).asr
    folder = folder or resources.intents()
    if (folder / assistant.LANGUAGE).is_dir():  # `intents` itself will do
        folder /= assistant.LANGUAGE
    if not folder.is_dir():
        raise VoiceCrampError(f"There is no folder {folder}; give one such as intents/{assistant.LANGUAGE}.")
    listening = choose(
        resources.models(),
        chosen.engine,
        chosen.model or None,
        resources.downloads(),
        _pronunciations(folder),
    )
    for trouble in listening.troubles:
        console.print(
            f"{trouble} Until then the words are those of {listening.why}.", style="yellow", soft_wrap=True
        )
    report = intentcheck.check(folder, listening.recogniser.unknown_words)
    for trouble in report.troubles:
        console.print(trouble, soft_wrap=True)
    if report.troubles:
        count = len(report.troubles)
        console.print(f"{count} thing{'s' * (count > 1)} to put right.", style="bold red")
        raise typer.Exit(1)
    console.print(f"All is well: {report.counts}.", soft_wrap=True)


def _pronunciations(folder: Path) -> Mapping[str, Sequence[str]]:
    """What the folder itself tells the recogniser of words; nothing where it is broken, which the check finds."""
    with suppress(VoiceCrampError):
        return load(folder / "_common.yaml", Common).pronunciations
    return {}
