"""The stages of a recipe, and where each leaves what it made. What is there is not made again."""

import random
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from training import coffee, garbage, lexicon, optimise, synthesis, texts, words
from training.augment import Augmenter, simulate_rooms
from training.batches import Batches
from training.corpus import Utterance, load, read_corpus, read_manifest, write_manifest
from training.dataset import Example, Features, make_features, read_features
from training.export import write_folder
from training.files import made, whole
from training.lexicon import Dictionary, Lexicon
from training.network import Network
from training.progress import track
from training.revive import revive
from training.settings import COFFEE, FOUR_FIFTHS, SHIPPED, Settings
from training.transcripts import Pronouncer
from voicecramp.errors import VoiceCrampError

__all__ = ["Recipe"]

_SAMPLE = 200
"""Recordings to take a revived network's statistics of."""
_WORKERS = 3
"""Processes that make batches for a graphics processor, which would wait for one."""


@dataclass(frozen=True)
class Recipe:
    """A recipe at work in a folder."""

    settings: Settings
    work: Path
    """Where everything is kept; may be deleted afterwards."""
    shipped: Path
    """The model's folder, as it is before."""

    @cached_property
    def dictionary(self) -> Dictionary:
        """How words are said, those of the model and all others."""
        return lexicon.dictionary(self.settings.folder, self.settings.lexicon.dictionary)

    @property
    def sounds(self) -> int:
        """Silence and every phone of the dictionary."""
        return 1 + len(self.dictionary.phones)

    def commands(self) -> list[str]:
        """Return the sentences that the model is for."""
        return self._lines(self.settings.speech.commands)

    def _lines(self, name: str) -> list[str]:
        return texts.read_sentences(self.settings.folder / name)

    def _lexicon(self, recordings: Sequence[Utterance]) -> Lexicon:
        """Return the commonest words and those that the model must know however rare they are."""
        wanted = words.needed(self.settings.folder, self.settings.lexicon)
        # What is said once may be a slip of the pen; what is said twice is a word.
        trained = (one.text for one in recordings if one.source == COFFEE or not one.held_out)
        said = Counter(word for text in trained for word in text.split())
        needed = wanted.words | {word for word, times in said.items() if times > 1}
        needed |= {word for sentence in self.commands() for word in sentence.split()}
        if "orders" in self.settings.speech.mix:
            needed |= coffee.vocabulary()
        files = filter(texts.is_file, self.settings.speech.mix)
        needed |= {word for name in files for line in self._lines(name) for word in line.split()}
        return words.with_ways(self.dictionary, self.settings.lexicon, needed, wanted)

    def prepare(self) -> None:
        """List the recordings with their words, the coffee orders transcribed, and make the lexicon."""
        if (self.work / "lexicon.txt").exists():
            return
        self.work.mkdir(parents=True, exist_ok=True)
        folder = self.settings.corpus
        if folder and not folder.is_dir():
            raise VoiceCrampError(
                f"{folder}: there is no such folder of recordings; put them there, or correct [speech] corpus."
            )
        found = list(read_corpus(folder, self.settings.speech.held_out)) if folder else []
        if folder and (folder / "coffee.jsonl").exists():
            decoder = coffee.decoder()
            heard = (
                coffee.transcribe(order, decoder)
                for order in track(coffee.orders(folder), "Transcribing orders")
            )
            found += [utterance for utterance in heard if utterance is not None]
        write_manifest(self.work / "corpus.jsonl", found)
        lexicon.write(self.work / "lexicon.txt", self._lexicon(found))

    def lexicon(self) -> Lexicon:
        """Return the words of the model."""
        return lexicon.read(self.work / "lexicon.txt")

    def corpus(self) -> list[Utterance]:
        """Return the recordings."""
        return read_manifest(self.work / "corpus.jsonl")

    def synthesise(self) -> None:
        """Have synthetic voices say commands, prompts and random words."""
        manifest = self.work / "synthetic.jsonl"
        if manifest.exists():
            return
        random_ = random.Random(self.settings.seed)
        said = texts.sentences(
            self.settings.speech.synthetic, self.settings.speech.mix, self._texts(), self.lexicon(), random_
        )
        spoken = synthesis.say(said, self.settings.speech.voices, self.work / "synthetic", random_)
        write_manifest(manifest, list(track(spoken, "Synthetic voices", total=len(said))))

    def _texts(self) -> dict[str, list[str]]:
        """Return the sentences of every kind that the synthetic voices are to say, but for those that are made up."""
        said: dict[str, set[str]] = defaultdict(set)
        for utterance in self.corpus():
            said[utterance.source].add(utterance.text)
        found = {"commands": self.commands()}
        for kind in self.settings.speech.mix.keys() - texts.MADE - {"commands"}:
            found[kind] = self._lines(kind) if texts.is_file(kind) else sorted(said[kind] - {""})
            if not found[kind]:
                raise VoiceCrampError(f"[speech] mix has '{kind}', of which there are no sentences.")
        return found

    def extract(self) -> None:
        """Make the features of every source, in augmented copies. What is held out is left out here."""
        recordings = self.corpus()
        voices = [
            one.path for one in recordings if one.source in self.settings.speech.talkers and not one.held_out
        ]
        talkers = [load(path) for path in voices[::20]]
        by_source: dict[str, list[Utterance]] = defaultdict(list)
        for utterance in [*recordings, *read_manifest(self.work / "synthetic.jsonl")]:
            if utterance.source == COFFEE or not utterance.held_out:
                by_source[utterance.source].append(utterance)
        for kind, sources in self.settings.speech.copies.items():
            how = self.settings.augment[kind]
            rooms = simulate_rooms(how.rooms, np.random.default_rng(self._seed(kind)))
            for source, copies in sources.items():
                name = self.work / "features" / f"{kind}-{source}"
                if name.with_suffix(".f16").exists():
                    continue
                if not by_source[source]:
                    raise VoiceCrampError(
                        f"[speech.copies] has '{source}', of which there are no recordings to train on."
                    )
                augmenter, seed = Augmenter(how, rooms, talkers), self._seed(name.name)
                one_by_one = make_features(name, by_source[source], copies, augmenter, seed)
                for _ in track(one_by_one, f"Features {name.name}", total=len(by_source[source])):
                    pass

    def train(self, step: str) -> None:
        """Train one step's network."""
        how, trained = self.settings.steps[step], self.trained(step)
        if made(trained, self.trained(how.start)):
            return
        trained.parent.mkdir(exist_ok=True)
        torch.manual_seed(self.settings.seed)
        network = Network(self.settings.network, self.sounds)
        batches = self._batches(step, network)
        if how.start == SHIPPED:
            network = revive(self.shipped, self.settings.network, self.sounds, batches.sample(_SAMPLE))
        elif how.start:
            network = self.network(how.start)
        network.to(_device())
        checkpoint, run = trained.with_suffix(".checkpoint"), self._run(step)
        if not optimise.belongs(checkpoint, run):
            checkpoint.unlink(missing_ok=True)
        if not how.start and not checkpoint.exists():
            optimise.normalise(network, batches)
            optimise.bootstrap(network, batches, self.settings.bootstrap_epochs, how.rate)
        average = optimise.train(network, batches, how.epochs, how.rate, checkpoint, run)
        with whole(trained) as part:
            torch.save(average.state_dict(), part)
        checkpoint.unlink()

    def _run(self, step: str) -> str:
        """Return what a training run is made of, to know its checkpoint by."""
        settings, how = self.settings, self.settings.steps[step]
        start = self.shipped / "am" / "final.mdl" if how.start == SHIPPED else self.trained(how.start)
        begun = zlib.crc32(start.read_bytes()) if start.exists() else 0
        examples = settings.augment[how.augment], settings.speech, settings.lexicon
        return repr((how, examples, settings.network, settings.bootstrap_epochs, settings.seed, begun))

    def fit_garbage(self, step: str) -> None:
        """Fit what garbage costs, and a step's network to it."""
        fitted = self.fitted(step)
        if made(fitted, self.trained(step)):
            return
        network = self.network(step).to(_device())
        batches = self._batches(step, network)
        examples = self.features(step, transcribed=False)
        network, costs = garbage.fit(
            network, batches, examples, self.commands(), self.settings.garbage, self.settings.seed
        )
        with whole(fitted) as part:
            torch.save({"network": network.state_dict(), "garbage": costs.state_dict()}, part)

    def export(self, step: str, cheaper: float = 0.0) -> Path:
        """Write a step's model folder and return it, with `[unk]` this much cheaper, in nats a phone."""
        folder = self.work / "models" / step
        saved = torch.load(self.fitted(step), map_location="cpu", weights_only=True)
        network, costs = Network(self.settings.network, self.sounds), garbage.Garbage(self.sounds)
        network.load_state_dict(saved["network"])
        costs.load_state_dict(saved["garbage"])
        costs.cheaper(self.settings.garbage.cheaper + cheaper)
        write_folder(
            folder, network.eval(), costs, self.lexicon(), self.dictionary.phones, self.settings.decoding
        )
        return folder

    def _batches(self, step: str, network: Network) -> Batches:
        pronouncer = Pronouncer(self.dictionary, self.lexicon().pronunciations)
        masks, seed = self.settings.steps[step].masks, self.settings.seed
        workers = _WORKERS if _device() == "cuda" else 0
        return Batches(self.features(step), pronouncer, network.context, seed, masks, workers)

    def network(self, step: str) -> Network:
        """Return a step's trained network."""
        network = Network(self.settings.network, self.sounds)
        network.load_state_dict(torch.load(self.trained(step), map_location="cpu", weights_only=True))
        return network

    def trained(self, step: str) -> Path:
        """Return where a step's network is, once it is trained."""
        return self.work / "networks" / f"{step}.pt"

    def fitted(self, step: str) -> Path:
        """Return where it is once garbage is fitted, with what that costs."""
        return self.work / "networks" / f"{step}.garbage"

    def _seed(self, what: str) -> int:
        """Return a seed for something, so that no two things are drawn alike."""
        return zlib.crc32(f"{self.settings.seed} {what}".encode())

    def features(self, step: str, *, transcribed: bool = True) -> Features:
        """Return the examples that a step is trained on; with `transcribed` only those that have words."""
        how = self.settings.steps[step]

        def examples() -> Iterator[Example]:
            for source in how.sources:
                name = COFFEE if source == FOUR_FIFTHS else source
                for example in read_features(self.work / "features" / f"{how.augment}-{name}"):
                    if transcribed and not example.utterance.text:
                        continue
                    if not (source == FOUR_FIFTHS and example.utterance.held_out):
                        yield example

        return Features(examples())


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"
