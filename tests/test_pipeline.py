"""The one loop, with ears that are told what they hear: what is said, told and kept of a conversation."""

from collections.abc import Iterator, Mapping

import numpy as np
import pytest
from dialogue.small import Kept, content

from voicecramp.aec import EchoCanceller
from voicecramp.dialogue import Content, Dialogue, Past, Record, Settings
from voicecramp.dialogue.past import RunningTimer
from voicecramp.dialogue.records import EpisodeBegan, EpisodeEnded, Held, TimerGone
from voicecramp.errors import VoiceCrampError
from voicecramp.events import Count, Event, Failure, Interrupted, Rejected, Said, StateChange, Understood
from voicecramp.frames import FRAME, Samples, to_samples
from voicecramp.hearing import Missed
from voicecramp.nlu import Intent, Unsure
from voicecramp.pipeline import Pipeline
from voicecramp.playback import Timeline
from voicecramp.speaking import Speaking

Meaning = Intent | Unsure | Missed
SILENCE: Samples = np.zeros(FRAME, np.int16)


class Clips(Mapping[str, Samples]):
    """A clip of a second for any text, and of a third for numbers."""

    def __getitem__(self, text: str) -> Samples:
        return np.full(to_samples(0.3 if text.isdigit() else 1.0), 1000, np.int16)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Ears:
    """Hears what it is told, each in the frame it is told."""

    speech = False

    def __init__(self) -> None:
        self.next: Meaning | None = None

    def process(self, _frame: Samples, _state: str, *, lowered: bool) -> Meaning | None:
        assert not lowered, "no echo here"
        meaning, self.next = self.next, None
        return meaning


class Labels:
    """All that the pipeline asks of what understands."""

    def label(self, intent: Intent) -> str:
        return intent.name.lower()


class Night:
    """A pipeline with ears and a memory of its own."""

    def __init__(self, guidance: Content, past: Past | None = None, trouble: str = "") -> None:
        self.events: list[Event] = []
        self.records: list[tuple[Record, float]] = []
        self.trouble = trouble
        self.ears = Ears()
        timeline = Timeline()
        self.pipeline = Pipeline(
            echo_canceller=EchoCanceller(),
            hearing=self.ears,  # type: ignore[arg-type]
            nlu=Labels(),  # type: ignore[arg-type]
            dialogue=Dialogue(guidance, Settings(), past),
            speaking=Speaking(Clips(), timeline, self.events.append),
            timeline=timeline,
            emit=self.events.append,
            keep=self.keep,
        )
        self.pipeline.begin("told", "it is a test")

    def keep(self, record: Record, t: float) -> None:
        if self.trouble:
            raise VoiceCrampError(self.trouble)
        self.records.append((record, t))

    def say(self, name: str) -> "Night":
        return self.hear(Intent(name))

    def hear(self, meaning: Meaning) -> "Night":
        self.ears.next = meaning
        return self.wait(FRAME / 16000)

    def wait(self, duration: float) -> "Night":
        for _ in range(to_samples(duration) // FRAME):
            self.pipeline.process(SILENCE, SILENCE)
            self.pipeline.render()
        return self

    def said(self) -> list[str]:
        return [event.id for event in self.events if isinstance(event, Said)]

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return content(tmp_path_factory.mktemp("pipeline"))


def test_a_cramp_is_talked_through_and_kept_with_the_seconds_it_took(small: Content) -> None:
    night = Night(small).say("Cramp").wait(12.5).say("Gone").wait(10.0)
    assert night.said()[:2] == ["calf-pull", "calf-breathe"]
    assert night.said()[-2:] == ["gone-good", "gone-walk"]
    records = [record for record, _ in night.records]
    assert records == [EpisodeBegan("leg", ""), Held("calf/hold", 10), EpisodeEnded("gone")]
    times = [t for _, t in night.records]
    assert times[0] < times[1] < times[2]
    assert times[1] == pytest.approx(12.5, abs=0.1)


def test_every_move_is_told(small: Content) -> None:
    night = Night(small).say("Cramp").wait(5.0).say("Stop").wait(1.0)
    assert [event.name for event in night.of(Understood)] == ["Cramp", "Stop"]
    assert [event.to for event in night.of(StateChange)] == ["guiding calf/pull", "holding calf/hold", "idle"]


def test_events_come_in_the_order_of_their_times_however_far_ahead_the_speaker_is(small: Content) -> None:
    night = Night(small)
    for _ in range(10):
        night.pipeline.render()
    night.say("Cramp").wait(0.5).say("Stop").wait(1.0)
    assert night.of(Interrupted)
    times = [event.t for event in night.events]
    assert times == sorted(times)


def test_a_memory_that_fails_is_told_and_the_person_still_gets_through(small: Content) -> None:
    trouble = "diary.sqlite3 cannot be written; make room on the disk"
    broken, whole = Night(small, trouble=trouble), Night(small)
    for night in (broken, whole):
        night.say("Cramp").wait(40.0).say("No").wait(10.0).say("Louder").say("Gone").wait(20.0)
    failures = [event.what for event in broken.of(Failure)]
    assert failures == [trouble] * len(whole.records)
    assert len(failures) >= 4
    assert broken.said() == whole.said()
    assert broken.of(Count) == whole.of(Count)
    assert broken.records == []


def test_a_timer_of_the_night_before_rings_in_idle_and_is_kept(small: Content) -> None:
    night = Night(small, Kept(timers=[RunningTimer("ice", 2.0)]))
    assert not night.pipeline.over
    night.wait(1.9)
    assert night.said() == []
    night.wait(2.0)
    assert night.said() == ["timer-named-done-ice"]
    assert [record for record, _ in night.records] == [TimerGone("ice")]
    assert night.pipeline.over


def test_a_timer_rings_in_a_hold_without_moving_its_clock(small: Content) -> None:
    night = Night(small, Kept(timers=[RunningTimer("ice", 12.0)])).say("Cramp").wait(36.0)
    assert "timer-named-done-ice" in night.said()
    counts = night.of(Count)
    assert [count.value for count in counts] == [30, 25, 20, 15, *range(10, 0, -1)]
    assert all(count.start == count.ideal for count in counts)
    assert [record for record, _ in night.records if isinstance(record, Held)] == [Held("calf/hold", 30)]


class TestMissed:
    def test_an_answer_that_is_missed_is_asked_for(self, small: Content) -> None:
        night = Night(small).say("Cramp").wait(36.0)
        assert night.said()[-1] == "calf-let-go"
        night.hear(Missed()).wait(2.5)
        assert night.said()[-2:] == ["missed", "yes-or-no"]

    def test_what_is_said_over_its_own_words_is_no_answer(self, small: Content) -> None:
        night = Night(small).say("Cramp").wait(32.9)
        assert night.said()[-1] == "calf-let-go"
        night.hear(Missed()).wait(2.5)
        assert night.said()[-1] == "calf-let-go"

    def test_in_a_hold_nobody_is_disturbed(self, small: Content) -> None:
        night = Night(small).say("Cramp").wait(10.0).hear(Missed()).wait(10.0)
        assert "missed" not in night.said()


def test_what_is_half_understood_is_asked_about(small: Content) -> None:
    night = Night(small).hear(Unsure(Intent("Cramp", text="cramp"), "weak")).wait(3.0)
    assert night.said() == ["did-you-say-cramp"]
    (rejected,) = night.of(Rejected)
    assert "asked about" in rejected.reason
    assert night.say("Yes").wait(2.0).said()[-1] == "calf-pull"


def test_it_is_over_when_nothing_more_will_follow(small: Content) -> None:
    night = Night(small)
    assert night.pipeline.over
    assert not night.say("Cramp").pipeline.over
    assert night.say("Stop").wait(0.2).pipeline.over
