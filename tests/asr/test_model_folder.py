import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from voicecramp.asr.vosk import VoskRecogniser
from voicecramp.errors import VoiceCrampError


@pytest.fixture
def copy(model: Path, tmp_path: Path) -> Path:
    for file in (path for path in model.rglob("*") if path.is_file()):
        target = tmp_path / "model" / file.relative_to(model)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return tmp_path / "model"


def cut(part: float) -> Callable[[bytes], bytes]:
    return lambda data: data[: int(len(data) * part)]


@pytest.mark.parametrize(
    "missing",
    ["am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/HCLr.fst", "graph/disambig_tid.int"],
)
def test_a_missing_file_is_named(copy: Path, missing: str) -> None:
    (copy / missing).unlink()
    with pytest.raises(VoiceCrampError, match=missing):
        VoskRecogniser(copy)


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(VoiceCrampError, match="no such model folder"):
        VoskRecogniser(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        *(("am/final.mdl", cut(part)) for part in (0, 0.01, 0.5, 0.97)),
        *(("conf/mfcc.conf", cut(part)) for part in (0, 0.1, 0.5)),
        *(("conf/model.conf", cut(part)) for part in (0, 0.005, 0.5, 0.97)),
        *(("graph/HCLr.fst", cut(part)) for part in (0, 0.00005, 0.0002, 0.5, 0.75)),
        ("am/final.mdl", lambda data: b"\x00" * len(data)),
        ("graph/HCLr.fst", lambda data: b"\xff" * len(data)),
        ("conf/model.conf", lambda _: b"not an option\n"),
        *((f"graph/{name}", cut(0)) for name in ("Gr.fst", "disambig_tid.int", "phones/word_boundary.int")),
    ],
)
def test_a_damaged_model_is_an_error_and_not_the_end_of_the_process(
    copy: Path, file: str, damage: Callable[[bytes], bytes], capfd: pytest.CaptureFixture[str]
) -> None:
    (copy / file).write_bytes(damage((copy / file).read_bytes()))
    with pytest.raises(VoiceCrampError, match="again"):
        VoskRecogniser(copy)
    assert "VoskAPI" not in capfd.readouterr().err


def test_a_model_with_a_list_of_words_that_a_power_cut_emptied_is_refused(copy: Path) -> None:
    (copy / "graph/words.txt").write_bytes(b"")
    with pytest.raises(VoiceCrampError, match=r"words\.txt is empty; install the model again"):
        VoskRecogniser(copy)
