"""The cache of clips, with speech engines that misbehave in every way they know."""

import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
import pytest

from voicecramp.errors import VoiceCrampError
from voicecramp.frames import Samples
from voicecramp.tts import Voice, render, store, tempo

FAKE = Path(__file__).with_name("fake_worker.py")
TEXTS = ["Breathe out slowly.", "ten", "Has it let go?"]


class Rig:
    """A cache in a fresh folder, and an engine whose behaviour a test chooses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clips"
        self.log = folder / "log"
        self.progress: list[tuple[int, int]] = []

    def render(
        self,
        texts: Iterable[str] = TEXTS,
        behaviour: str = "good",
        voice: Voice = Voice(),  # noqa: B008 - frozen
        timeout: float = 30.0,
    ) -> Mapping[str, Samples]:
        self.log.unlink(missing_ok=True)
        self.progress.clear()
        return render(
            texts,
            voice,
            self.folder,
            lambda done, total: self.progress.append((done, total)),
            worker=(sys.executable, "-S", str(FAKE), behaviour, str(self.log)),
            timeout=timeout,
        )

    @property
    def events(self) -> list[str]:
        return self.log.read_text().splitlines() if self.log.exists() else []

    @property
    def asked(self) -> list[str]:
        return [line.removeprefix("text ") for line in self.events if line.startswith("text ")]

    @property
    def files(self) -> list[Path]:
        return sorted(self.folder.iterdir())


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def test_renders_each_text_once_and_tells_how_far_it_is(rig: Rig) -> None:
    clips = rig.render([*TEXTS, *TEXTS])
    assert list(clips) == TEXTS
    assert rig.events == ["start en-us 150", *(f"text {text}" for text in TEXTS)]
    assert rig.progress == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_warm_start_starts_no_engine_and_gives_the_same_clips(rig: Rig) -> None:
    cold = rig.render()
    warm = rig.render(behaviour="refuse")
    assert rig.events == []
    assert rig.progress == []
    assert all(np.array_equal(cold[text], warm[text]) for text in TEXTS)
    assert {clip.dtype for clip in (*cold.values(), *warm.values())} == {np.dtype(np.int16)}
    assert not any(clip.flags.writeable for clip in (*cold.values(), *warm.values()))


def test_only_what_is_missing_is_rendered(rig: Rig) -> None:
    rig.render(TEXTS)
    clips = rig.render(["nine", *TEXTS])
    assert rig.asked == ["nine"]
    assert set(clips) == {"nine", *TEXTS}


MANY = [f"number {n}" for n in range(45)]


def test_many_are_rendered_by_several_engines_each_with_its_share_in_order(rig: Rig) -> None:
    clips = rig.render(MANY)
    assert list(clips) == MANY
    assert rig.events.count("start en-us 150") == 2
    assert [text for text in rig.asked if text in MANY[::2]] == MANY[::2]
    assert [text for text in rig.asked if text in MANY[1::2]] == MANY[1::2]
    assert rig.progress == [(done, 45) for done in range(46)]
    assert all(np.array_equal(clips[text], clips["number 10"]) for text in MANY if len(text) == 9)


def test_where_one_of_several_engines_fails_for_good_the_rest_is_not_tried(rig: Rig) -> None:
    with pytest.raises(VoiceCrampError, match="to say 'number 1'"):
        rig.render(MANY, behaviour="number 1:silent")
    assert "number 3" not in rig.asked
    rig.render(MANY)
    assert "number 0" not in rig.asked, "what was rendered before is kept"


def test_a_clip_damaged_after_the_start_is_rendered_when_it_is_spoken(rig: Rig) -> None:
    clips = rig.render()
    for file in rig.files:
        file.write_bytes(b"")
    assert len(clips["ten"])
    assert rig.asked == [*TEXTS, "ten"]


def test_no_libsonic_is_told_at_the_start(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise VoiceCrampError("libsonic.so.0 is not installed")

    monkeypatch.setattr(tempo, "load", missing)
    with pytest.raises(VoiceCrampError, match="libsonic"):
        rig.render()


def test_another_voice_or_rate_has_clips_of_its_own(rig: Rig) -> None:
    rig.render(["ten"])
    for voice in (Voice(language="en-gb"), Voice(rate=160)):
        rig.render(["ten"], voice=voice)
        assert rig.events == [f"start {voice.language} {voice.rate}", "text ten"]
    assert len(rig.files) == 3


def test_another_version_has_clips_of_its_own(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.render(["ten"])
    monkeypatch.setattr(store, "VERSION", store.VERSION + 1)
    rig.render(["ten"])
    assert rig.asked == ["ten"]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "emptied": lambda _: b"",
    "truncated": lambda content: content[:-100],
    "lengthened": lambda content: content + b"\0",
    "one bit flipped": lambda content: content[:1000] + bytes([content[1000] ^ 1]) + content[1001:],
    "overwritten": lambda _: b"not a sound",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_clip_is_rendered_again_and_mended(rig: Rig, damage: Callable[[bytes], bytes]) -> None:
    whole = rig.render(["ten", "nine"])["ten"]
    for file in rig.files:
        file.write_bytes(damage(file.read_bytes()))
    assert np.array_equal(rig.render(["ten"])["ten"], whole)
    assert rig.asked == ["ten"]
    assert np.array_equal(rig.render(["ten"], behaviour="refuse")["ten"], whole)


def test_a_damaged_clip_makes_way_for_one_that_came_out_differently(rig: Rig) -> None:
    rig.render(["ten"])
    (file,) = rig.files
    other = file.with_name(file.name.partition("-")[0] + "-0.wav")
    file.rename(other)
    rig.render(["ten"])
    assert rig.files == [file]


def test_strange_things_in_the_folder_are_left_alone(rig: Rig) -> None:
    rig.folder.mkdir()
    (rig.folder / "README").write_text("mine")
    (rig.folder / "mine.wav").write_bytes(b"mine")
    (rig.folder / "folder.wav").mkdir()
    rig.render(["ten"])
    assert len(rig.files) == 4


def test_an_entry_that_cannot_be_read_is_rendered_again(rig: Rig) -> None:
    rig.render(["ten"])
    (file,) = rig.files
    file.rename(rig.folder / "aside")
    file.with_name(file.name.partition("-")[0] + "-0.wav").symlink_to("nowhere")
    rig.render(["ten"])
    assert rig.asked == ["ten"]
    assert file in rig.files


FAILURES = {
    "truncated": "it is truncated",
    "broken-off": "it breaks off",
    "silent": "it is silent",
    "too-short": "it is too short for its text",
    "not-a-wav": "it is not a WAV file",
    "empty": "it is not a WAV file",
    "garbage": "something else than JSON",
    "not-an-object": "something else than an object",
    "not-base64": "the speech engine gave no clip",
    "complains": "the engine is hoarse",
    "crash": r"ended unexpectedly \(without a word\)",
    "gives-up": r"ended unexpectedly \(the engine gave up\)",
}


@pytest.mark.parametrize("behaviour", FAILURES)
def test_a_failure_is_tried_again_with_a_fresh_engine(rig: Rig, behaviour: str) -> None:
    clips = rig.render(["ten", "nine"], behaviour=f"once:{behaviour}")
    assert set(clips) == {"ten", "nine"}
    start = "start en-us 150"
    assert rig.events == [start, "text ten", start, "text ten", "text nine"]


@pytest.mark.parametrize("behaviour", FAILURES)
def test_a_failure_that_stays_is_one_clear_error(rig: Rig, behaviour: str) -> None:
    with pytest.raises(VoiceCrampError, match=rf"failed 5 times to say 'ten': .*{FAILURES[behaviour]}.*\.$"):
        rig.render(["ten"], behaviour=behaviour)
    assert rig.asked == ["ten"] * 5
    assert rig.files == []


@pytest.mark.parametrize("behaviour", ["hang", "hang-at-start"])
def test_an_engine_that_hangs_is_given_up(rig: Rig, behaviour: str) -> None:
    with pytest.raises(VoiceCrampError, match=r"did not answer within 0\.2 s"):
        rig.render(["ten"], behaviour=behaviour, timeout=0.2)


def test_an_engine_that_hangs_once_is_replaced(rig: Rig) -> None:
    assert set(rig.render(["ten"], behaviour="once:hang", timeout=2.0)) == {"ten"}


def test_an_engine_that_refuses_is_not_asked_again(rig: Rig) -> None:
    with pytest.raises(VoiceCrampError, match=r"^The speech engine has a cold\.$"):
        rig.render(["ten"], behaviour="refuse")
    assert rig.events == ["start en-us 150"]


def test_an_engine_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(VoiceCrampError, match="cannot be started: No such file"):
        render(["ten"], Voice(), tmp_path, lambda *_: None, worker=(str(tmp_path / "none"),))


def test_what_was_rendered_before_a_failure_is_kept(rig: Rig) -> None:
    with pytest.raises(VoiceCrampError, match="to say 'nine'"):
        rig.render(["ten", "nine"], behaviour="nine:crash")
    rig.render(["ten", "nine"])
    assert rig.asked == ["nine"]


@pytest.mark.parametrize("text", ["", " ", "...", "?!"])
def test_a_text_with_nothing_to_say_is_refused(rig: Rig, text: str) -> None:
    with pytest.raises(VoiceCrampError, match="There is nothing to say"):
        rig.render(["ten", text])
    assert rig.events == []


def test_a_cache_where_no_folder_can_be(rig: Rig, tmp_path: Path) -> None:
    rig.folder = tmp_path / "file" / "clips"
    rig.folder.parent.write_text("in the way")
    with pytest.raises(VoiceCrampError, match=r"Speech cannot be kept in .*/file/clips: Not a directory\."):
        rig.render()


def test_a_cache_where_nobody_may_write(rig: Rig) -> None:
    rig.folder = Path("/proc/self/fdinfo")  # read-only even for root
    with pytest.raises(VoiceCrampError, match=r"Speech cannot be kept in /proc/self/fdinfo: "):
        rig.render(["ten"])


FULL_DISK = """
import resource, sys
from pathlib import Path
from voicecramp.errors import VoiceCrampError
from voicecramp.tts import Voice, render
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
try:
    render(["ten"], Voice(), Path(sys.argv[1]), lambda *_: None, worker=sys.argv[2:])
except VoiceCrampError as error:
    print(error)
"""


def test_a_full_disk_leaves_nothing_half_written(rig: Rig) -> None:
    worker = [sys.executable, "-S", str(FAKE), "good", str(rig.log)]
    script = [sys.executable, "-c", FULL_DISK, str(rig.folder), *worker]
    done = subprocess.run(script, capture_output=True, text=True, check=True)
    assert done.stdout.startswith(f"Speech cannot be kept in {rig.folder}: File too large.")
    assert rig.files == []
    assert set(rig.render(["ten"])) == {"ten"}


def test_no_espeak_ng(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_LIBRARY", "libespeak-ng-that-is-not-there.so.1")
    with pytest.raises(VoiceCrampError, match=r"espeak-ng is missing: .*apt install libespeak-ng1"):
        rig.render()
