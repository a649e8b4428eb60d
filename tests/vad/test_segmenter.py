from pathlib import Path

import numpy as np
import pytest
import soundfile
from voices import VOICES, concatenate, pause, speak

from voicecramp.frames import FRAME, RATE, Samples
from voicecramp.vad import Segment, Segmenter
from voicecramp.vad.segmenter import END_SILENCE, MAX_UTTERANCE


def segments(sound: Samples) -> list[tuple[int, Segment]]:
    """Return every segment and the sample after its end."""
    segmenter = Segmenter()
    found = (
        (i + FRAME, segmenter.process(sound[i : i + FRAME])) for i in range(0, len(sound) - FRAME + 1, FRAME)
    )
    return [(end, segment) for end, segment in found if segment is not None]


def utterances(sound: Samples) -> list[tuple[int, int]]:
    """Return where each utterance begins (its pre-roll included) and ends, in samples."""
    found = segments(sound)
    begins = [end - len(segment.samples) for end, segment in found if segment.started]
    ends = [end for end, segment in found if segment.ended]
    assert len(begins) == len(ends)
    return list(zip(begins, ends, strict=True))


def with_peak(sound: Samples, dbfs: float) -> Samples:
    scaled: Samples = np.rint(sound * (32768 * 10 ** (dbfs / 20) / np.abs(sound).max())).astype(np.int16)
    return scaled


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("dbfs", [-6, -40])
def test_a_command_is_one_utterance_from_its_first_sound_to_its_last(voice: str, dbfs: float) -> None:
    command = with_peak(speak("help, calf cramp", voice), dbfs)
    loud = np.flatnonzero(np.abs(command) > np.abs(command).max() / 20)
    [(begin, end)] = utterances(concatenate(pause(1), command, pause(1.5)))
    assert begin <= RATE + loud[0]
    assert RATE + loud[-1] <= end <= RATE + len(command) + RATE


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("gap", [0.6, 1.5])
def test_a_knock_before_a_command_does_not_cut_it_in_two(gap: float, voice: str) -> None:
    command = with_peak(speak("help, calf cramp", voice), -30)
    k = np.arange(640)
    knock = np.rint(30000 * np.exp(-k / 200) * np.sin(2 * np.pi * 180 * k / RATE)).astype(np.int16)
    begun = RATE + len(knock) + len(pause(gap))
    loud = np.flatnonzero(np.abs(command) > np.abs(command).max() / 20)
    found = utterances(concatenate(pause(1), knock, pause(gap), command, pause(1.5)))
    assert any(begin <= begun + loud[0] and begun + loud[-1] <= end for begin, end in found)


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("text", ["leg cramp", "stop"])
def test_a_command_is_noticed_though_a_fan_is_hardly_softer(text: str, voice: str) -> None:
    """5 dB softer in the mean."""
    command = speak(text, voice).astype(np.float64)
    command *= 1600 / np.sqrt(np.mean(command**2))
    sound = np.random.default_rng(3).normal(0, 900, 6 * RATE)
    sound[4 * RATE : 4 * RATE + len(command)] += command
    said = [
        begin
        for begin, _ in utterances(np.clip(sound, -32768, 32767).astype(np.int16))
        if 3.6 * RATE < begin < 4 * RATE + len(command)
    ]
    assert len(said) == 1


def test_the_pieces_are_the_sound_without_a_gap() -> None:
    sound = concatenate(pause(1), speak("help, calf cramp", "flite-slt"), pause(1.5))
    [(begin, end)] = utterances(sound)
    pieces = np.concatenate([segment.samples for _, segment in segments(sound)])
    assert np.array_equal(pieces, sound[begin:end])


def test_silence_is_counted_until_it_ends_the_utterance() -> None:
    found = [segment for _, segment in segments(concatenate(speak("stop", "flite-rms"), pause(1.5)))]
    assert [segment.silence for segment in found[-END_SILENCE:]] == list(range(1, END_SILENCE + 1))
    assert [segment.ended for segment in found] == [False] * (len(found) - 1) + [True]
    assert [segment.started for segment in found] == [True] + [False] * (len(found) - 1)


def test_an_utterance_can_be_ended_early_and_the_next_one_begins_anew() -> None:
    sound = concatenate(speak("stop", "flite-slt"), pause(0.1), speak("yes", "flite-slt"), pause(1))
    assert len(utterances(sound)) == 1
    segmenter = Segmenter()
    starts = 0
    for i in range(0, len(sound) - FRAME + 1, FRAME):
        segment = segmenter.process(sound[i : i + FRAME])
        starts += segment is not None and segment.started
        if segment is not None and segment.silence == 12:
            segmenter.end()
    assert starts == 2


def test_it_does_not_listen_for_ever() -> None:
    talk = np.tile(speak("the weather tomorrow will be cloudy in the north", "flite-slt"), 12)
    lengths = [end - begin for begin, end in utterances(concatenate(talk, pause(1)))]
    assert len(lengths) >= 2
    assert max(lengths) <= (MAX_UTTERANCE + 30) * FRAME


def test_reset_forgets_everything() -> None:
    sound = concatenate(speak("help, calf cramp", "flite-rms"), pause(0.2))
    frames = [sound[i : i + FRAME] for i in range(0, len(sound) - FRAME + 1, FRAME)]
    segmenter = Segmenter()

    def events() -> list[tuple[bool, int, bool, int] | None]:
        taken = [segmenter.process(frame) for frame in frames]
        return [s and (s.started, s.silence, s.ended, len(s.samples)) for s in taken]

    first = events()
    segmenter.reset()
    assert events() == first


def test_real_orders_are_caught_whole(shared: Path) -> None:
    files = sorted((shared / "speech" / "coffee").glob("*.flac"))[::20]
    caught = 0
    for file in files:
        order, _ = soundfile.read(file, dtype="int16")
        blocks = order[: len(order) // FRAME * FRAME].reshape(-1, FRAME).astype(float)
        energy = (blocks**2).mean(axis=1)
        speech = np.flatnonzero(energy > energy.max() / 300) * FRAME
        found = utterances(concatenate(pause(1), order, pause(1.5)))
        caught += any(b <= RATE + speech[0] and RATE + speech[-1] <= e + 3200 for b, e in found)
    assert len(files) >= 15
    assert caught >= 0.9 * len(files)
