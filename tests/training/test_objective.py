"""The forward-backward recursions against the same sums written plainly and differentiated by PyTorch."""

from collections.abc import Callable

import numpy as np
import pytest
from optional import need

torch = need("torch", "scripts/train installs it")

from training.lexicon import american  # noqa: E402  # after torch is known to be there
from training.objective import Sentences, everything, sentences  # noqa: E402
from training.transcripts import PhoneGraph, Pronouncer, phone_bigrams  # noqa: E402

FRAMES = (25, 13, 22)
PRONOUNCER = Pronouncer(american(), {})


@pytest.fixture(scope="module")
def graphs() -> list[PhoneGraph]:
    return [PRONOUNCER.graph(words.split()) for words in ("help calf cramp", "a", "can i get a coffee")]


@pytest.fixture(scope="module")
def bigrams(graphs: list[PhoneGraph]) -> np.ndarray:
    return phone_bigrams(dict.fromkeys(graphs, 1), PRONOUNCER.sounds)


def outputs() -> "torch.Tensor":
    generator = torch.Generator().manual_seed(1)
    size = (len(FRAMES), max(FRAMES), 2 * PRONOUNCER.sounds)
    return torch.randn(size, generator=generator, dtype=torch.float64, requires_grad=True)


def plain_everything(scores: "torch.Tensor", bigrams: np.ndarray) -> "torch.Tensor":
    weights, totals = torch.from_numpy(bigrams).double(), []
    for one, count in zip(scores, FRAMES, strict=True):
        enter, stay = one[:, 0::2], one[:, 1::2]
        alpha = weights[-1, :-1] + enter[0]
        for time in range(1, count):
            come = torch.logsumexp(alpha[:, None] + weights[:-1, :-1], 0)
            alpha = torch.logaddexp(come + enter[time], alpha + stay[time])
        totals.append(torch.logsumexp(alpha + weights[:-1, -1], 0))
    return torch.stack(totals)


def plain_sentences(scores: "torch.Tensor", graphs: list[PhoneGraph], bigrams: np.ndarray) -> "torch.Tensor":
    weights, totals = torch.from_numpy(bigrams).double(), []
    for one, count, graph in zip(scores, FRAMES, graphs, strict=True):
        phones = torch.tensor(graph.phones)
        enter, stay = one[:, 2 * phones], one[:, 2 * phones + 1]
        never = torch.full((len(phones),), -1e4, dtype=torch.float64)
        arcs = torch.full((len(phones), len(phones)), -1e4, dtype=torch.float64)
        for source, target in graph.arcs:
            arcs[source, target] = weights[phones[source], phones[target]]
        begin, end = never.clone(), never.clone()
        for state in graph.initial:
            begin[state] = weights[-1, phones[state]]
        for state in graph.final:
            end[state] = weights[phones[state], -1]
        alpha = begin + enter[0]
        for time in range(1, count):
            come = torch.logsumexp(alpha[:, None] + arcs, 0)
            alpha = torch.logaddexp(come + enter[time], alpha + stay[time])
        totals.append(torch.logsumexp(alpha + end, 0))
    return torch.stack(totals)


@pytest.mark.parametrize("term", ["everything", "sentences"])
def test_value_and_gradient_are_those_of_the_plain_sum(
    term: str, graphs: list[PhoneGraph], bigrams: np.ndarray
) -> None:
    frames = torch.tensor(FRAMES)
    plain: Callable[[torch.Tensor], torch.Tensor]
    quick: Callable[[torch.Tensor], torch.Tensor]
    if term == "everything":
        plain = lambda x: plain_everything(x, bigrams)  # noqa: E731  # two pairs to choose between
        quick = lambda x: everything(x, frames, torch.from_numpy(bigrams))  # noqa: E731
    else:
        plain = lambda x: plain_sentences(x, graphs, bigrams)  # noqa: E731
        quick = lambda x: sentences(x, frames, Sentences(graphs, bigrams))  # noqa: E731
    weights = torch.tensor([1.0, 2.0, 3.0])
    exact, mine = outputs(), outputs().detach().float().requires_grad_()
    expected, value = plain(exact), quick(mine)
    (expected * weights).sum().backward()
    (value * weights).sum().backward()
    assert torch.allclose(value.double(), expected, atol=1e-4)
    assert torch.allclose(mine.grad.double(), exact.grad, atol=1e-5)
    # Posteriors sum to one in every frame of the utterance, and to nothing after it.
    sums = mine.grad.sum(2)
    for row, count, weight in zip(sums, FRAMES, weights, strict=True):
        assert torch.allclose(row[:count], weight.expand(count), atol=1e-3)
        assert not row[count:].any()


def test_a_sentence_is_never_likelier_than_everything(graphs: list[PhoneGraph], bigrams: np.ndarray) -> None:
    scores, frames = outputs().detach().float() * 3, torch.tensor(FRAMES)
    own = sentences(scores, frames, Sentences(graphs, bigrams))
    assert (own <= everything(scores, frames, torch.from_numpy(bigrams))).all()


def test_outputs_that_shout_leave_numbers(bigrams: np.ndarray) -> None:
    scores = (outputs().detach().float() * 300).requires_grad_()
    everything(scores, torch.tensor(FRAMES), torch.from_numpy(bigrams)).sum().backward()
    assert scores.grad.isfinite().all()
