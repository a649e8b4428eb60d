"""What a quiet night costs: computing time and memory while nobody speaks."""

import resource
import time
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from voices import quiet_room

from voicecramp import assistant
from voicecramp.audio.file import converse
from voicecramp.config import Config
from voicecramp.dialogue import Blank
from voicecramp.frames import to_samples

ROOM = -65.0
"""dBFS of the noise of a quiet room."""


def main(
    minutes: Annotated[float, typer.Option(help="How much of the night.")] = 10.0,
    model: Annotated[str, typer.Option(help="The Vosk model; empty for the one chosen automatically.")] = "",
) -> None:
    """Start, listen to a quiet room, and print what it cost."""
    began = time.monotonic()
    config = Config.model_validate({"asr": {"model": model}})
    pipeline, choice = assistant.assemble(config, lambda _event: None, lambda _done, _total: None, Blank())
    pipeline.begin(choice.recogniser.name, choice.why)
    ready = time.monotonic() - began
    # One minute over and over: the night's own samples are not to count as memory of the assistant.
    minute = quiet_room(np.zeros(to_samples(60), np.int16), ROOM)
    night = np.resize(minute, to_samples(minutes * 60))
    computing = time.process_time()
    for _ in converse(pipeline, night, minutes * 60):
        pass
    computing = time.process_time() - computing
    table = Table("recogniser", "from start to listening s", "computing ms / s", "memory MB")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    milliseconds = 1000 * computing / (minutes * 60)
    table.add_row(choice.recogniser.name, f"{ready:.1f}", f"{milliseconds:.2f}", f"{memory:.0f}")
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
