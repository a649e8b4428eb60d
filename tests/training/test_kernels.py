"""What a graphics processor computes, or Triton's interpreter in its place, against the recursions it stands for."""

import os

import pytest
from optional import need

torch = need("torch", "scripts/train installs it")
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
if DEVICE == "cpu":
    os.environ["TRITON_INTERPRET"] = "1"  # looked at when Triton and the kernels are imported
need("triton", "scripts/train installs it on x86-64")

from training import kernels, objective  # noqa: E402  # after torch is known to be there
from training.lexicon import american  # noqa: E402
from training.transcripts import Pronouncer, phone_bigrams  # noqa: E402

FRAMES = (25, 13, 22)
PRONOUNCER = Pronouncer(american(), {})
GRAPHS = [PRONOUNCER.graph(words.split()) for words in ("help calf cramp", "a", "can i get a coffee")]
BIGRAMS = phone_bigrams(dict.fromkeys(GRAPHS, 1), PRONOUNCER.sounds)


@pytest.fixture
def outputs() -> "torch.Tensor":
    size = (len(FRAMES), max(FRAMES), 2 * PRONOUNCER.sounds)
    return 4 * torch.randn(size, generator=torch.Generator().manual_seed(1))


def gradient(total: "torch.Tensor", scores: "torch.Tensor") -> "torch.Tensor":
    weights = torch.tensor([1.0, 2.0, 3.0]).to(total.device)
    return torch.autograd.grad((weights * total).sum(), scores)[0].cpu()


def test_everything_that_could_have_been_said(outputs: "torch.Tensor") -> None:
    mine = outputs.clone().to(DEVICE).requires_grad_()
    expected = objective.everything(outputs.requires_grad_(), torch.tensor(FRAMES), torch.from_numpy(BIGRAMS))
    total = kernels.everything(mine, torch.tensor(FRAMES).to(DEVICE), torch.from_numpy(BIGRAMS).to(DEVICE))
    assert torch.allclose(total.cpu(), expected, atol=1e-3)
    assert torch.allclose(gradient(total, mine), gradient(expected, outputs), atol=1e-4)


def test_the_sentence_that_was_said(outputs: "torch.Tensor") -> None:
    batch, mine = objective.Sentences(GRAPHS, BIGRAMS), outputs.to(DEVICE).requires_grad_()
    expected = objective.sentences(outputs.requires_grad_(), torch.tensor(FRAMES), batch)
    graphs = [torch.from_numpy(array).to(DEVICE) for array in batch.arrays]
    total = kernels.sentences(mine, torch.tensor(FRAMES).to(DEVICE), graphs)
    assert torch.allclose(total.cpu(), expected, atol=1e-3)
    assert torch.allclose(gradient(total, mine), gradient(expected, outputs), atol=1e-4)
