"""The main job from WAV to WAV: strangers' voices in, events and sound out."""

from pathlib import Path

import numpy as np
import pytest
from conversation import Conversation, Script, talk

from voicecramp.frames import RATE

CRAMP: Script = [(1.0, "help, calf cramp"), (45.0, "yes")]
"""A stretch held to its end, then "has it let go?": yes."""

STRANGERS = ("flite-slt", "flite-rms", "festival-kal", "espeak-gb-f3", "espeak-us-m7")
"""Three ways of making speech, men and women, 130 to 140 words a minute; none of them answers."""

SURE_OF = STRANGERS[:3]
"""Those that PocketSphinx is sure of where there is no Vosk model: of espeak-ng's voices it hears too few, and what
it is not sure of does not count. `scripts/bench latency` tells how many of which."""


@pytest.fixture(params=["vosk", "pocketsphinx"])
def engine(request: pytest.FixtureRequest) -> list[str]:
    return ["--asr", request.param]


@pytest.mark.parametrize(
    ("name", "voice"),
    [*(("vosk", voice) for voice in STRANGERS), *(("pocketsphinx", voice) for voice in SURE_OF)],
)
def test_a_calf_cramp_is_talked_through(name: str, voice: str, tmp_path: Path, clips: Path) -> None:
    conversation = talk(CRAMP, voice, tmp_path, clips, "--asr", name)
    assert conversation.intents() == ["Cramp", "Yes"]
    spoken = conversation.said_ids()
    assert spoken[:2] == ["calf-straighten-knee", "calf-toes-up"]
    assert {"calf-breathe", "calf-massage", "calf-keep-pulling"} <= set(spoken)
    assert spoken[-4:] == ["calf-good", "calf-walk", "calf-ice", "calf-good-night"]
    assert [event.value for event in conversation.of("count")] == [30, 25, 20, 15, *range(10, 0, -1)]
    check_counts(conversation)
    check_sound(conversation)


def check_counts(conversation: Conversation) -> None:
    """Every number sounds on its second: after a silence, at the very sample its event names."""
    counts = conversation.of("count")
    began, highest = counts[0].start, counts[0].value
    for count in counts:
        clock = began + highest - count.value
        assert count.ideal == pytest.approx(clock, abs=1e-9)
        first = first_audible(conversation, count.start - 0.1)
        assert abs(first - clock) < 0.010
    assert abs(first_audible(conversation, counts[-1].start - 0.1) - (began + highest - 1)) < 0.001


def first_audible(conversation: Conversation, since: float) -> float:
    """Seconds of stream time at which the first sample sounds after a silence."""
    begin = round(since * RATE)
    assert not conversation.audible(since, since + 0.08), "there is no silence to begin from"
    (where,) = np.nonzero(np.abs(conversation.said[begin : begin + RATE].astype(int)) >= 40)
    return (begin + int(where[0])) / RATE


def check_sound(conversation: Conversation) -> None:
    """It sounds where the events say so, and nowhere else; nothing clips."""
    speech = np.zeros(len(conversation.said), bool)
    for event in conversation.of("say"):
        speech[round(event.start * RATE) : round(event.end * RATE)] = True
        assert conversation.audible(event.start, event.start + 0.05), event.id
        assert conversation.audible(event.end - 0.05, event.end), event.id
    for event in conversation.of("count"):
        speech[round(event.start * RATE) : round((event.start + 1) * RATE)] = True
    assert not conversation.said[~speech].any(), "something sounds that no event tells of"
    assert np.abs(conversation.said.astype(int)).max() < 32767


def test_stop_silences_it_while_it_talks(engine: list[str], tmp_path: Path, clips: Path) -> None:
    conversation = talk([(1.0, "help, calf cramp"), (1.5, "stop")], "flite-slt", tmp_path, clips, *engine)
    assert conversation.intents() == ["Cramp", "Stop"]
    (interrupted,) = conversation.of("interrupted")
    assert conversation.audible(interrupted.at - 0.06, interrupted.at)
    assert not conversation.audible(interrupted.at, len(conversation.said) / RATE)
    stop = conversation.of("intent")[-1]
    assert interrupted.at - stop.t <= 0.06, "silent within a frame or two of being understood"


def test_the_same_recording_gives_the_same_conversation_to_the_bit(
    engine: list[str], tmp_path: Path, clips: Path
) -> None:
    script = [
        (1.0, "my left calf is cramping"),
        (9.0, "how long"),
        (3.0, "should i see a doctor"),
        (2.0, "stop"),
    ]
    runs = []
    for name in ("once", "again"):
        folder = tmp_path / name
        folder.mkdir()
        runs.append(talk(script, "flite-slt", folder, clips, *engine))
    once, again = runs
    assert once.events == again.events
    assert np.array_equal(once.said, again.said)
    assert once.of("say"), "a conversation in which nothing is said proves nothing"


def test_other_peoples_words_start_nothing(engine: list[str], tmp_path: Path, clips: Path) -> None:
    script = [
        (1.0, "what time is it"),
        (1.0, "turn on the television please"),
        (1.0, "good morning everybody"),
    ]
    conversation = talk(script, "flite-rms", tmp_path, clips, *engine)
    assert conversation.intents() == []
    assert not conversation.said.any()
