"""What words in no grammar cost: less than a command that nobody said, more than what was said.

And what the network learns with it: to hear other words as what they are, however like a command they sound.
"""

from collections.abc import Sequence

import numpy as np
import pytest
from optional import need

torch = need("torch", "scripts/train installs it")

from training.batches import Batches, collate  # noqa: E402  # after torch is known to be there
from training.corpus import Utterance  # noqa: E402
from training.dataset import Example  # noqa: E402
from training.features import CEPSTRA  # noqa: E402
from training.garbage import Garbage, fit  # noqa: E402
from training.lexicon import american  # noqa: E402
from training.network import STRIDE, Network  # noqa: E402
from training.rivals import free_likelihood, likelihood  # noqa: E402
from training.settings import GarbageSettings, NetworkSettings  # noqa: E402
from training.transcripts import SILENCE, Pronouncer  # noqa: E402

COMMANDS = ("stop", "help", "calf cramp", "i can't reach my foot", "yes", "go on")
OTHERS = ("athena", "a glass of water", "wildfire", "good night then")
HELD = 3
"""Frames that every phone lasts."""
WEAK = 0.8
"""Nats by which a frame's own phone is likelier than another: three frames of them are less than a phone costs at first."""
SURE = 12.0
"""Nats for silence where nothing is heard."""
PRONOUNCER = Pronouncer(american(), {})
SOUNDS = PRONOUNCER.sounds


def table() -> "torch.Tensor":
    """Return a row of scores for every phone that is heard: that phone is the likeliest."""
    scores = WEAK * torch.eye(SOUNDS)
    scores[SILENCE, SILENCE] = SURE
    return scores


class Telling(Network):
    """A network that hears well, but is sure of silence alone: the first cepstrum is the number of the phone."""

    def forward(self, cepstra: "torch.Tensor") -> "torch.Tensor":
        heard = cepstra[:, self.context : cepstra.shape[1] - self.context : STRIDE, 0].long()
        return table()[heard].repeat_interleave(2, dim=2)


class Learning(Network):
    """The same, but it takes AE for AA, and can learn better."""

    def __init__(self, settings: NetworkSettings) -> None:
        super().__init__(settings, SOUNDS)
        scores = table()
        wrong, right = (1 + american().phones.index(name) for name in ("AE", "AA"))
        scores[wrong] = scores[right]
        self.scores = torch.nn.Parameter(scores)

    def forward(self, cepstra: "torch.Tensor") -> "torch.Tensor":
        heard = cepstra[:, self.context : cepstra.shape[1] - self.context : STRIDE, 0].long()
        return self.scores[heard].repeat_interleave(2, dim=2)


HOW = GarbageSettings(updates=60, rate=0.0, cheaper=0.0)
SMALL = NetworkSettings(width=8, bottleneck=4, blocks=1)


@pytest.fixture(scope="module")
def network() -> Network:
    return Telling(SMALL, SOUNDS).eval()


def said(text: str, quiet: int = 1) -> Example:
    """Return the features of a text that is said at an even pace, by its first pronunciation.

    `quiet` is how long the silence before and after it is, in phones.
    """
    phones = [SILENCE] * quiet
    for word in text.split():
        phones += PRONOUNCER.graph([word]).phones[1 : 1 + len(PRONOUNCER.ways(word)[0])]
    phones += [SILENCE] * quiet
    features = np.zeros((len(phones) * HELD * STRIDE, CEPSTRA), np.float16)
    features[:, 0] = np.repeat(phones, HELD * STRIDE)
    return Example(Utterance(path=text, text=text, source="", speaker="", held_out=False), features)


def likelihoods(network: Network, garbage: Garbage, example: Example) -> dict[str, float]:
    """Return by command, and for garbage as `[unk]`, how likely the example is."""
    cepstra, frames = collate([example.features], network.context)
    graphs = [PRONOUNCER.graph(command.split()) for command in COMMANDS]
    with torch.no_grad():
        phones = network(cepstra).log_softmax(2)
        rows = [phones.expand(len(graphs), -1, -1), frames.expand(len(graphs))]
        found = dict(zip(COMMANDS, likelihood(*rows, graphs).tolist(), strict=True))
        return found | {"[unk]": float(free_likelihood(phones, garbage(phones), frames))}


def fit_to(network: Network, texts: Sequence[str], how: GarbageSettings) -> tuple[Network, Garbage]:
    examples = [said(text) for text in texts] * 3
    batches = Batches(examples, PRONOUNCER, network.context, seed=1, masks=0.5)
    return fit(network, batches, examples, COMMANDS, how, seed=1)


@pytest.fixture(scope="module")
def fitted(network: Network) -> Garbage:
    return fit_to(network, (*COMMANDS, *OTHERS), HOW)[1]


@pytest.mark.parametrize("text", COMMANDS)
def test_what_was_said_wins_over_garbage(network: Network, fitted: Garbage, text: str) -> None:
    found = likelihoods(network, fitted, said(text))
    assert max(found, key=lambda command: found[command]) == text


@pytest.mark.parametrize("text", OTHERS)
def test_garbage_wins_over_commands_that_nobody_said(network: Network, fitted: Garbage, text: str) -> None:
    found = likelihoods(network, fitted, said(text))
    assert max(found, key=lambda command: found[command]) == "[unk]"


@pytest.mark.parametrize("text", COMMANDS)
def test_before_it_is_fitted_nothing_wins_over_it(network: Network, text: str) -> None:
    """So what the tests above see was learnt."""
    found = likelihoods(network, Garbage(SOUNDS), said(text))
    assert max(found, key=lambda command: found[command]) == "[unk]"


@pytest.mark.parametrize("text", ["calf cramp", "wildfire"])
def test_how_long_it_is_quiet_before_and_after_is_no_matter(
    network: Network, fitted: Garbage, text: str
) -> None:
    """Silence costs garbage no more than it costs a command, as in the engine's graph."""

    def lead(quiet: int) -> float:
        found = likelihoods(network, fitted, said(text, quiet))
        return found["[unk]"] - found["calf cramp"]

    assert lead(quiet=40) == pytest.approx(lead(quiet=4), abs=0.5)


def test_garbage_is_no_silence(network: Network, fitted: Garbage) -> None:
    """Or `[unk]` would be heard where nobody speaks: in the graph too it begins and ends with a phone."""
    found = likelihoods(network, fitted, said("", quiet=4))
    assert found["[unk]"] < -SURE


def test_the_network_learns_to_tell_other_words_from_a_command_that_sounds_like_them() -> None:
    """It hears no difference between the two at first, so garbage cannot make one by what it costs."""
    command, other = "calf cramp", "cough cramp"

    def best(rate: float) -> list[str]:
        texts = [*COMMANDS, *OTHERS, other]
        fitted = fit_to(Learning(SMALL), texts, HOW.model_copy(update={"rate": rate}))
        found = [likelihoods(*fitted, said(text)) for text in (command, other)]
        return [max(one, key=lambda name: one[name]) for one in found]

    assert best(rate=0.0) == [command, command]
    assert best(rate=0.2) == [command, "[unk]"]


def test_cheaper_garbage_is_likelier_by_that_for_every_phone(network: Network, fitted: Garbage) -> None:
    cheaper = Garbage(SOUNDS)
    cheaper.load_state_dict(fitted.state_dict())
    cheaper.cheaper(0.5)
    assert (fitted.costs - cheaper.costs)[::2].tolist() == pytest.approx([0.5] * SOUNDS)
    assert (fitted.costs - cheaper.costs)[1::2].tolist() == [0.0] * SOUNDS
    example = said("wildfire")
    assert likelihoods(network, cheaper, example)["[unk]"] > likelihoods(network, fitted, example)["[unk]"]
