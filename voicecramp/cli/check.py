"""`voicecramp check`: whether everything is well, before it is needed."""

from collections.abc import Callable

import typer
from rich.progress import MofNCompleteColumn
from rich.text import Text

from voicecramp import assistant, config, diary, resources
from voicecramp.asr import choose as choose_recogniser
from voicecramp.audio.devices import Kind, choose
from voicecramp.cli.app import ConfigOption, app, console, preparing, unusable
from voicecramp.errors import VoiceCrampError
from voicecramp.tts import render

__all__ = ["check"]


@app.command()
def check(settings: ConfigOption = None) -> None:
    """Tell whether everything is well, and what to do where it is not.

    Ends with status 1 when something is broken that a cramp needs. The diary is not: without it, the conversation
    is the same.
    """
    chosen = config.Config()
    texts = ["Stop."]

    def configuration() -> str:
        nonlocal chosen
        chosen = config.read(settings)
        path = settings or config.default_path()
        return str(path) if path.exists() else f"none at {path}, so the defaults"

    def content() -> str:
        mind = assistant.Mind.load(chosen)
        texts[:] = mind.texts()
        return f"{len(set(texts))} lines to say, in {resources.intents()}"

    def recogniser() -> str:
        models, downloads = resources.models(), resources.downloads()
        choice = choose_recogniser(models, chosen.asr.engine, chosen.asr.model or None, downloads)
        if choice.troubles:
            raise VoiceCrampError(f"{choice.troubles[0]} Until then this listens: {choice.why}.")
        return choice.why

    def voice() -> str:
        with preparing("Preparing speech", MofNCompleteColumn()) as progress:
            clips = render(texts, assistant.voice(chosen), assistant.clip_cache(), progress)
        return f"{len(clips)} clips ready in {assistant.clip_cache()}"

    def microphone() -> str:
        choice = choose(Kind.MICROPHONE, chosen.audio.input)
        return f"{choice.device.name} ({choice.why})"

    def speaker() -> str:
        choice = choose(Kind.SPEAKER, chosen.audio.output)
        return f"{choice.device.name} ({choice.why})"

    def diary_file() -> str:
        there = diary.examine(diary.default_path())
        kept = "" if chosen.diary.keep else "; nothing new is noted, as configured"
        return f"{diary.default_path()}{'' if there else ' (not begun yet)'}{kept}"

    needed = (configuration, content, recogniser, voice, microphone, speaker)
    broken = [part for part in needed if not _told(part)]
    _told(diary_file)
    if broken:
        raise typer.Exit(1)


def _told(part: Callable[[], str]) -> bool:
    """Look after one part, print a line of it, and return whether it is well."""
    name = part.__name__.split("_")[0]
    try:
        what = part()
    except (VoiceCrampError, OSError) as error:
        why = unusable(error) if isinstance(error, OSError) else error
        console.print(Text.assemble(("✗", "bold red"), f" {name:14}{why}"), soft_wrap=True)
        return False
    console.print(Text.assemble(("✓", "green"), f" {name:14}{what}"), soft_wrap=True)
    return True
