"""Draws the README's picture: a conversation as it stands on the terminal, from the real pipeline."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from voicecramp import assistant, demonstration
from voicecramp.audio.file import converse
from voicecramp.config import Config
from voicecramp.terminal import Screen

PROJECT = Path(__file__).resolve().parents[1]


def main(output: Annotated[Path, typer.Argument()] = PROJECT / "docs/session.svg") -> None:
    """Have the demonstration's conversation and write what the terminal shows as an SVG."""
    console = Console(record=True, width=118, force_terminal=True)
    screen = Screen(console, plain=True)
    pipeline, choice = assistant.assemble(Config(), screen.show, lambda _done, _total: None)
    recording = demonstration.recording(assistant.clip_cache(), lambda _done, _total: None)
    pipeline.begin(choice.recogniser.name, choice.why)
    pipeline.greet()
    converse(pipeline, recording, 120.0)
    output.parent.mkdir(exist_ok=True)
    console.save_svg(str(output), title="voicecramp run")


if __name__ == "__main__":
    typer.run(main)
