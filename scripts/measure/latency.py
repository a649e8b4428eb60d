"""From the last sound of a command to the first of its answer, and what hearing costs.

Times are stream time, so the same on every machine; the computing time beside them is this machine's.
The second look's computing time is no part of stream time and is counted in the last column.
"""

import time
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table
from voices import concatenate, pause, quiet_room, speak

from voicecramp import assistant
from voicecramp.audio.file import converse
from voicecramp.config import Config
from voicecramp.dialogue import Blank
from voicecramp.events import Event, Interrupted, Said, Understood
from voicecramp.frames import FRAME, RATE, Samples, seconds

VOICES = ("flite-slt", "festival-kal", "espeak-gb-f3")
ROOM = -65.0
"""dBFS of the noise of a quiet room."""
AUDIBLE = 10 ** (-40 / 20)
"""A command is over when it stays 40 dB below its own peak: softer than that it is lost in the noise of the room."""

IDLE = (
    "help, calf cramp",
    "my calf is cramping",
    "cramp in my leg",
    "leg cramp, help",
    "my left calf is cramping",
    "my right calf is cramping",
    "i have a cramp in my leg",
    "i've got a cramp in my calf",
    "should i see a doctor",
    "when should i see a doctor",
    "i feel faint",
    "i feel dizzy",
)
"""Said when nothing is going on."""

GUIDED = (
    "should i see a doctor",
    "i feel faint",
    "i can't reach my foot",
    "it's gone",
    "it let go",
    "repeat",
    "say that again",
    "pause",
    "what did you say",
    "my left calf is cramping",
)
"""Said while the first stretch is being explained."""

ANSWERS = (
    "yes",
    "no",
    "it's gone",
    "still cramping",
    "repeat",
    "skip",
    "should i see a doctor",
    "i feel faint",
)
"""Said when it has asked whether the cramp has let go."""

STOPS = ("stop", "be quiet")
"""Said while it talks; what counts is when it is silent."""


@dataclass(frozen=True)
class Reply:
    """How one command was answered."""

    wait: float | None
    """Seconds of stream time; None where it was not understood."""
    computing: float
    """Seconds of this machine's time per second of sound, over the whole conversation."""


def case(
    config: Config, voice: str, before: tuple[tuple[float, str], ...], silence: float, command: str
) -> Reply:
    """Have one conversation and measure the answer to its last command."""
    events: list[Event] = []
    pipeline, choice = assistant.assemble(config, events.append, lambda _done, _total: None, Blank())
    lead = [part for gap, text in before for part in (pause(gap), speak(text, voice))]
    said = speak(command, voice)
    mic = quiet_room(concatenate(*lead, pause(silence), said, pause(3.0)), ROOM)
    start = seconds(len(concatenate(*lead, pause(silence))))
    end = start + seconds(last_audible(said))
    pipeline.begin(choice.recogniser.name, choice.why)
    began = time.process_time()
    frames = sum(1 for _ in converse(pipeline, mic, seconds(len(mic))))
    computing = (time.process_time() - began) / seconds(frames * FRAME)
    understood = next(
        (event.t for event in events if isinstance(event, Understood) and event.t > start), None
    )
    if understood is None:
        return Reply(None, computing)
    replies = [event.start for event in events if isinstance(event, Said) and event.start >= understood]
    silent = [event.at for event in events if isinstance(event, Interrupted) and event.t >= understood - 0.1]
    answered = min(silent) if command in STOPS and silent else min(replies, default=None)
    return Reply(None if answered is None else answered - end, computing)


def last_audible(sound: Samples) -> int:
    """The last sample of a command that can be heard."""
    height = np.abs(sound.astype(int))
    return int(np.flatnonzero(height >= AUDIBLE * height.max())[-1])


def main(
    model: Annotated[
        str, typer.Option(help="The Vosk model; empty for the one that is chosen automatically.")
    ] = "",
) -> None:
    """Measure every command with every voice and each recogniser."""
    cramp = (1.0, "help, calf cramp")
    cases = [((), 1.0, text) for text in IDLE]
    cases += [((cramp,), 2.0, text) for text in GUIDED]
    cases += [((cramp,), 37.5, text) for text in ANSWERS]
    cases += [((cramp,), 2.0, text) for text in STOPS]
    missed: list[str] = []
    table = Table("recogniser", "understood", "p50 s", "p95 s", "stop: p95 s", "computing s / s")
    for engine in ("vosk", "pocketsphinx"):
        config = Config.model_validate(
            {"asr": {"engine": engine, "model": model if engine == "vosk" else ""}}
        )
        runs = [(voice, *one) for voice in VOICES for one in cases]
        replies = [
            (text, case(config, voice, before, silence, text))
            for voice, before, silence, text in track(runs, engine, transient=True)
        ]
        missed += [
            f"{engine}: {run[0]}: {run[-1]}"
            for run, (_, reply) in zip(runs, replies, strict=True)
            if reply.wait is None
        ]
        waits = [reply.wait for text, reply in replies if reply.wait is not None and text not in STOPS]
        stops = [reply.wait for text, reply in replies if reply.wait is not None and text in STOPS]
        table.add_row(
            engine,
            f"{len(waits) + len(stops)} of {len(replies)}",
            f"{np.percentile(waits, 50):.2f}",
            f"{np.percentile(waits, 95):.2f}",
            f"{np.percentile(stops, 95):.2f}" if stops else "-",
            f"{np.mean([reply.computing for _, reply in replies]):.3f}",
        )
    console = Console()
    console.print(table)
    console.print("Not understood: " + "; ".join(missed), highlight=False)
    console.print(f"{len(cases)} commands, {len(VOICES)} voices; a quiet room ({ROOM:g} dBFS); {RATE} Hz.")


if __name__ == "__main__":
    typer.run(main)
