"""Clips read when they are spoken: checked again, few in memory, and made anew where one is lost."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from voicecramp.errors import VoiceCrampError
from voicecramp.frames import Samples
from voicecramp.tts import Voice, clips
from voicecramp.tts.clips import Clips
from voicecramp.tts.store import Store

TEXTS = ["ten", "nine", "eight"]


def sound(text: str) -> Samples:
    return np.arange(1, 1000 + len(text), dtype=np.int16)


class Rig:
    """Clips over a store in a fresh folder, and what had to be spoken anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spoken: list[str] = []
        self.store = Store(folder, Voice())
        for text in TEXTS:
            self.store.put(text, sound(text))
        self.clips = Clips(TEXTS, self.store, self.speak)

    def speak(self, text: str) -> Samples:
        self.spoken.append(text)
        return sound(text)

    def each(self, change: Callable[[Path], object]) -> None:
        for file in list(self.folder.iterdir()):
            change(file)


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def test_it_is_a_mapping_of_what_was_asked_for(rig: Rig) -> None:
    assert list(rig.clips) == TEXTS
    assert len(rig.clips) == 3
    assert "seven" not in rig.clips
    assert all(np.array_equal(rig.clips[text], sound(text)) for text in TEXTS)
    assert not any(clip.flags.writeable for clip in rig.clips.values())
    assert rig.spoken == []


def test_a_clip_is_read_once_while_it_is_kept(rig: Rig) -> None:
    first = rig.clips["ten"]
    rig.each(Path.unlink)
    assert rig.clips["ten"] is first


def test_few_are_kept(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clips, "_KEPT", 2)
    few = Clips(TEXTS, rig.store, rig.speak)
    first = few["ten"]
    assert few["nine"] is few["nine"]
    assert few["eight"] is few["eight"]
    assert few["ten"] is not first


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-10])


@pytest.mark.parametrize("damage", [Path.unlink, truncate], ids=["lost", "damaged"])
def test_one_that_went_bad_since_the_start_is_spoken_anew_and_mended(
    rig: Rig, damage: Callable[[Path], object]
) -> None:
    rig.each(damage)
    assert np.array_equal(rig.clips["ten"], sound("ten"))
    assert rig.spoken == ["ten"]
    mended = Store(rig.folder, Voice()).get("ten")
    assert mended is not None
    assert np.array_equal(mended, sound("ten"))


def test_one_that_went_bad_and_cannot_be_kept_is_spoken_all_the_same(rig: Rig) -> None:
    rig.each(Path.unlink)
    rig.folder.rmdir()
    assert np.array_equal(rig.clips["ten"], sound("ten"))


def test_one_that_went_bad_and_cannot_be_spoken_is_a_clear_error(rig: Rig) -> None:
    def fail(text: str) -> Samples:
        raise VoiceCrampError(f"The speech engine failed 5 times to say {text!r}.")

    broken = Clips(TEXTS, rig.store, fail)
    rig.each(Path.unlink)
    with pytest.raises(VoiceCrampError, match="failed 5 times"):
        broken["ten"]
