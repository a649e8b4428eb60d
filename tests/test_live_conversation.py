"""The whole product through PortAudio and real time, on a sound card of its own."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile
from conversation import environment, talk_with
from soundcard import MICROPHONE, SPEAKER, SoundCard, soundcard, wait_for
from voices import concatenate, pause, quiet_room, speak

from voicecramp.events import Event, parse
from voicecramp.frames import RATE, Samples

GUARD = 60
"""Seconds after which a program that does not end has failed."""

TRIES = 3
"""How often somebody says what must be heard."""

VOICE = "flite-slt"

AUDIBLE = 50
"""What sounds is at least this far from 0; the rig is bit-exact, so that silence is 0."""


class Session:
    """`voicecramp run` on the sound card, and what it has told so far."""

    def __init__(self, card: SoundCard, folder: Path, clips: Path) -> None:
        self.card = card
        self.log = folder / "events.jsonl"
        self.output = folder / "talk.wav"
        settings = folder / "voicecramp.toml"
        settings.write_text(f'[audio]\ninput = "{MICROPHONE}"\noutput = "{SPEAKER}"\n')
        command = [sys.executable, "-m", "voicecramp", "run", "--plain"]
        command += ["--config", str(settings), "--events", str(self.log), "--output", str(self.output)]
        self.program = subprocess.Popen(
            command,
            env=environment(clips) | card.environment | {"XDG_CACHE_HOME": str(clips)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def events(self) -> list[Event]:
        if not self.log.exists():
            return []
        lines = self.log.read_text().splitlines(keepends=True)
        return [parse(line) for line in lines if line.endswith("\n")]

    def until(self, happened: Callable[[Event], bool], what: str, since: int = 0) -> None:
        """Wait for an event, among those from the `since`th on."""

        def seen() -> bool:
            assert self.program.poll() is None, self.program.communicate()
            return any(map(happened, self.events()[since:]))

        wait_for(seen, what)

    def say(self, text: str) -> None:
        self.card.speak(quiet_room(concatenate(speak(text, VOICE), pause(1.0))))

    def insist(self, text: str, name: str) -> None:
        """Say it until it is understood, as a person would; a busy machine may lose a piece of a short word."""
        for _ in range(TRIES):
            before = len(self.events())
            self.say(text)
            self.until(lambda event: event.event in {"intent", "rejected"}, f"an answer to {text}", before)
            if any(map(understood(name), self.events())):
                return
        raise AssertionError(f"{text} was not understood {TRIES} times: {self.log.read_text()}")

    def end(self) -> str:
        """Press Ctrl-C; return what was printed."""
        self.program.send_signal(signal.SIGINT)
        printed, _ = self.program.communicate(timeout=GUARD)
        assert self.program.returncode == 0, printed
        return printed


@contextmanager
def started(folder: Path, clips: Path) -> Iterator[tuple[Session, Callable[[], Samples]]]:
    with soundcard() as card, card.record() as recording:
        session = Session(card, folder, clips)
        try:
            session.until(lambda event: event.event == "ready", "ready")
            yield session, lambda: recording.stop()[:, 1]
        finally:
            session.program.kill()
            session.program.communicate()


def understood(name: str) -> Callable[[Event], bool]:
    return lambda event: event.event == "intent" and event.name == name


def test_help_is_answered_and_stop_silences_it(tmp_path: Path, clips: Path) -> None:
    with started(tmp_path, clips) as (session, spoken):
        session.until(lambda event: event.event == "say" and event.id == "ready", "its greeting")
        session.say("help, calf cramp")
        session.until(understood("Cramp"), "the cramp to be understood")
        session.until(lambda event: event.event == "count", "the first count")
        session.say("should i see a doctor")
        session.until(
            lambda event: event.event == "say" and event.id == "doctor-clot", "the doctor's reasons"
        )
        session.insist("stop", "Stop")
        session.card.speak(pause(3.0))  # real time in which anything unsilenced would be heard
        printed = session.end()
        said = spoken()
    assert "Ready, whenever you need me." in printed
    assert np.abs(said).max() > 1000
    assert not (np.abs(said[-2 * RATE :].astype(int)) >= AUDIBLE).any(), "it went on talking after stop"
    events = session.events()
    stopped = next(number for number, event in enumerate(events) if understood("Stop")(event))
    (interrupted,) = [event for event in events[stopped:] if event.event == "interrupted"]
    ended = next(event.end for event in events if event.event == "say" and event.id == interrupted.id)
    assert interrupted.at < ended, "nothing was left to silence"

    # The same sound from a file: the same intents, and the same words up to where the live one was ended.
    heard, _ = soundfile.read(session.output, dtype="int16")
    again = talk_with(heard[:, 0], tmp_path, clips)
    live = [event.name for event in events if event.event == "intent"]
    assert again.intents() == live == ["Cramp", "Doctor", "Stop"]
    words = [event.id for event in events if event.event == "say" and event.id != "ready"]
    assert again.said_ids() == words
