"""Where mouth and microphone stand in the rooms that are simulated."""

import numpy as np
import pytest
from optional import need

need("pyroomacoustics", "scripts/train installs it")

from training.augment import _places, simulate_rooms  # noqa: E402  # after all is known to be there


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


def test_responses_begin_with_the_direct_sound_at_full_level() -> None:
    for response in simulate_rooms(3, np.random.default_rng(7), 1.5):
        assert response.dtype == np.float32
        assert response[0] == pytest.approx(1.0)
        assert np.abs(response).max() == pytest.approx(1.0)
