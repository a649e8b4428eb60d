"""The picture of a session."""

import io

from rich.console import Console

from voicecramp import assistant, demonstration
from voicecramp.audio.file import converse
from voicecramp.config import Config
from voicecramp.dialogue import Blank
from voicecramp.terminal import Screen

__all__ = ["picture"]


def picture() -> str:
    """Have the demonstration's conversation; return what the terminal shows as an SVG."""
    console = Console(record=True, width=118, force_terminal=True, file=io.StringIO())
    screen = Screen(console, plain=True)
    pipeline, choice = assistant.assemble(Config(), screen.show, lambda _done, _total: None, Blank())
    recording = demonstration.recording(assistant.clip_cache(), lambda _done, _total: None)
    pipeline.begin(choice.recogniser.name, choice.why)
    pipeline.greet()
    for _ in converse(pipeline, recording, 120.0):
        pass
    return console.export_svg(title="voicecramp run")
