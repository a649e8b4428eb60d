"""`voicecramp say`: one text, in its voice."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import MofNCompleteColumn

from voicecramp import assistant, config
from voicecramp.audio import wav
from voicecramp.audio.devices import Kind, choose
from voicecramp.audio.play import play
from voicecramp.cli.app import ConfigOption, app, console, preparing
from voicecramp.cli.files import keep_apart
from voicecramp.frames import seconds
from voicecramp.tts import render

__all__ = ["say"]


@app.command()
def say(
    text: str,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE.wav", help="Write it to both channels of a file instead.")
    ] = None,
    settings: ConfigOption = None,
) -> None:
    """Say a text in the assistant's voice."""
    keep_apart({"the configuration": settings, "--output": output})
    chosen = config.read(settings)
    with preparing("Preparing speech", MofNCompleteColumn()) as progress:
        (clip,) = render([text], assistant.voice(chosen), assistant.clip_cache(), progress).values()
    if output:
        wav.write_stereo(output, clip, clip)
        console.print(f"Written: {output} ({seconds(len(clip)):.2f} s)", soft_wrap=True)
    else:
        play(clip, choose(Kind.SPEAKER, chosen.audio.output).device)
