"""What other people's words trigger, from idle and while somebody is helped, and how many true commands pass."""

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import soundfile
import soxr
import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table
from voices import VOICES, speak

from voicecramp import resources
from voicecramp.asr import Choice, choose
from voicecramp.dialogue import Content
from voicecramp.frames import RATE, Samples, seconds
from voicecramp.hearing import SURE, certainty
from voicecramp.nlu import Intent, Nlu, Unsure, load

PROJECT = Path(__file__).resolve().parents[2]
SETS = ("other", "phone", "read", "coffee")
STATE = "idle"
HELPING = ("holding", "asking")
"""States in which some things are obeyed at once, and what may be an emergency is not asked about."""
CONDITIONS = {"clean": 45.0, "noise at 15 dB": 15.0, "noise at 8 dB": 8.0, "reverberation": 45.0}
"""By name, how many decibels what is said is above white noise, in the mean; at 8 dB it is a fan on the bedside table."""


@dataclass(frozen=True)
class Outcome:
    """What became of one clip."""

    sound: float  # seconds
    first: float  # seconds of computing
    second: float | None  # the same; None: the first look heard no command, or not the right one
    believed: bool


def listen(choice: Choice, sound: Samples, nlu: Nlu, right: str | None = None) -> Outcome:
    """Hear a clip as the pipeline does; `right` is what was said, if it was a command."""
    began = time.process_time()
    choice.recogniser.accept(sound)
    hypothesis = choice.recogniser.finish()
    first = time.process_time() - began
    meaning = nlu.understand(hypothesis.text, STATE)
    if meaning is None or (right and not _same(meaning, nlu.understand(right, STATE))):
        return Outcome(seconds(len(sound)), first, None, False)
    began = time.process_time()
    sure = certainty(hypothesis, meaning, nlu, STATE)
    verdict = choice.verifier.agrees(hypothesis, sure, sound, nlu.phrases(STATE))
    return Outcome(seconds(len(sound)), first, time.process_time() - began, verdict.agreed)


def helped(
    choice: Choice, sound: Samples, nlu: Nlu, state: str, urgent: frozenset[str]
) -> tuple[Outcome, Outcome]:
    """Hear a clip while somebody is being helped; `urgent` are the intents that come before everything else.

    Returns: what is obeyed without a second look, and what is taken for an emergency, with or without one.
    """
    began = time.process_time()
    choice.recogniser.accept(sound)
    hypothesis = choice.recogniser.finish()
    first = time.process_time() - began
    meaning = nlu.understand(hypothesis.text, state)
    sure = certainty(hypothesis, meaning, nlu, state) if meaning else 0.0
    at_once = isinstance(meaning, Intent) and nlu.at_once(meaning, state) and sure >= SURE
    obeyed = Outcome(seconds(len(sound)), first, None, at_once)
    best = meaning.best if isinstance(meaning, Unsure) and not meaning.contrary else meaning
    if not isinstance(best, Intent) or best.name not in urgent:
        return obeyed, Outcome(seconds(len(sound)), first, None, False)
    began = time.process_time()
    agreed = at_once or choice.verifier.agrees(hypothesis, sure, sound, nlu.phrases(state)).agreed
    return obeyed, Outcome(seconds(len(sound)), first, time.process_time() - began, agreed)


def _same(one: Intent | Unsure | None, other: Intent | Unsure | None) -> bool:
    return (
        isinstance(one, Intent)
        and isinstance(other, Intent)
        and (one.name, one.slots) == (other.name, other.slots)
    )


def cells(outcomes: Sequence[Outcome]) -> list[str]:
    """Return a row of the table."""
    looks = [outcome.second * 1000 for outcome in outcomes if outcome.second is not None]
    believed = sum(outcome.believed for outcome in outcomes)
    return [
        f"{len(outcomes)}",
        f"{len(looks)}",
        f"{believed}",
        f"{100 * believed / len(outcomes):.1f} %",
        f"{sum(outcome.first for outcome in outcomes) / sum(outcome.sound for outcome in outcomes):.3f}",
        f"{np.median(looks):.0f} / {np.percentile(looks, 95):.0f}" if looks else "-",
    ]


def recordings(shared: Path, name: str, every: int) -> Iterator[tuple[str, Samples]]:
    """Give every nth clip of a set, with what was said in it as far as that is known."""
    lines = (shared / "speech" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    for clip in map(json.loads, lines[::every]):
        sound, rate = soundfile.read(shared / "speech" / clip["file"], dtype="float32", always_2d=True)
        mono = sound[:, 0] if rate == RATE else soxr.resample(sound[:, 0], rate, RATE)
        yield clip.get("text") or clip.get("said", ""), (np.clip(mono, -1, 1) * 32767).astype(np.int16)


def in_a_room(sound: Samples, condition: str) -> Samples:
    """Put 0.3 s of silence around what somebody says, and it into a room; the same every time."""
    random = np.random.default_rng(1)
    wide = np.pad(sound.astype(np.float64), round(0.3 * RATE))
    power = np.mean(np.square(sound, dtype=np.float64))
    if condition == "reverberation":  # 0.4 s to fall by 60 dB
        decay = random.normal(0, 0.05, 6400) * np.exp(-6.9 * np.arange(6400) / 6400)
        decay[0] = 1.0
        wide = np.convolve(wide, decay)[: len(wide)]
    noisy = wide + random.normal(0, np.sqrt(power / 10 ** (CONDITIONS[condition] / 10)), len(wide))
    return np.clip(noisy, -32768, 32767).astype(np.int16)


def commands(phrases: Sequence[str], every: int) -> Iterator[tuple[str, str, str, Samples]]:
    """Give voice, condition, phrase and sound; every nth phrase for each voice, not the same for all."""
    for number, voice in enumerate(VOICES):
        for at, phrase in enumerate(phrases[number % every :: every]):
            condition = list(CONDITIONS)[at % len(CONDITIONS)]
            yield voice, condition, phrase, in_a_room(speak(phrase, voice), condition)


def main(
    shared: Annotated[Path, typer.Option(help="The folder of recordings.")] = PROJECT.parent / "shared",
    model: Annotated[
        str, typer.Option(help="A Vosk model's name or folder; else the one chosen automatically.")
    ] = "",
    every: Annotated[int, typer.Option(help="Hear only each nth recording.")] = 1,
    phrases_every: Annotated[int, typer.Option(help="Say only each nth phrase, with each voice.")] = 100,
) -> None:
    """Print a table for each recogniser."""
    nlu = load(resources.intents() / "en")
    phrases = nlu.phrases(STATE)
    content = Content.load(resources.intents() / "en")
    urgent = frozenset(flow.starts for flow in content.flows.values() if flow.urgent and flow.starts)
    for engine in ("vosk", "pocketsphinx"):
        choice = choose(resources.models(), engine, model or None, pronunciations=nlu.pronunciations())
        choice.recogniser.listen_for(phrases)
        lost = choice.recogniser.unknown_words(phrases)
        sayable = [phrase for phrase in phrases if not lost.keys() & set(phrase.split())]
        columns = ("clips", "heard", "believed", "share", "real-time factor", "second look, ms, median / p95")
        table = Table("", *columns, title=f"{choice.why}; {len(sayable)} of {len(phrases)} phrases")
        for name in SETS:
            sounds = track(list(recordings(shared, name, every)), name, transient=True)
            table.add_row(
                f"false alarms: {name}", *cells([listen(choice, sound, nlu) for _, sound in sounds])
            )
        for condition in list(CONDITIONS)[1:]:
            sounds = track(list(recordings(shared, SETS[0], every)), condition, transient=True)
            table.add_row(
                f"false alarms: {SETS[0]}, {condition}",
                *cells([listen(choice, in_a_room(sound, condition), nlu) for _, sound in sounds]),
            )
        outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
        for voice, condition, phrase, sound in track(list(commands(sayable, phrases_every)), transient=True):
            outcome = listen(choice, sound, nlu, phrase)
            for kind in (voice, condition, "all"):
                outcomes[kind].append(outcome)
        for kind, those in outcomes.items():
            table.add_row(f"commands: {kind}", *cells(those))
        for state in HELPING:
            choice.recogniser.listen_for(nlu.phrases(state))
            sounds = track(list(recordings(shared, SETS[0], every)), state, transient=True)
            heard = (helped(choice, sound, nlu, state, urgent) for _, sound in sounds)
            obeyed, taken = zip(*heard, strict=True)
            table.add_row(f"obeyed at once, {state}: {SETS[0]}", *cells(obeyed))
            table.add_row(f"taken for an emergency, {state}: {SETS[0]}", *cells(taken))
        Console().print(table)


if __name__ == "__main__":
    typer.run(main)
