"""Settings changed by voice: within bounds, said so, remembered, and heard in the hold that runs."""

import pytest
from dialogue.small import Kept, Person, cut, held, hold, kept, said

from voicecramp.dialogue import Content, Cue, Cut, Gain, Pace
from voicecramp.dialogue.preferences import PACE_STEP, QUIETEST, WHISPER
from voicecramp.dialogue.records import Preferred


def gains(cues: tuple[Cue, ...]) -> list[float]:
    return [cue.decibels for cue in cues if isinstance(cue, Gain)]


def paces(cues: tuple[Cue, ...]) -> list[float]:
    return [cue.factor for cue in cues if isinstance(cue, Pace)]


class TestLoudness:
    def test_louder_is_heard_by_itself_until_it_cannot_be(self, person: Person) -> None:
        cues = person.say("Louder")
        assert gains(cues) == [0.0]
        assert said(cues) == []
        assert kept(cues) == [Preferred("gain", 0.0)]
        cues = person.say("Louder")
        assert said(cues) == ["loudest"]
        assert kept(cues) == []

    def test_quieter_stops_where_nothing_would_be_heard(self, person: Person) -> None:
        steps = [gain for _ in range(9) for gain in gains(person.say("Quieter"))]
        assert sorted(set(steps), reverse=True) == [-12.0, -18.0, -24.0, QUIETEST]
        assert said(person.say("Quieter")) == ["quietest"]

    def test_whisper_is_quiet_at_once(self, person: Person) -> None:
        cues = person.say("Whisper")
        assert gains(cues) == [WHISPER]
        assert said(cues) == ["whispering"]
        assert kept(cues) == [Preferred("gain", WHISPER)]

    def test_what_is_quieter_already_is_made_no_louder_by_it(self, small: Content) -> None:
        person = Person(small, Kept(preferences={"gain": -36.0}))
        assert gains(person.say("Quieter")) == [-36.0]
        assert gains(person.say("Whisper")) == [-36.0]
        assert gains(person.say("Louder")) == [-30.0]

    def test_a_hold_goes_on_through_it(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        for name in ("Louder", "Louder", "Quieter", "Whisper", "Slower", "Faster"):
            assert Cut() not in person.say(name, held=5)
            assert person.at == "holding calf/hold"
        person.silence()
        assert held(person.records, "calf/hold") == [30]


class TestPace:
    def test_slower_and_faster_are_steps_of_one_scale(self, person: Person) -> None:
        there = [pace for _ in range(3) for pace in paces(person.say("Slower"))]
        back = [pace for _ in range(3) for pace in paces(person.say("Faster"))]
        assert there == [round(PACE_STEP**-n, 3) for n in (1, 2, 3)]
        assert back == [*there[1::-1], 1.0]

    def test_the_ends_are_said(self, person: Person) -> None:
        for _ in range(3):
            assert said(person.say("Slower")) == ["slower"]
        assert said(person.say("Slower")) == ["slowest"]
        for _ in range(5):
            assert said(person.say("Faster")) == ["faster"]
        cues = person.say("Faster")
        assert said(cues) == ["fastest"]
        assert kept(cues) == []


class TestCounting:
    @pytest.mark.parametrize(
        ("style", "counts"),
        [
            ("every", tuple(range(20, 0, -1))),
            ("less", (20, 10, 5, 3, 2, 1)),
            ("none", ()),
            ("usual", (20, 15, *range(10, 0, -1))),
        ],
    )
    def test_the_hold_that_runs_is_counted_so_at_once(
        self, person: Person, style: str, counts: tuple[int, ...]
    ) -> None:
        person.say("CountStyle", count="every" if style == "usual" else "usual")
        person.say("Cramp")
        person.silence()
        cues = person.say("CountStyle", held=10, count=style)
        assert cut(cues)
        assert said(cues) == [f"counting-{style}"]
        assert hold(cues).left == 20
        assert hold(cues).counts == counts
        assert kept(cues) == [Preferred("counting", style)]

    def test_the_next_one_too(self, person: Person) -> None:
        person.say("CountStyle", count="none")
        person.say("Cramp")
        assert hold(person.silence()).counts == ()


class TestHoldFor:
    def test_the_hold_that_runs_is_as_long_at_once(self, person: Person) -> None:
        person.say("Cramp")
        person.silence()
        cues = person.say("HoldFor", held=10, length=45)
        assert said(cues) == ["hold-length-45"]
        assert hold(cues).left == 35
        assert kept(cues) == [Preferred("hold", 45)]
        person.silence()
        assert held(person.records, "calf/hold") == [45]

    def test_one_held_longer_than_that_already_is_over(self, person: Person) -> None:
        person.say("HoldFor", length=60)
        person.say("Cramp")
        person.silence()
        cues = person.say("HoldFor", held=40, length=30)
        assert said(cues) == ["hold-length-30", "calf-let-go"]
        assert held(person.records, "calf/hold") == [40]

    def test_a_hold_of_a_length_of_its_own_keeps_it(self, person: Person) -> None:
        person.say("Cramp", muscle="foot")
        person.silence()
        cues = person.say("HoldFor", held=5, length=60)
        assert said(cues) == ["hold-length-60"]
        assert Cut() not in cues
        person.silence()
        assert held(person.records, "foot/hold") == [20]

    @pytest.mark.parametrize("seconds", [10, 29, 61, 600])
    def test_outside_what_the_source_says_it_is_refused(self, person: Person, seconds: int) -> None:
        cues = person.say("HoldFor", length=seconds)
        assert said(cues) == ["hold-limits"]
        assert kept(cues) == []
        person.say("Cramp")
        assert hold(person.silence()).left == 30

    def test_the_longest_is_never_shorter_than_the_usual_one(self, person: Person) -> None:
        person.say("HoldFor", length=60)
        person.say("Cramp")
        assert hold(person.silence()).left == 60
        person.silence()
        person.say("No")
        assert hold(person.silence()).left == 60


def test_they_are_remembered_in_the_next_night(small: Content) -> None:
    person = Person(small, Kept(preferences={"hold": 45, "counting": "less", "gain": -12.0}))
    person.say("Cramp")
    assert hold(person.silence()).counts == (45, 30, 20, 10, 5, 3, 2, 1)
    assert gains(person.dialogue.begin()) == [-12.0]


def test_in_a_pause_they_are_answered_and_it_stays_paused(person: Person) -> None:
    person.say("Cramp")
    person.silence()
    person.say("Pause", held=10)
    assert said(person.say("CountStyle", count="none")) == ["counting-none"]
    assert person.at == "paused calf/hold"
    assert hold(person.say("CarryOn")).counts == ()
