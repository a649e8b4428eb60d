"""The level of garbage: it wins over as many sentences as it is told to."""

import numpy as np
import pytest
from optional import need

torch = need("torch", "scripts/train installs it")

from training.batches import collate  # noqa: E402  # after torch is known to be there
from training.corpus import Utterance  # noqa: E402
from training.dataset import Example  # noqa: E402
from training.features import CEPSTRA  # noqa: E402
from training.garbage import Garbage, settle  # noqa: E402
from training.network import Network  # noqa: E402
from training.objective import Sentences, sentences  # noqa: E402
from training.settings import NetworkSettings  # noqa: E402
from training.transcripts import UNKNOWN, PhoneGraph, Pronouncer  # noqa: E402

TEXTS = ("stop", "help calf cramp", "i can't reach my foot", "yes")
COUNT = 80
STEP = 0.05
"""Nats a frame; the level is found to less."""


@pytest.fixture(scope="module")
def network() -> Network:
    torch.manual_seed(5)
    return Network(NetworkSettings(width=24, bottleneck=8, blocks=2)).eval()


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    random = np.random.default_rng(5)
    texts = [TEXTS[number % len(TEXTS)] for number in range(COUNT)]
    return [
        Example(
            Utterance(path="", text=text, source="", speaker="", held_out=False),
            random.normal(0, 1, (int(random.integers(120, 240)), CEPSTRA)).astype(np.float16),
        )
        for text in texts
    ]


def won(network: Network, garbage: Garbage, examples: list[Example], bias: float) -> float:
    """The share of examples over which garbage, so much likelier, wins."""
    pronouncer = Pronouncer()

    def likelihood(example: Example, graph: PhoneGraph) -> float:
        cepstra, frames = collate([example.features], network.context)
        with torch.no_grad():
            hidden = network.hidden(cepstra)
            phones = network.last(hidden).log_softmax(2)
            score = garbage(hidden, phones) + bias
            outputs = torch.cat([phones, score, score], 2)
            size = outputs.shape[2] // 2 + 1
            alike = np.zeros((size, size), np.float32)
            return float(sentences(outputs, frames, Sentences([graph], alike)))

    nothing = pronouncer.graph([UNKNOWN])
    said = [pronouncer.graph(example.utterance.text.split()) for example in examples]
    return float(
        np.mean(
            [
                likelihood(example, nothing) > likelihood(example, graph)
                for example, graph in zip(examples, said, strict=True)
            ]
        )
    )


@pytest.mark.parametrize("lost", [0.1, 0.6])
def test_a_little_more_or_less_and_it_wins_too_often_or_too_seldom(
    network: Network, examples: list[Example], lost: float
) -> None:
    garbage = settle(Garbage(24, 8).eval(), network, examples, lost)
    assert won(network, garbage, examples, -STEP) < lost <= won(network, garbage, examples, STEP)
