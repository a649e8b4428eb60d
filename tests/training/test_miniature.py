"""The whole recipe on eight words and synthetic voices, decoded by Vosk with voices it never heard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from optional import need
from voices import give_up

torch = need("torch", "scripts/train installs it")

from training.engines import vosk_listener  # noqa: E402  # after torch is known to be there
from training.recipe import Recipe  # noqa: E402
from training.settings import load_settings  # noqa: E402
from training.synthesis import HELD_OUT, speak  # noqa: E402


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    # So small a network is trained faster without threads that wait for each other.
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def test_a_model_made_from_nothing_hears_unknown_voices(tmp_path: Path) -> None:
    recipe = Recipe(load_settings(Path(__file__).with_name("mini.toml")), tmp_path)
    try:
        recipe.prepare()
        recipe.synthesise()
        recipe.extract()
        recipe.train("only")
        recipe.fit_garbage("only")
        model = recipe.export("only")
    except FileNotFoundError as error:
        give_up(f"{error.filename} is not installed; scripts/train says how to install it")
    phrases = recipe.commands()
    listen = vosk_listener(model, phrases)
    right = [listen(speak(phrase, voice)).text == phrase for phrase in phrases for voice in HELD_OUT]
    # By chance one in seven is right; 25 of the 35 were when this was written.
    assert sum(right) >= len(right) / 2

    # A second run finds everything made, and makes nothing again.
    trained = (tmp_path / "networks" / "only.pt").stat().st_mtime_ns
    recipe.train("only")
    recipe.fit_garbage("only")
    assert (tmp_path / "networks" / "only.pt").stat().st_mtime_ns == trained
