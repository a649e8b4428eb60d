import shutil
from pathlib import Path

import pytest

from voicecramp.asr import choose
from voicecramp.errors import VoiceCrampError


@pytest.fixture
def models(tmp_path: Path) -> Path:
    (tmp_path / "manifest.yaml").write_text("models: {}\n", encoding="utf-8")
    return tmp_path


def install(model: Path, models: Path, name: str) -> None:
    shutil.copytree(model, models / name, copy_function=shutil.copyfile)


def test_vosk_where_there_is_a_model(models: Path, model: Path) -> None:
    install(model, models, "bedroom")
    choice = choose(models, "auto")
    assert choice.recogniser.name == "vosk"
    assert choice.why == "Vosk with bedroom, checked by PocketSphinx"


def test_pocketsphinx_where_there_is_none(models: Path) -> None:
    choice = choose(models, "auto")
    assert choice.recogniser.name == "pocketsphinx"
    assert f"no Vosk model in {models}" in choice.why


def test_pocketsphinx_when_asked_for(models: Path, model: Path) -> None:
    install(model, models, "bedroom")
    assert choose(models, "pocketsphinx").recogniser.name == "pocketsphinx"


def test_vosk_without_a_model_is_an_error(models: Path) -> None:
    with pytest.raises(VoiceCrampError, match="no model in"):
        choose(models, "vosk")


def test_a_model_by_name_or_folder(models: Path, model: Path) -> None:
    install(model, models, "kitchen")
    install(model, models, "bedroom")
    assert "kitchen" in choose(models, "auto", "kitchen").why
    assert model.name in choose(models, "vosk", str(model)).why
    with pytest.raises(VoiceCrampError, match="attic"):
        choose(models, "auto", "attic")


def damage(model: Path) -> None:
    mdl = model / "am/final.mdl"
    mdl.write_bytes(mdl.read_bytes()[:1000])


def test_a_damaged_model_gives_way_to_the_next(models: Path, model: Path) -> None:
    install(model, models, "attic")
    install(model, models, "bedroom")
    damage(models / "attic")
    for engine in ("auto", "vosk"):
        choice = choose(models, engine)
        assert choice.why == "Vosk with bedroom, checked by PocketSphinx"
        (trouble,) = choice.troubles
        assert "attic" in trouble
        assert "install it again" in trouble


def test_where_every_model_is_damaged_pocketsphinx_listens(models: Path, model: Path) -> None:
    install(model, models, "attic")
    damage(models / "attic")
    choice = choose(models, "auto")
    assert choice.recogniser.name == "pocketsphinx"
    assert "attic" in choice.troubles[0]
    with pytest.raises(VoiceCrampError, match="attic"):
        choose(models, "vosk")


def test_a_model_of_the_manifest_s_that_lacks_a_file_is_told(models: Path, model: Path) -> None:
    known = "{title: Ours, licence: CC0-1.0, folder: attic, size_mb: 4}"
    (models / "manifest.yaml").write_text(f"models: {{ours: {known}}}\n", encoding="utf-8")
    install(model, models, "attic")
    (models / "attic/graph/Gr.fst").unlink()
    choice = choose(models)
    assert choice.recogniser.name == "pocketsphinx"
    assert "attic: this is not a Vosk model, graph/Gr.fst is missing" in choice.troubles[0]
    with pytest.raises(VoiceCrampError, match="attic"):
        choose(models, "vosk")


@pytest.mark.parametrize("text", [None, "models: 7\n"], ids=["missing", "broken"])
def test_a_broken_manifest_is_told_and_what_is_there_listens(
    models: Path, model: Path, text: str | None
) -> None:
    (models / "manifest.yaml").unlink()
    if text:
        (models / "manifest.yaml").write_text(text, encoding="utf-8")
    choice = choose(models)
    assert (choice.recogniser.name, len(choice.troubles)) == ("pocketsphinx", 1)
    install(model, models, "bedroom")
    for choice in (choose(models), choose(models, model="bedroom")):
        assert choice.recogniser.name == "vosk"
        assert "manifest.yaml" in choice.troubles[0]


def test_a_damaged_model_that_is_asked_for_is_an_error(models: Path, model: Path) -> None:
    install(model, models, "attic")
    install(model, models, "bedroom")
    damage(models / "attic")
    with pytest.raises(VoiceCrampError, match="attic"):
        choose(models, "auto", "attic")


def test_models_installed_elsewhere_count(
    models: Path, model: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    downloads = tmp_path_factory.mktemp("downloads")
    install(model, downloads, "bedroom")
    assert choose(models, "auto", downloads=downloads).recogniser.name == "vosk"


@pytest.mark.parametrize("engine", ["vosk", "pocketsphinx"])
def test_words_that_pocketsphinx_lacks_are_taught_to_it(models: Path, model: Path, engine: str) -> None:
    install(model, models, "bedroom")
    choice = choose(
        models, "vosk" if engine == "vosk" else "pocketsphinx", pronunciations={"xyzzy": ["Z IH Z IY"]}
    )
    listening = choice.verifier._engine if engine == "vosk" else choice.recogniser
    assert listening.unknown_words(["leg xyzzy"]) == {}
