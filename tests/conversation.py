"""Somebody to talk with the command line: scripts of speech in, events and sound out."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from voices import concatenate, pause, quiet_room, speak

from voicecramp.events import Event, parse
from voicecramp.frames import RATE, Samples
from voicecramp.tts.trim import AUDIBLE

__all__ = ["Conversation", "Script", "environment", "recorded", "talk", "talk_with"]

Script = Sequence[tuple[float, str]]
"""Seconds of silence, and what is said after it, one after another."""

ROOM_LEVEL = -65.0
"""dBFS of the room's noise under the speech: a quiet bedroom and an ordinary microphone."""


@dataclass(frozen=True)
class Conversation:
    """What came of it."""

    events: list[Event]
    heard: Samples
    said: Samples
    screen: str

    def of(self, kind: str) -> list[Event]:
        """The events of one kind."""
        return [event for event in self.events if event.event == kind]

    def intents(self) -> list[str]:
        """What was understood, in order."""
        return [event.name for event in self.of("intent")]

    def said_ids(self) -> list[str]:
        """What was said, in order."""
        return [event.id for event in self.of("say")]

    def audible(self, start: float, end: float) -> bool:
        """Whether anything sounds between two seconds of stream time."""
        # Speech leaves at the volume it starts with, half the height of its clip.
        return bool(
            (np.abs(self.said[round(start * RATE) : round(end * RATE)].astype(int)) >= AUDIBLE // 2).any()
        )


def recorded(script: Script, voice: str) -> Samples:
    """What a microphone hears when a voice says the script in a quiet room."""
    parts = [part for silence, text in script for part in (pause(silence), speak(text, voice))]
    return quiet_room(concatenate(*parts), ROOM_LEVEL)


def environment(clips: Path) -> dict[str, str]:
    """The environment of a person who keeps nothing anywhere else."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    home = clips.parent / "home"
    home.mkdir(exist_ok=True)
    return kept | {"XDG_CACHE_HOME": str(clips), "HOME": str(home), "COLUMNS": "200", "NO_COLOR": "1"}


def talk(script: Script, voice: str, folder: Path, clips: Path, *options: str) -> Conversation:
    """Run `voicecramp run` on a script, as fast as it goes."""
    return talk_with(recorded(script, voice), folder, clips, *options)


def talk_with(sound: Samples, folder: Path, clips: Path, *options: str) -> Conversation:
    """Run `voicecramp run` on what a microphone heard, as fast as it goes."""
    wav, out, log = folder / "in.wav", folder / "out.wav", folder / "log.jsonl"
    soundfile.write(wav, sound, RATE, subtype="PCM_16")
    command = [sys.executable, "-m", "voicecramp", "run", "--plain", *options]
    command += ["--input", str(wav), "--output", str(out), "--events", str(log)]
    done = subprocess.run(command, env=environment(clips), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    both, rate = soundfile.read(out, dtype="int16")
    assert rate == RATE
    events = [parse(line) for line in log.read_text().splitlines()]
    return Conversation(events, both[:, 0], both[:, 1], done.stdout)
