"""The timeline: what is scheduled comes out, to the sample."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecramp.frames import FRAME, Samples
from voicecramp.playback import Placement, Timeline
from voicecramp.playback.timeline import FADE, GAIN_RAMP

FRAMES = 12


def noise(length: int, seed: int = 1, amplitude: int = 3000) -> Samples:
    return np.random.default_rng(seed).integers(-amplitude, amplitude, length, dtype=np.int16, endpoint=True)


def listen(timeline: Timeline, frames: int = FRAMES) -> Samples:
    return np.concatenate([np.zeros(0, np.int16), *(timeline.render() for _ in range(frames))])


clips = st.builds(noise, st.integers(1, 4 * FRAME), st.integers(0, 99))
schedules = st.lists(st.tuples(clips, st.integers(0, 8 * FRAME)), max_size=6)


def test_nothing_scheduled_is_silence() -> None:
    timeline = Timeline()
    frame = timeline.render()
    assert (frame.dtype, frame.shape) == (np.dtype(np.int16), (FRAME,))
    assert not frame.any()
    assert timeline.now == FRAME


@given(schedules)
def test_every_clip_comes_out_sample_for_sample(schedule: list[tuple[Samples, int]]) -> None:
    timeline = Timeline()
    expected = np.zeros(FRAMES * FRAME, dtype=int)
    for number, (clip, at) in enumerate(schedule):
        assert timeline.play(clip, at, str(number)) == Placement(str(number), at, at + len(clip))
        expected[at : at + len(clip)] += clip
    assert np.array_equal(listen(timeline), expected)


@given(clips, st.integers(0, 4), st.one_of(st.none(), st.integers(0, 4 * FRAME)))
def test_a_start_that_is_past_never_costs_the_head(clip: Samples, frames: int, at: int | None) -> None:
    timeline = Timeline()
    for _ in range(frames):
        timeline.render()
    now = frames * FRAME
    placement = timeline.play(clip, at, "late")
    assert placement.start == max(now, at or 0)
    heard = listen(timeline)
    offset = placement.start - now
    assert np.array_equal(heard[offset : offset + len(clip)], clip)


@given(schedules, st.integers(0, 8))
def test_after_a_cut_there_is_a_fade_and_then_silence(schedule: list[tuple[Samples, int]], at: int) -> None:
    timeline, whole = Timeline(), Timeline()
    for number, (clip, start) in enumerate(schedule):
        timeline.play(clip, start, str(number))
        whole.play(clip, start, str(number))
    before, reference = listen(timeline, at), listen(whole)
    now = timeline.now
    silenced = timeline.cut()
    after = listen(timeline)

    assert np.array_equal(before, reference[:now])
    assert not after[FADE:].any()
    assert all(one.placement.start < now < one.placement.end for one in silenced.interrupted)
    assert all(one.at == min(now + FADE, one.placement.end) for one in silenced.interrupted)
    assert all(one.start >= now for one in silenced.dropped)
    ended = [
        number for number, (clip, start) in enumerate(schedule) if start < now and start + len(clip) <= now
    ]
    told = [*(one.placement.id for one in silenced.interrupted), *(one.id for one in silenced.dropped)]
    assert sorted(map(int, told)) == sorted(set(range(len(schedule))) - set(ended))


def test_a_cut_fades_without_a_step() -> None:
    timeline = Timeline()
    steady = np.full(4 * FRAME, 10_000, dtype=np.int16)
    timeline.play(steady, None, "steady")
    timeline.render()
    timeline.cut()
    tail = np.concatenate([[10_000], listen(timeline).astype(int)])
    steps = np.diff(tail[: FADE + 2])
    assert (steps <= 0).all()
    assert steps.min() > -10_000 * np.pi / 2 / FADE - 2  # the steepest of a raised cosine, and rounding
    assert tail[FADE // 2] == pytest.approx(5000, abs=50)


def test_a_second_cut_does_not_tell_of_the_first_again_nor_begin_its_fade_anew() -> None:
    once, twice = Timeline(), Timeline()
    for timeline in (once, twice):
        timeline.play(noise(4 * FRAME), None, "x")
        timeline.render()
        timeline.cut()
    first = (once.render(), twice.render())
    again = twice.cut()
    assert (again.interrupted, again.dropped) == ((), ())
    assert np.array_equal(
        np.concatenate([first[0], once.render()]), np.concatenate([first[1], twice.render()])
    )


def test_what_is_played_after_a_cut_is_whole() -> None:
    timeline = Timeline()
    timeline.play(np.full(FRAME * 4, 1000, dtype=np.int16), None, "old")
    timeline.render()
    timeline.cut()
    new = noise(2 * FRAME)
    timeline.play(new, timeline.now + FADE, "new")
    assert np.array_equal(listen(timeline)[FADE : FADE + len(new)], new)


def test_what_is_too_loud_together_is_held_at_the_ends() -> None:
    timeline = Timeline()
    for loud in (30_000, 30_000):
        timeline.play(np.full(10, loud, dtype=np.int16), 0, "up")
        timeline.play(np.full(10, -loud, dtype=np.int16), 10, "down")
    frame = timeline.render()
    assert set(frame[:10]) == {32_767}
    assert set(frame[10:20]) == {-32_768}


def test_a_gain_ramps_and_then_is_exact() -> None:
    timeline = Timeline()
    timeline.play(np.full(FRAMES * FRAME, 10_000, dtype=np.int16), 0, "steady")
    timeline.render()
    timeline.gain(-20.0)
    heard = listen(timeline, 4).astype(int)
    steps = np.diff(np.concatenate([[10_000], heard]))
    assert set(steps[:GAIN_RAMP]) <= {-11, -12}  # 9,000 over 800 samples
    assert set(heard[GAIN_RAMP - 1 :]) == {1000}


def test_a_gain_changed_on_the_way_goes_on_from_where_it_is() -> None:
    timeline = Timeline()
    timeline.play(np.full(FRAMES * FRAME, 10_000, dtype=np.int16), 0, "steady")
    timeline.gain(-20.0)
    down = timeline.render()
    timeline.gain(0.0)
    heard = np.concatenate([down, listen(timeline, 4)]).astype(int)
    assert np.abs(np.diff(heard)).max() <= 12
    assert set(heard[FRAME + GAIN_RAMP :]) == {10_000}


@given(clips)
def test_back_at_0_db_clips_are_untouched(clip: Samples) -> None:
    timeline = Timeline()
    timeline.gain(-12.0)
    listen(timeline, 3)
    timeline.gain(0.0)
    listen(timeline, 3)
    timeline.play(clip, None, "x")
    assert np.array_equal(listen(timeline)[: len(clip)], clip)


@pytest.mark.parametrize("decibels", [0.1, 6.0, float("nan"), float("-inf")])
def test_a_gain_that_could_clip_is_refused(decibels: float) -> None:
    with pytest.raises(ValueError, match="at most 0 dB"):
        Timeline().gain(decibels)


@pytest.mark.parametrize(
    "clip",
    [np.zeros(0, np.int16), np.zeros(10, np.float32), np.zeros((10, 1), np.int16)],
    ids=["empty", "float", "two-dimensional"],
)
def test_what_is_not_a_clip_is_refused(clip: Samples) -> None:
    with pytest.raises(ValueError, match="clip odd must be int16"):
        Timeline().play(clip, None, "odd")


def test_a_clip_in_place_of_others_is_heard_and_they_are_not() -> None:
    timeline = Timeline()
    kept, gone, new = noise(100, 1), noise(100, 2), noise(300, 3)
    timeline.play(kept, 0, "kept")
    others = [timeline.play(gone, at, f"gone-{at}") for at in (500, 700)]
    assert timeline.play_instead(others, new, 450, "new") == Placement("new", 450, 750)
    expected = np.zeros(FRAMES * FRAME, np.int16)
    expected[:100], expected[450:750] = kept, new
    assert np.array_equal(listen(timeline), expected)


@pytest.mark.parametrize("what", ["begun", "not there", "too late"])
def test_a_clip_that_cannot_have_its_place_changes_nothing(what: str) -> None:
    timeline, reference = Timeline(), Timeline()
    for one in (timeline, reference):
        begun = one.play(noise(FRAME * 2, 1), FRAME - 1, "begun")
        coming = one.play(noise(FRAME, 2), 4 * FRAME, "coming")
        one.render()
    others = [coming, *([begun] if what == "begun" else [])]
    if what == "not there":
        others.append(Placement("other", 5 * FRAME, 6 * FRAME))
    at = FRAME - 1 if what == "too late" else 4 * FRAME
    assert timeline.play_instead(others, noise(10), at, "new") is None
    assert np.array_equal(listen(timeline), listen(reference))


def test_one_that_would_begin_with_the_next_sample_may_still_make_way() -> None:
    timeline = Timeline()
    timeline.render()
    coming = timeline.play(noise(FRAME), FRAME, "coming")
    assert timeline.play_instead([coming], noise(10, 7), FRAME, "new") == Placement("new", FRAME, FRAME + 10)
    assert np.array_equal(listen(timeline, 1)[:10], noise(10, 7))


actions = st.lists(
    st.one_of(
        st.tuples(st.just("play"), clips, st.one_of(st.none(), st.integers(0, 8 * FRAME))),
        st.tuples(st.just("play_instead"), clips, st.integers(0, 8 * FRAME), st.integers(0, 9)),
        st.tuples(st.just("cut")),
        st.tuples(st.just("gain"), st.floats(-40, 0)),
        st.tuples(st.just("render")),
    ),
    max_size=30,
)


@given(actions)
def test_the_same_calls_give_the_same_bits(script: list[tuple[str, ...]]) -> None:
    def run() -> tuple[list[object], bytes]:
        timeline, told, heard = Timeline(), [], b""
        for name, *arguments in script:
            if name == "play":
                told.append(timeline.play(*arguments, "x"))
            elif name == "play_instead":
                clip, at, which = arguments
                others = [one for one in told[which : which + 1] if isinstance(one, Placement)]
                told.append(timeline.play_instead(others, clip, at, "y"))
            elif name == "render":
                heard += timeline.render().tobytes()
            else:
                told.append(getattr(timeline, name)(*arguments))
        return told, heard

    assert run() == run()


def test_one_thread_schedules_while_another_renders() -> None:
    timeline = Timeline()
    placements: list[Placement] = []
    one = np.full(100, 1, dtype=np.int16)

    def schedule() -> None:
        placements.extend(timeline.play(one, None, str(number)) for number in range(2000))

    scheduler = threading.Thread(target=schedule)
    scheduler.start()
    heard = []
    while scheduler.is_alive():
        heard.append(timeline.render())
    scheduler.join()
    heard.append(listen(timeline, 2))
    played = np.concatenate(heard).astype(int)
    expected = np.zeros(len(played), dtype=int)
    for placement in placements:
        expected[placement.start : placement.end] += 1
    assert np.array_equal(played, expected)
