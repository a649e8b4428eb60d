"""Makes what the README shows, from the program itself: the picture of a session and the events' schema."""

import io
import json
from pathlib import Path

from rich.console import Console

from voicecramp import assistant, demonstration, events
from voicecramp.audio.file import converse
from voicecramp.config import Config
from voicecramp.terminal import Screen

DOCS = Path(__file__).resolve().parents[1] / "docs"


def picture() -> str:
    """Have the demonstration's conversation; return what the terminal shows as an SVG."""
    console = Console(record=True, width=118, force_terminal=True, file=io.StringIO())
    screen = Screen(console, plain=True)
    pipeline, choice = assistant.assemble(Config(), screen.show, lambda _done, _total: None)
    recording = demonstration.recording(assistant.clip_cache(), lambda _done, _total: None)
    pipeline.begin(choice.recogniser.name, choice.why)
    pipeline.greet()
    converse(pipeline, recording, 120.0)
    return console.export_svg(title="voicecramp run")


def schema() -> str:
    """Return the JSON Schema of a line of the event log."""
    return json.dumps(events.json_schema(), indent=2) + "\n"


if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    (DOCS / "events.schema.json").write_text(schema(), encoding="utf-8")
    (DOCS / "session.svg").write_text(picture(), encoding="utf-8")
