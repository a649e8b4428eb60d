"""What the understanding makes of other people's talk: why its thresholds are where they are.

Vosk hears every clip of other people's words with the grammar of a state; counted is how near to a phrase of the
grammar the text comes, and how often it would be obeyed or asked about. No second look here: it comes after.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import soundfile
import soxr
import typer
from rapidfuzz import fuzz, process
from rich.console import Console
from rich.progress import track
from rich.table import Table

from voicecramp.asr.vosk import VoskRecogniser
from voicecramp.frames import RATE, Samples
from voicecramp.nlu import Intent, Nlu, load
from voicecramp.nlu.text import Utterance

PROJECT = Path(__file__).resolve().parents[2]
SHARED = PROJECT.parent / "shared"
STEPS = (100, 92, 88, 84, 80, 76, 72)
"""Scores counted up to: 100 is a phrase word for word."""


def clips(every: int) -> Iterator[Samples]:
    """Give each nth clip of other words, of telephone calls and of reading, with half a second of silence after."""
    for corpus in ("other", "phone", "read"):
        lines = (SHARED / "speech" / f"{corpus}.jsonl").read_text(encoding="utf-8").splitlines()
        for line in lines[::every]:
            sound, rate = soundfile.read(SHARED / "speech" / json.loads(line)["file"], dtype="float32")
            mono = soxr.resample(sound if sound.ndim == 1 else sound[:, 0], rate, RATE)
            padded = np.concatenate([mono, np.zeros(RATE // 2, np.float32)])
            yield (np.clip(padded, -1, 1) * 32767).astype(np.int16)


def heard(recogniser: VoskRecogniser, nlu: Nlu, state: str, every: int) -> Counter[str]:
    """Count what comes of the clips in a state."""
    recogniser.listen_for(nlu.phrases(state))
    found: Counter[str] = Counter()
    for sound in track(list(clips(every)), description=state, transient=True):
        recogniser.accept(sound)
        text = recogniser.finish().text
        words = Utterance.of(text).text
        best = process.extractOne(words, nlu.phrases(state), scorer=fuzz.ratio) if words else None
        step = next((step for step in STEPS if best and best[1] >= step), 0)
        meaning = nlu.understand(text, state)
        outcome = "passed over" if meaning is None else "obeyed" if isinstance(meaning, Intent) else "asked"
        found.update(["clips", str(step), outcome])
    return found


def main(
    model: Annotated[Path, typer.Option(help="A Vosk model's folder.")] = SHARED
    / "prototype-model"
    / "model",
    every: Annotated[int, typer.Option(help="Hear only each nth clip.")] = 4,
) -> None:
    """Print the table."""
    nlu, recogniser = load(PROJECT / "intents" / "en"), VoskRecogniser(model)
    columns = ["clips", *map(str, STEPS), "asked", "obeyed"]
    table = Table(
        "state", *columns, title="Other people's talk: how near to a phrase, and what becomes of it"
    )
    for state in ("idle", "holding", "asking"):
        found = heard(recogniser, nlu, state, every)
        table.add_row(state, *(str(found[column]) for column in columns))
    Console().print(table)


if __name__ == "__main__":
    typer.run(main)
