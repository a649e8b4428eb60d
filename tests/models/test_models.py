import shutil
from pathlib import Path

import pytest

from voicecramp import models, resources
from voicecramp.asr.choose import choose
from voicecramp.errors import VoiceCrampError
from voicecramp.models import Installed, Known, Manifest, find, installed, remove

FILES = (
    "am/final.mdl",
    "conf/mfcc.conf",
    "conf/model.conf",
    "graph/Gr.fst",
    "graph/HCLr.fst",
    "graph/disambig_tid.int",
    "graph/phones/word_boundary.int",
)

OURS = Known(title="Ours", licence="CC0-1.0", folder="voicecramp-en", size_mb=4)
OFFICIAL = Known(
    title="Official",
    licence="Apache-2.0",
    folder="vosk-model-1.0",
    url="https://models.invalid/m.zip",
    size_mb=40,
    files={"am/final.mdl": "0" * 40},
)
MANIFEST = Manifest(models={"ours": OURS, "vosk": OFFICIAL})


def make_model(folder: Path) -> Path:
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="ascii")
    return folder


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    """The folder of models that come with the program: ours is there."""
    make_model(tmp_path / "shipped" / "voicecramp-en")
    return tmp_path / "shipped"


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    """The folder of further models: the official one, somebody's own, and other things."""
    folder = tmp_path / "downloads"
    make_model(folder / "vosk-model-1.0")
    make_model(folder / "amateur")
    make_model(folder / ".downloads" / "half")
    make_model(folder / ".removed-old")
    (folder / "not-a-model").mkdir()
    (folder / "manifest.yaml").touch()
    return folder


def test_the_shipped_manifest_is_valid() -> None:
    official = models.read_manifest(resources.models()).models["vosk-small-en-us"]
    assert official.licence == "Apache-2.0"
    assert set(FILES) < set(official.files)
    assert official.url.startswith("https://")


def test_ours_is_chosen_before_the_official_one(tmp_path: Path) -> None:
    known = models.read_manifest(resources.models()).models
    assert next(iter(known)) == "voicecramp-en"
    ours = resources.models() / known["voicecramp-en"].folder
    # As whole as ours: one that Vosk cannot load would be passed over anyway.
    shutil.copytree(ours, tmp_path / known["vosk-small-en-us"].folder)
    choice = choose(resources.models(), downloads=tmp_path)
    assert choice.why == "Vosk with voicecramp-en, checked by PocketSphinx"
    assert not choice.troubles


def test_a_download_without_checksums_is_no_manifest(tmp_path: Path) -> None:
    entry = (
        "models:\n  a: {title: A, licence: MIT, folder: a, url: 'https://models.invalid/a.zip', size_mb: 1}\n"
    )
    (tmp_path / "manifest.yaml").write_text(entry, encoding="utf-8")
    with pytest.raises(
        VoiceCrampError, match=r"manifest\.yaml:2: models\.a: a model with a url needs its files"
    ):
        models.read_manifest(tmp_path)


@pytest.mark.parametrize("path", ["../evil", "/evil", "am//evil", ".hidden/evil", "am/.."])
def test_a_manifest_cannot_name_a_file_outside_the_model(tmp_path: Path, path: str) -> None:
    entry = (
        f"models:\n  a: {{title: A, licence: MIT, folder: a, size_mb: 1, files: {{'{path}': {'0' * 40}}}}}\n"
    )
    (tmp_path / "manifest.yaml").write_text(entry, encoding="utf-8")
    with pytest.raises(VoiceCrampError, match=r"manifest\.yaml:2: "):
        models.read_manifest(tmp_path)


def test_models_are_listed_as_the_manifest_orders_them(shipped: Path, downloads: Path) -> None:
    assert installed(MANIFEST, [downloads, shipped]) == [
        Installed("ours", shipped / "voicecramp-en", OURS),
        Installed("vosk", downloads / "vosk-model-1.0", OFFICIAL),
        Installed("amateur", downloads / "amateur", None),
    ]


def test_a_folder_that_does_not_exist_or_comes_twice_adds_nothing(shipped: Path) -> None:
    only = [Installed("ours", shipped / "voicecramp-en", OURS)]
    assert installed(MANIFEST, [shipped, shipped / "none", shipped]) == only
    assert installed(MANIFEST, []) == []


def test_of_two_models_of_one_name_the_first_folder_s_is_taken(shipped: Path, downloads: Path) -> None:
    make_model(shipped / "amateur")
    for folders in ([shipped, downloads], [downloads, shipped]):
        assert find("amateur", MANIFEST, folders).path == folders[0] / "amateur"


def test_a_model_is_found_by_name_by_folder_and_by_path(
    shipped: Path, downloads: Path, tmp_path: Path
) -> None:
    folders = [shipped, downloads]
    assert find("vosk", MANIFEST, folders).path == downloads / "vosk-model-1.0"
    assert find("vosk-model-1.0", MANIFEST, folders).name == "vosk"
    assert find("amateur", MANIFEST, folders) == Installed("amateur", downloads / "amateur", None)
    elsewhere = make_model(tmp_path / "elsewhere")
    assert find(str(elsewhere), MANIFEST, folders) == Installed("elsewhere", elsewhere, None)


def test_a_model_that_is_not_there_is_told(shipped: Path, tmp_path: Path) -> None:
    with pytest.raises(VoiceCrampError) as caught:
        find("vosk", MANIFEST, [shipped])
    assert str(caught.value) == "The model vosk is not installed; `voicecramp models install vosk` gets it."
    with pytest.raises(
        VoiceCrampError, match=r"ours is not installed; install VoiceCramp again to get it back\."
    ):
        find("ours", MANIFEST, [])
    with pytest.raises(VoiceCrampError) as caught:
        find("nonsense", MANIFEST, [shipped])
    assert str(caught.value) == "There is no model nonsense, by name or by path; installed are: ours."
    with pytest.raises(VoiceCrampError, match="There is no model ~nobody-is-called-so/x"):
        find("~nobody-is-called-so/x", MANIFEST, [shipped])
    with pytest.raises(VoiceCrampError, match=r"this is not a Vosk model, am/final\.mdl is missing"):
        find(str(tmp_path), MANIFEST, [shipped])


@pytest.mark.parametrize("missing", FILES)
def test_a_folder_that_lacks_anything_is_no_model(tmp_path: Path, missing: str) -> None:
    (make_model(tmp_path / "model") / missing).unlink()
    assert installed(MANIFEST, [tmp_path]) == []
    with pytest.raises(VoiceCrampError, match=f"{missing} is missing"):
        models.check(tmp_path / "model")


@pytest.mark.parametrize("missing", FILES)
def test_a_folder_of_the_manifest_s_that_lacks_anything_is_there_to_be_told_and_removed(
    downloads: Path, missing: str
) -> None:
    (downloads / "vosk-model-1.0" / missing).unlink()
    assert [model.name for model in installed(MANIFEST, [downloads])] == ["vosk", "amateur"]
    remove("vosk", MANIFEST, downloads)
    assert [model.name for model in installed(MANIFEST, [downloads])] == ["amateur"]


def test_a_model_that_takes_no_grammar_is_refused(tmp_path: Path) -> None:
    large = make_model(tmp_path / "large")
    (large / "graph/HCLG.fst").touch()
    with pytest.raises(VoiceCrampError, match=r"one fixed graph .* choose a small model"):
        models.check(large)
    with pytest.raises(VoiceCrampError, match="there is no such model folder"):
        models.check(tmp_path / "none")


def test_the_prototype_is_a_model(shared: Path) -> None:
    models.check(shared / "prototype-model" / "model")


@pytest.mark.parametrize(
    ("name", "folder"), [("vosk", "vosk-model-1.0"), ("vosk-model-1.0", "vosk-model-1.0")]
)
def test_a_downloaded_model_is_removed(downloads: Path, name: str, folder: str) -> None:
    assert remove(name, MANIFEST, downloads) == downloads / folder
    assert not (downloads / folder).exists()
    assert not (downloads / f".removed-{folder}").exists()
    assert (downloads / "amateur").is_dir()


def test_a_model_from_elsewhere_is_removed_even_after_a_removal_that_was_cut_short(downloads: Path) -> None:
    make_model(downloads / ".removed-amateur")
    remove("amateur", MANIFEST, downloads)
    assert not (downloads / "amateur").exists()
    assert not (downloads / ".removed-amateur").exists()


@pytest.mark.parametrize(
    "name", ["..", ".", "", "../shipped/voicecramp-en", "/etc", ".downloads", "a/b", "am\n"]
)
def test_nothing_outside_the_folder_is_removed(downloads: Path, shipped: Path, name: str) -> None:
    before = sorted(downloads.parent.rglob("*"))
    with pytest.raises(VoiceCrampError, match="is no name of a model"):
        remove(name, MANIFEST, downloads)
    assert sorted(shipped.parent.rglob("*")) == before


def test_only_what_is_a_model_and_not_ours_is_removed(downloads: Path, shipped: Path) -> None:
    (downloads / "linked").symlink_to(downloads / "amateur")
    before = sorted(downloads.parent.rglob("*"))
    for name in ("not-a-model", "none", "linked", "manifest.yaml"):
        with pytest.raises(VoiceCrampError, match=f"^There is no model {name} in {downloads}; "):
            remove(name, MANIFEST, downloads)
    for name in ("ours", "voicecramp-en"):
        with pytest.raises(VoiceCrampError, match="comes with VoiceCramp and is not removed"):
            remove(name, MANIFEST, shipped)
    assert sorted(downloads.parent.rglob("*")) == before
