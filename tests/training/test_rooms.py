"""Where mouth and microphone stand in the rooms that are simulated, and what is heard there."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from optional import need

need("pyroomacoustics", "scripts/train installs it")

from training import augment, evaluation  # noqa: E402  # after all is known to be there
from training.augment import _places, simulate_rooms  # noqa: E402
from training.corpus import RATE, load  # noqa: E402
from training.settings import Speaker  # noqa: E402

HALL = np.array((6.0, 6.0, 3.0))
MIDDLE = HALL / 2


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[float | None]:
    """What distances are asked for; the mouth stands in the middle of a hall, the microphone as far off as asked."""
    distances = list[float | None]()

    def places(_: np.random.Generator, distance: float | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        distances.append(distance)
        return HALL, MIDDLE, MIDDLE + np.array((distance or 2.0, 0, 0))

    monkeypatch.setattr(augment, "_places", places)
    return distances


@pytest.mark.parametrize("distance", [0.3, 1.5, 3.5])
def test_the_microphone_is_as_far_off_as_it_is_said_to_be(distance: float) -> None:
    random = np.random.default_rng(7)
    for _ in range(200):
        size, mouth, microphone = _places(random, distance)
        assert np.linalg.norm(microphone - mouth) == pytest.approx(distance)
        for place in (mouth, microphone):
            assert (place > 0).all()
            assert (place < size).all()


def test_every_room_has_its_own_distance_where_none_is_said() -> None:
    random = np.random.default_rng(7)
    places = [_places(random, None) for _ in range(200)]
    metres = [float(np.linalg.norm(microphone - mouth)) for _, mouth, microphone in places]
    assert min(metres) < 0.6
    assert max(metres) > 3.0


def test_all_rooms_are_simulated_at_the_distance_that_is_asked_for(asked: list[float | None]) -> None:
    simulate_rooms(2, np.random.default_rng(7), 1.5)
    simulate_rooms(1, np.random.default_rng(7))
    assert asked == [1.5, 1.5, None]


@pytest.mark.usefixtures("asked")
def test_farther_off_more_of_what_is_heard_comes_from_the_walls() -> None:
    near, far = (
        float(np.square(simulate_rooms(1, np.random.default_rng(7), metres)[0][100:]).sum())
        for metres in (0.3, 2.5)
    )
    # The direct sound, which is brought to one level, falls with the distance, what the walls throw back hardly does.
    assert far > 20 * near


@pytest.mark.usefixtures("asked")
def test_responses_begin_with_the_direct_sound() -> None:
    (response,) = simulate_rooms(1, np.random.default_rng(7), 0.5)
    assert response.dtype == np.float32
    # What comes from floor and ceiling comes next, and at once, for the mouth is halfway up.
    later = (np.hypot(0.5, HALL[2]) - 0.5) / 343 * RATE
    assert 50 + np.abs(response[50:]).argmax() == pytest.approx(later, abs=2)


def test_commands_are_recorded_in_rooms_at_one_and_a_half_metres(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    echo, said = np.zeros(8001, np.float32), np.ones(1000, np.float32)
    echo[[0, -1]] = 1
    distances = list[float | None]()

    def rooms(count: int, _: np.random.Generator, distance: float | None = None) -> Sequence[np.ndarray]:
        distances.append(distance)
        return [echo] * count

    monkeypatch.setattr(evaluation, "simulate_rooms", rooms)
    monkeypatch.setattr(evaluation, "speak", lambda *_: said)
    ((phrase, path),) = evaluation.command_recordings(["stop"], tmp_path, 7, [Speaker("flite", "rms")])
    assert distances == [1.5]
    assert phrase == "stop"
    heard = load(path)
    assert len(heard) == len(said) + len(echo) - 1
    # Both times it is said it is far louder than the noise between.
    first, between, again = (float(np.square(part).mean()) for part in np.split(heard, [1000, 8000]))
    assert min(first, again) > 20 * between
