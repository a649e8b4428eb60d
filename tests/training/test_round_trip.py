"""What is written is what the engine computes: the network in PyTorch against the network in Vosk."""

import json
from pathlib import Path

import numpy as np
import pytest
from optional import need
from voices import give_up, quiet_room, speak

torch = need("torch", "scripts/train installs it")

import vosk  # noqa: E402  # after torch is known to be there
from training.batches import collate  # noqa: E402
from training.export import write_folder  # noqa: E402
from training.features import CEPSTRA, mfcc  # noqa: E402
from training.garbage import Garbage  # noqa: E402
from training.lexicon import UNKNOWN, Lexicon, american  # noqa: E402
from training.network import Network  # noqa: E402
from training.revive import revive  # noqa: E402
from training.settings import DecodingSettings, NetworkSettings  # noqa: E402
from training.transcripts import SILENCE, PhoneGraph, Pronouncer  # noqa: E402

# A wide beam: nothing is pruned, so the engine's best path is the best path.
DECODING = DecodingSettings(beam=1e4, lattice_beam=2.0, max_active=100_000, acoustic_scale=1.0)
SETTINGS = NetworkSettings(width=24, bottleneck=8, blocks=3)
SOUNDS = 1 + len(american().phones)
WORDS = {"yes": ("Y", "EH", "S"), "stop": ("S", "T", "AA", "P")}


@pytest.fixture(scope="module")
def network() -> Network:
    """A network that knows nothing, but whose every number counts."""
    torch.manual_seed(3)
    made = Network(SETTINGS, SOUNDS)
    made.mean.normal_(0, 10)
    made.deviation.uniform_(10, 30)
    for norm in made.norms:
        norm.running_mean.normal_()
        norm.running_var.uniform_(0.5, 2.0)
        torch.nn.init.uniform_(norm.weight, 0.5, 2.0)
        torch.nn.init.normal_(norm.bias)
    return made.eval()


@pytest.fixture(scope="module")
def garbage() -> Garbage:
    made = Garbage(SOUNDS)
    torch.nn.init.uniform_(made.costs, 0.0, 4.0)
    return made


@pytest.fixture(scope="module")
def folder(network: Network, garbage: Garbage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(network, garbage, tmp_path_factory.mktemp("model"))


def written(
    network: Network, garbage: Garbage, folder: Path, others: tuple[tuple[str, ...], ...] = ()
) -> Path:
    lexicon = Lexicon({word: (way,) for word, way in WORDS.items()}, dict.fromkeys(WORDS, -1.0), others)
    try:
        write_folder(folder, network, garbage, lexicon, american().phones, DECODING)
    except FileNotFoundError as error:
        give_up(f"{error.filename} is not installed; scripts/train says what installs it")
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> "vosk.Model":
    vosk.SetLogLevel(-1)
    return vosk.Model(str(folder))


def score_in_vosk(model: "vosk.Model", word: str, sound: np.ndarray) -> float:
    recogniser = vosk.KaldiRecognizer(model, 16_000, json.dumps([word]))
    recogniser.SetMaxAlternatives(1)
    recogniser.AcceptWaveform(sound.tobytes())
    best = json.loads(recogniser.FinalResult())["alternatives"][0]
    assert best["text"] == word
    return float(best["confidence"])


def any_phones() -> PhoneGraph:
    """Return the graph of garbage between two pauses, its phones numbered after those of words.

    The engine's: any phones after one another, two or more, silence neither the first nor the last. Unlike those of
    sentences it has circles.
    """
    sounds = SOUNDS
    spoken, every = range(sounds + 1, 2 * sounds), range(sounds, 2 * sounds)
    phones = (SILENCE, *spoken, *every, *spoken, SILENCE)
    states = range(len(phones))
    first, between, last = states[1:sounds], states[sounds : 2 * sounds], states[2 * sounds : -1]
    arcs = [(0, state) for state in first]
    arcs += [(one, other) for one in (*first, *between) for other in (*between, *last)]
    arcs += [(state, states[-1]) for state in last]
    return PhoneGraph(phones, tuple(arcs), (0, *first), (*last, states[-1]))


def score_in_pytorch(network: Network, garbage: Garbage, graph: PhoneGraph, sound: np.ndarray) -> float:
    """Return the likeliest path's log likelihood, all arcs being free."""
    cepstra, (frames,) = collate([mfcc(sound.astype(np.float32) / 32768)], network.context)
    with torch.no_grad():
        spoken = network(cepstra)[0, :frames].log_softmax(1)
        outputs = torch.cat([spoken, garbage(spoken)], 1).numpy()
    phones = np.array(graph.phones)
    enter, stay = outputs[:, 2 * phones], outputs[:, 2 * phones + 1]
    best = np.full(len(phones), -np.inf)
    best[list(graph.initial)] = 0
    best += enter[0]
    for time in range(1, len(outputs)):
        come = np.full(len(phones), -np.inf)
        for source, target in graph.arcs:
            come[target] = max(come[target], best[source])
        best = np.maximum(come + enter[time], best + stay[time])
    return float(max(best[state] for state in graph.final))


@pytest.mark.parametrize("word", ["yes", "stop", UNKNOWN])
def test_vosk_scores_a_word_as_pytorch_does(
    model: "vosk.Model", network: Network, garbage: Garbage, word: str
) -> None:
    graph = any_phones() if word == UNKNOWN else Pronouncer(american(), {}).graph([word])
    sounds = [
        quiet_room(speak(text, voice))
        for text, voice in (("yes please", "flite-slt"), ("stop it now", "espeak-us-m7"))
    ]
    vosks = [score_in_vosk(model, word, sound) for sound in sounds]
    ours = [score_in_pytorch(network, garbage, graph, sound) for sound in sounds]
    # The grammar's own cost is the same for both, so the difference is the network's alone.
    assert ours[0] != pytest.approx(ours[1], abs=5)
    assert vosks[0] - vosks[1] == pytest.approx(ours[0] - ours[1], rel=1e-3, abs=0.05)


def test_what_is_said_to_somebody_else_is_garbage_at_the_cost_of_a_word(
    network: Network, garbage: Garbage, tmp_path: Path
) -> None:
    dear = Garbage(SOUNDS)
    dear.load_state_dict(garbage.state_dict())
    dear.cheaper(-5.0)  # so that no row of any phones is as likely
    vosk.SetLogLevel(-1)
    name = ("Y", "EH", "S", "T", "AA", "P")
    model = vosk.Model(str(written(network, dear, tmp_path, (name,))))
    graph = Pronouncer(american(), {"name": (name,)}).graph(["name"])
    sounds = [
        quiet_room(speak(text, voice))
        for text, voice in (("yes please", "flite-slt"), ("stop it now", "espeak-us-m7"))
    ]
    vosks = [score_in_vosk(model, UNKNOWN, sound) for sound in sounds]
    ours = [score_in_pytorch(network, dear, graph, sound) for sound in sounds]
    assert vosks[0] - vosks[1] == pytest.approx(ours[0] - ours[1], rel=1e-3, abs=0.05)


def test_a_model_read_back_is_the_network_that_was_written(folder: Path, network: Network) -> None:
    random = np.random.default_rng(5)
    sounds = [random.normal(0, 20, (count, CEPSTRA)).astype(np.float32) for count in (90, 120, 150)]
    again = revive(folder, SETTINGS, SOUNDS, sounds)
    cepstra, _ = collate(sounds, network.context)
    with torch.no_grad():
        expected, found = network(cepstra), again.eval()(cepstra)
        # The norms' statistics are those of the sample, so training goes on from what the model does.
        trained = again.train()(cepstra)
    assert torch.allclose(found, expected, atol=2e-3 * float(expected.abs().max()))
    assert torch.allclose(trained, expected, atol=2e-2 * float(expected.abs().max()))


def test_a_word_that_is_not_in_the_lexicon_is_unknown_to_the_engine(model: "vosk.Model") -> None:
    assert model.vosk_model_find_word("cramp") == -1
    assert model.vosk_model_find_word("stop") > 0
    assert model.vosk_model_find_word("[unk]") > 0
