import io
import os
import resource
import signal
import stat
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from rights import OBEYS

from voicecramp.audio.stream import frames_of
from voicecramp.audio.wav import StereoWriter, read, write_stereo
from voicecramp.errors import VoiceCrampError
from voicecramp.frames import FRAME

TONE = np.rint(8000 * np.sin(np.arange(16_000) * 2 * np.pi * 440 / 16_000)).astype(np.int16)


def tone_at(rate: int, channels: int = 1) -> np.ndarray:
    tone = 0.25 * np.sin(np.arange(rate) * 2 * np.pi * 440 / rate)
    return np.repeat(tone[:, None], channels, axis=1)


def with_data_length(wav: bytes, length: int) -> bytes:
    at = wav.index(b"data") + 4
    return wav[:at] + length.to_bytes(4, "little") + wav[at + 4 :]


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Refuse every file that grows beyond 100 kB, as a full disk does."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    signal.signal(signal.SIGXFSZ, handler)


def test_its_own_kind_is_read_bit_for_bit(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", TONE, 16_000)
    assert np.array_equal(read(tmp_path / "a.wav"), TONE)


@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW"])
@pytest.mark.parametrize(
    ("rate", "channels"), [(8_000, 1), (16_000, 2), (44_100, 1), (48_000, 2), (48_000, 6)]
)
def test_every_kind_comes_out_the_same(tmp_path: Path, subtype: str, rate: int, channels: int) -> None:
    soundfile.write(tmp_path / "a.wav", tone_at(rate, channels), rate, subtype=subtype)
    sound = read(tmp_path / "a.wav")
    assert sound.dtype == np.int16
    assert abs(len(sound) - 16_000) <= 2
    expected = 8192 * np.sin(np.arange(len(sound)) * 2 * np.pi * 440 / 16_000)
    middle = slice(2_000, 14_000)
    assert np.abs(sound[middle] - expected[middle]).max() < 400  # 8 bits are no better


def test_what_is_too_loud_is_clipped(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.array([2.0, -2.0, 0.5]), 16_000, subtype="FLOAT")
    assert read(tmp_path / "a.wav").tolist() == [32767, -32768, 16384]


def test_a_long_file_is_read_to_its_end(tmp_path: Path) -> None:
    long = np.tile(TONE, 9)
    soundfile.write(tmp_path / "a.wav", long, 16_000)
    assert np.array_equal(read(tmp_path / "a.wav"), long)


@pytest.mark.parametrize("length", [0x7FFFF000, 0x7FFFFFFF, 0xFFFFFFFF])
def test_a_pipe_that_could_not_know_its_length_is_read_to_its_end(tmp_path: Path, length: int) -> None:
    soundfile.write(tmp_path / "a.wav", TONE, 16_000)
    pipe = io.BytesIO(with_data_length((tmp_path / "a.wav").read_bytes(), length))
    pipe.name = "<stdin>"
    assert np.array_equal(read(pipe), TONE)


def broken(folder: Path, what: str) -> Path:
    whole = folder / "whole.wav"
    soundfile.write(whole, TONE, 16_000)
    path = folder / f"{what}.wav"
    match what:
        case "folder":
            path.mkdir()
        case "empty":
            path.touch()
        case "header-only":
            soundfile.write(path, TONE[:0], 16_000)
        case "cut-short":
            path.write_bytes(whole.read_bytes()[:-1000])
        case "text":
            path.write_text("This is not a sound. " * 100)
        case "sound.raw":
            path = folder / what
            path.write_bytes(bytes(3200))
        case "not-numbers":
            soundfile.write(path, np.array([0.0, np.nan]), 16_000, subtype="FLOAT")
    return path


def test_a_pipe_with_a_name_is_read_to_its_end(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", TONE, 16_000)
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cp", "a.wav", "pipe"], cwd=tmp_path) as writer:
        assert np.array_equal(read(tmp_path / "pipe"), TONE)
    assert writer.returncode == 0


def test_a_long_recording_is_held_once(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.tile(TONE, 300), 16_000)
    tracemalloc.start()
    try:
        sound = read(tmp_path / "a.wav")
        frames = frames_of(sound)
        assert np.array_equal(next(frames), sound[:FRAME])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 1.5 * sound.nbytes


def test_a_recording_comes_in_frames_and_then_silence() -> None:
    frames = frames_of(TONE[: 2 * FRAME + 5])
    first, second, third, fourth = (next(frames) for _ in range(4))
    assert np.array_equal(np.concatenate([first, second]), TONE[: 2 * FRAME])
    assert np.array_equal(third, np.concatenate([TONE[2 * FRAME : 2 * FRAME + 5], np.zeros(FRAME - 5)]))
    assert not fourth.any()


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("missing", "Cannot read .*missing.wav: No such file"),
        ("folder", "Cannot read .*folder.wav: Is a directory"),
        ("empty", r"empty.wav is empty \(0 bytes\)"),
        ("header-only", "header-only.wav is a sound file with no sound in it"),
        ("cut-short", "cut-short.wav is cut short: .* 32000 bytes of sound and 1000 of them are missing"),
        ("text", "text.wav is not a sound file that can be read"),
        ("sound.raw", "sound.raw is raw sound, of which nobody knows the rate"),
        ("not-numbers", "not-numbers.wav holds samples that are not numbers"),
    ],
)
def test_one_sentence_says_what_is_wrong(tmp_path: Path, what: str, says: str) -> None:
    with pytest.raises(VoiceCrampError, match=says):
        read(broken(tmp_path, what))


READS = """
import sys
from pathlib import Path
from voicecramp.audio.wav import read
from voicecramp.errors import VoiceCrampError

try:
    read(Path(sys.argv[1]))
except VoiceCrampError as error:
    print(error)
"""


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, TONE, 16_000)
    path.chmod(0)
    done = subprocess.run(
        [*OBEYS, sys.executable, "-c", READS, path], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"Cannot read {path}: Permission denied; give a sound file.\n"


def test_both_channels_are_written_as_they_are(tmp_path: Path) -> None:
    write_stereo(tmp_path / "a.wav", TONE, -TONE)
    sound, rate = soundfile.read(tmp_path / "a.wav", dtype="int16")
    assert rate == 16_000
    assert np.array_equal(sound, np.stack([TONE, -TONE], axis=1))


def test_more_sound_than_a_header_can_tell_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "days.wav"
    monkeypatch.setattr("voicecramp.audio.wav._LONGEST", 400)
    sound = np.arange(200, dtype=np.int16)
    write_stereo(path, sound, sound)
    with path.open("r+b") as file:
        assert file.seek(40) == 40
        assert int.from_bytes(file.read(4), "little") == 400
        file.seek(40)
        file.write((0xFFFFFFFF - 36).to_bytes(4, "little"))  # as the real limit would stand there
    np.testing.assert_array_equal(read(path), sound)


def test_the_file_appears_only_when_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_text("what was there before")
    with StereoWriter(path) as writer:
        writer.write(TONE, TONE)
        assert path.read_text() == "what was there before"
        writer.write(TONE, TONE)
    assert len(soundfile.read(path)[0]) == 2 * len(TONE)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("before", [None, 0o600, 0o640, 0o644])
def test_a_recording_is_private_unless_the_one_in_its_place_was_not(
    tmp_path: Path, before: int | None
) -> None:
    path = tmp_path / "a.wav"
    if before is not None:
        path.touch()
        path.chmod(before)
    with StereoWriter(path) as writer:
        (partial,) = (file for file in tmp_path.iterdir() if file != path)
        assert stat.S_IMODE(partial.stat().st_mode) == (before or 0o600)
        writer.write(TONE, TONE)
    assert stat.S_IMODE(path.stat().st_mode) == (before or 0o600)


def test_an_error_on_the_way_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> None:
        with StereoWriter(tmp_path / "a.wav") as writer:
            writer.write(TONE, TONE)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("small_disk")
@pytest.mark.parametrize("seconds", [2, 20])
def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, seconds: int) -> None:
    with pytest.raises(VoiceCrampError, match=r"Cannot write .*a.wav: File too large; make room"):
        write_stereo(tmp_path / "a.wav", np.tile(TONE, seconds), np.tile(TONE, seconds))
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(VoiceCrampError, match=r"no folder .*nowhere; make it first"):
        StereoWriter(tmp_path / "nowhere" / "a.wav")


@pytest.mark.parametrize("folder", [".", "/", "", "..", Path(__file__).parent], ids=str)
def test_a_folder_is_no_place_for_a_recording(folder: str | Path) -> None:
    with pytest.raises(VoiceCrampError, match="it is a folder"):
        StereoWriter(Path(folder))
