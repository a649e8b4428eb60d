"""In a room, the microphone hears the speaker too: it must not answer itself, and still hear who talks over it."""

from pathlib import Path

import numpy as np
import pytest
from conversation import Script, recorded
from voices import concatenate, pause

from voicecramp import assistant
from voicecramp.config import Config
from voicecramp.dialogue import Blank
from voicecramp.events import Event, SpeechStart, Understood
from voicecramp.frames import FRAME, Samples, to_samples


def room(delay: float, level: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A room's answer to the speaker: `delay` seconds of devices and air, then 0.2 s of reverberation."""
    tail = np.random.default_rng(1).normal(0, 0.05, to_samples(0.2))
    tail *= np.exp(-6.9 * np.arange(len(tail)) / len(tail))
    tail[0] = 1.0
    return np.concatenate([np.zeros(to_samples(delay)), tail * level])


def talk(
    script: Script,
    voice: str,
    delay: float,
    level: float,
    monkeypatch: pytest.MonkeyPatch,
    clips: Path,
    fan: float = 0.0,
) -> list[Event]:
    """Have a conversation in which all that is said comes back through the room; `fan` is its noise, RMS."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(clips))
    events: list[Event] = []
    config = Config.model_validate({"asr": {"engine": "vosk"}})
    pipeline, choice = assistant.assemble(config, events.append, lambda _done, _total: None, Blank())
    mic = concatenate(recorded(script, voice), pause(45.0)).astype(float)
    mic += np.random.default_rng(2).normal(0, fan, len(mic))
    answer = room(delay, level)
    echo = np.zeros(len(mic) + len(answer) + 2 * FRAME)
    pipeline.begin(choice.recogniser.name, choice.why)
    pipeline.greet()
    played: Samples = np.zeros(FRAME, np.int16)
    for start in range(0, len(mic) - FRAME, FRAME):
        both = mic[start : start + FRAME] + echo[start : start + FRAME]
        pipeline.process(np.clip(both, -32768, 32767).astype(np.int16), played)
        played = pipeline.render()
        if played.any():
            after = start + FRAME
            echo[after : after + FRAME + len(answer) - 1] += np.convolve(played, answer)
    return events


@pytest.mark.parametrize(("delay", "level"), [(0.1, 0.3), (0.2, 0.5)])
@pytest.mark.parametrize(
    ("voice", "script", "understood"),
    [
        ("flite-slt", [(6.0, "help, calf cramp")], ["Cramp"]),
        # Said again, as by anybody who is not obeyed at once; to whoever was, the second means nothing.
        ("flite-rms", [(6.0, "help, calf cramp"), (4.0, "stop"), (2.0, "stop")], ["Cramp", "Stop"]),
        ("espeak-us-m7", [(5.0, "my left calf is cramping"), (14.0, "it's gone")], ["Cramp", "Gone"]),
    ],
)
def test_it_hears_who_talks_over_it_and_not_itself(
    delay: float,
    level: float,
    voice: str,
    script: Script,
    understood: list[str],
    monkeypatch: pytest.MonkeyPatch,
    clips: Path,
) -> None:
    events = talk(script, voice, delay, level, monkeypatch, clips)
    assert [event.name for event in events if isinstance(event, Understood)] == understood


@pytest.mark.parametrize(("delay", "level"), [(0.3, 1.0), (0.3, 0.3), (0.1, 0.5)])
def test_its_own_greeting_is_no_call_for_help(
    delay: float, level: float, monkeypatch: pytest.MonkeyPatch, clips: Path
) -> None:
    events = talk([(1.0, "")], "flite-slt", delay, level, monkeypatch, clips)
    assert [event.name for event in events if isinstance(event, Understood)] == []


def test_a_fan_is_nobody_who_speaks_when_its_own_voice_is_over(
    monkeypatch: pytest.MonkeyPatch, clips: Path
) -> None:
    script = [(9.0, "help, calf cramp")]
    events = talk(script, "flite-slt", 0.1, 1.0, monkeypatch, clips, fan=330)
    assert [event.name for event in events if isinstance(event, Understood)] == ["Cramp"]
    starts = [event.t for event in events if isinstance(event, SpeechStart)]
    assert len([t for t in starts if t > 15]) <= 1
