"""Training that was stopped goes on where it was, and never where another training was."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from optional import need
from typer.testing import CliRunner

torch = need("torch", "scripts/train installs it")

from training import optimise  # noqa: E402  # after torch is known to be there
from training.__main__ import app  # noqa: E402
from training.batches import Batch, Batches  # noqa: E402
from training.corpus import Utterance  # noqa: E402
from training.dataset import Example  # noqa: E402
from training.features import CEPSTRA  # noqa: E402
from training.lexicon import american  # noqa: E402
from training.network import Network  # noqa: E402
from training.recipe import Recipe  # noqa: E402
from training.settings import SHIPPED, NetworkSettings, load_settings  # noqa: E402
from training.transcripts import Pronouncer  # noqa: E402

from voicecramp.errors import VoiceCrampError  # noqa: E402

SETTINGS = NetworkSettings(width=8, bottleneck=4, blocks=1)
PRONOUNCER = Pronouncer(american(), {})
EPOCHS = 3.0
RUN = "one run"


class Stopped(Batches):
    """The same batches, but somebody presses Ctrl-C before the last epoch is over."""

    def stream(self, skip: int = 0) -> Iterator[Batch]:
        yield from islice(super().stream(skip), 2 * len(self) + 1)
        raise KeyboardInterrupt


def batches(kind: type[Batches] = Batches, masks: float = 0.5) -> Batches:
    return kind(examples(), PRONOUNCER, context(), seed=1, masks=masks)


def examples() -> list[Example]:
    random = np.random.default_rng(1)
    return [
        Example(
            Utterance(path="", text=text, speaker="", source="", held_out=False),
            random.normal(0, 10, (frames, CEPSTRA)).astype(np.float16),
        )
        for text in ("stop", "help", "calf cramp", "i feel faint")
        for frames in range(900, 1500, 100)
    ]


def context() -> int:
    return Network(SETTINGS, PRONOUNCER.sounds).context


def fresh() -> Network:
    torch.manual_seed(1)
    return Network(SETTINGS, PRONOUNCER.sounds)


def train(network: Network, kind: type[Batches], checkpoint: Path) -> Network:
    return optimise.train(network, batches(kind), EPOCHS, 1e-3, checkpoint, RUN)


def test_batches_are_the_same_whoever_makes_them() -> None:
    alone, dealt = batches(), Batches(examples(), PRONOUNCER, context(), seed=1, masks=0.5, workers=2)
    skip, some = len(alone) - 1, 3  # into the next epoch, and all workers have had one
    for one, other in zip(islice(alone.stream(skip), some), islice(dealt.stream(skip), some), strict=True):
        assert torch.equal(one.cepstra, other.cepstra)
        assert one.graphs == other.graphs


def test_stopped_and_taken_up_again_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(batches()) > 1
    through = train(fresh(), Batches, tmp_path / "through.checkpoint")
    monkeypatch.setattr(optimise, "_SAVE_EVERY", 0.0)
    checkpoint = tmp_path / "stopped.checkpoint"
    with pytest.raises(KeyboardInterrupt):
        train(fresh(), Stopped, checkpoint)
    assert optimise.belongs(checkpoint, RUN)
    # Whatever network it is given: all of it comes from the checkpoint.
    again = train(Network(SETTINGS, PRONOUNCER.sounds), Batches, checkpoint)
    for name, numbers in through.state_dict().items():
        assert torch.equal(numbers, again.state_dict()[name]), name


def test_what_a_stopped_stage_took_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(_: Recipe) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Recipe, "prepare", stopped)
    mini = Path(__file__).with_name("mini.toml")
    done = CliRunner().invoke(app, [str(mini), "--work", str(tmp_path), "--models", str(tmp_path / "models")])
    assert done.exit_code != 0
    assert list(json.loads((tmp_path / "spent.json").read_text())) == ["prepare"]


def test_a_checkpoint_of_another_run_is_known(tmp_path: Path) -> None:
    checkpoint = tmp_path / "one.checkpoint"
    assert not optimise.belongs(checkpoint, RUN)
    train(fresh(), Batches, checkpoint)
    assert optimise.belongs(checkpoint, RUN)
    assert not optimise.belongs(checkpoint, "another")


def test_a_run_is_another_with_other_settings_or_another_start(tmp_path: Path) -> None:
    settings = load_settings(Path(__file__).with_name("mini.toml"))
    steps = {**settings.steps, "further": settings.steps["further"].model_copy(update={"start": "only"})}
    recipe = Recipe(settings.model_copy(update={"steps": steps}), tmp_path, tmp_path / "shipped")
    recipe.trained("only").parent.mkdir()
    runs = set()
    for network in (b"one", b"another"):
        recipe.trained("only").write_bytes(network)
        runs.add(recipe._run("further"))
    longer = steps["further"].model_copy(update={"epochs": 9.0})
    other = settings.model_copy(update={"steps": {**steps, "further": longer}})
    runs.add(Recipe(other, tmp_path, tmp_path / "shipped")._run("further"))
    assert len(runs) == 3


def test_a_run_is_another_with_other_augmentation_recordings_or_words(tmp_path: Path) -> None:
    mini = Path(__file__).with_name("mini.toml")
    settings, again = load_settings(mini), load_settings(mini)
    noisier = settings.augment["strong"].model_copy(update={"noise": 0.9})
    longer = settings.speech.model_copy(update={"synthetic": 161})
    larger = settings.lexicon.model_copy(update={"size": 9})

    def run(update: dict[str, object]) -> str:
        return Recipe(settings.model_copy(update=update), tmp_path, tmp_path / "shipped")._run("only")

    updates: list[dict[str, object]] = [
        {},
        {"augment": {"strong": noisier}},
        {"speech": longer},
        {"lexicon": larger},
    ]
    assert len({run(update) for update in updates}) == len(updates)
    assert run({}) == Recipe(again, tmp_path, tmp_path / "shipped")._run("only")
    assert run({}) == run(
        {"augment": {**settings.augment, "another": noisier}}
    )  # which this step does not use


def test_a_run_from_the_shipped_model_is_another_once_that_is_another(tmp_path: Path) -> None:
    settings = load_settings(Path(__file__).with_name("mini.toml"))
    assert settings.steps["further"].start == SHIPPED
    recipe = Recipe(settings, tmp_path, tmp_path / "shipped")
    network = recipe.shipped / "am" / "final.mdl"
    network.parent.mkdir(parents=True)
    runs = set()
    for content in (b"one", b"another"):
        network.write_bytes(content)
        runs.add(recipe._run("further"))
    assert len(runs) == 2


def test_recordings_that_are_not_there_are_told_and_nothing_is_taken_for_prepared(tmp_path: Path) -> None:
    settings = load_settings(Path(__file__).with_name("mini.toml"))
    speech = settings.speech.model_copy(update={"corpus": "nowhere"})
    recipe = Recipe(settings.model_copy(update={"speech": speech}), tmp_path, tmp_path / "shipped")
    with pytest.raises(VoiceCrampError, match=r"nowhere: there is no such folder of recordings"):
        recipe.prepare()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("masks", [0.0, 1.0])
def test_as_many_are_blotted_out_as_is_asked_for(masks: float) -> None:
    asked = batches(masks=masks)
    whole = [example.features.astype(np.float32) for example in examples()]
    for batch in islice(asked.stream(), len(asked)):
        for row in batch.cepstra.numpy():
            kept = any(np.array_equal(row[context() :][: len(one)], one) for one in whole)
            assert kept == (masks == 0.0)
