import re
import textwrap
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field, RootModel, field_validator

from voicecramp.datafile import Strict, load
from voicecramp.errors import VoiceCrampError


class Say(Strict):
    say: str
    source: tuple[str, ...] = ()


class Hold(Strict):
    hold: int = Field(ge=1, le=60)


class Guidance(Strict):
    title: str
    steps: tuple[Say | Hold, ...] = ()
    words: dict[str, str | list[str]] = Field(default_factory=dict)
    on: bool = True
    asks: dict[str, Say] = Field(default_factory=dict)

    @field_validator("title")
    @classmethod
    def _has_capital(cls, title: str) -> str:
        if not title[:1].isupper():
            raise ValueError("a title begins with a capital, write it so")
        return title


class Titles(RootModel[tuple[str, ...]]):
    pass


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def complaint(path: Path) -> str:
    with pytest.raises(VoiceCrampError) as caught:
        load(path, Guidance)
    return str(caught.value)


def test_yaml_and_toml_give_the_same_object(tmp_path: Path) -> None:
    yaml = written(
        tmp_path, "a.yml", "title: Calf\nsteps:\n  - say: hello\n  - hold: 30\nwords: {a: [b, c]}\n"
    )
    toml = written(
        tmp_path, "a.toml", 'title = "Calf"\nsteps = [{say = "hello"}, {hold = 30}]\nwords.a = ["b", "c"]\n'
    )
    expected = Guidance(title="Calf", steps=(Say(say="hello"), Hold(hold=30)), words={"a": ["b", "c"]})
    assert load(yaml, Guidance) == expected
    assert load(toml, Guidance) == expected


def test_plain_words_of_yaml_stay_words(tmp_path: Path) -> None:
    path = written(tmp_path, "a.yaml", "title: No\non: false\nwords:\n  no: [nope, 2026-01-01]\n  yes: off\n")
    guidance = load(path, Guidance)
    assert guidance.title == "No"
    assert guidance.on is False
    assert guidance.words == {"no": ["nope", "2026-01-01"], "yes": "off"}


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b'\xef\xbb\xbftitle = "Calf"\r\n')
    assert load(path, Guidance).title == "Calf"


def test_an_empty_file_is_one_without_keys(tmp_path: Path) -> None:
    class Free(Strict):
        volume: int = 0

    for name in ("a.yaml", "a.toml"):
        path = written(tmp_path, name, "# nothing but this\n")
        assert load(path, Free) == Free()
        assert complaint(path) == f"{path}: it is empty; it needs title."


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        # unknown, misspelt, missing
        ("a.yaml", "titel: Calf\n", ":1: the key titel is unknown; did you mean title?"),
        (
            "a.yaml",
            "title: C\nzzz: 1\n",
            ":2: the key zzz is unknown; known here: title, steps, words, on, asks.",
        ),
        ("a.yaml", "\non: true\n", ":1: the key title is missing; add it."),
        (
            "a.yaml",
            "title: C\nsteps:\n- say: hi\n  sorce: [a]\n",
            ":4: the key steps[0].sorce is unknown; did you mean source?",
        ),
        (
            "a.yaml",
            "title: C\nsteps:\n- say: hi\n  hold: 3\n",
            ":3: the key steps[0].say does not go with the other keys there; remove one of them.",
        ),
        (
            "a.yaml",
            "title: C\nasks:\n  first:\n    sai: hi\n",
            ":4: the key asks.first.sai is unknown; did you mean say?",
        ),
        # wrong values
        (
            "a.yaml",
            "title: C\nsteps:\n- say: hi\n- hold: 99\n",
            ":4: steps[1].hold: found 99, expected less than or equal to 60.",
        ),
        ("a.yaml", "title: calf\n", ":1: title: a title begins with a capital, write it so."),
        (
            "a.yaml",
            "title: C\nwords:\n  a: 3\n",
            ":3: words.a: found 3, expected a valid string or a valid list.",
        ),
        ("a.yaml", "title: C\nwords: hi\n", ':2: words: found "hi", expected keys with values.'),
        ("a.yaml", "title:\n", ":1: title: found nothing, expected a valid string."),
        ("a.yaml", "title: {a: b}\n", ":1: title: found keys with values, expected a valid string."),
        ("a.yaml", "- a\n", ":1: the file: found a list, expected keys with values."),
        # not YAML
        ("a.yaml", "title: C\ntitle: D\n", ":2: the key title is given again, after line 1; remove one."),
        (
            "a.yaml",
            "title: C\nwords:\n  a: b\n  c: d\n  a: e\n",
            ":5: the key words.a is given again, after line 3; remove one.",
        ),
        ("a.yaml", "title: C\nwords: [\n", ":3: this is not valid YAML ("),
        ("a.yaml", "title: C\n\tb: 1\n", ":2: this is not valid YAML ("),
        ("a.yaml", "title: C\nwords: !foo b\n", ":2: this is not valid YAML ("),
        ("a.yaml", "title: C\n---\ntitle: D\n", ":2: this is not valid YAML ("),
        ("a.yaml", "title: C\n? [a]\n: b\n", ":2: this is not valid YAML ("),
        ("a.yaml", "title: !!int C\n", ": a value is not what its tag says ("),
        ("a.yaml", "title: C\non: \x07\n", ":2: there is a control character; remove it."),
        ("a.yaml", "title: &a [*a]\n", ":1: title: found a list, expected a valid string."),
        # TOML
        ("a.toml", 'title = "C\n', ":1: this is not valid TOML ("),
        ("a.toml", 'title = "C"\n[words\n', ":2: this is not valid TOML ("),
        ("a.toml", 'title = """C\n\n', ":1: this is not valid TOML ("),
        ("a.toml", 'title = "C"\ntitle = "D"\n', ":2: this is not valid TOML ("),
        ("a.toml", 'title = "C"\n\n[words]\n"a b" = 3\n', ":4: words.a b: found 3, expected"),
        ("a.toml", 'title = "C"\n[words] # "no"\nok = "1"\nno = 3\n', ":4: words.no: found 3, expected"),
        ("a.toml", 'title = "C"\nwords.no = 3\n', ":2: words.no: found 3, expected"),
        (
            "a.toml",
            'title = "C"\nsteps = [\n  {say = "a"},\n  {hold = 99},\n]\n',
            ":2: steps[1].hold: found 99, expected",
        ),
        (
            "a.toml",
            'title = "C"\n[[steps]]\nsay = "a"\n[[steps]]\nhold = 99\n',
            ":5: steps[1].hold: found 99, expected",
        ),
        ("a.toml", 'title = "C"\n\n[colours]\n', ":3: the key colours is unknown; known here: "),
    ],
)
def test_trouble_is_told_with_its_line(tmp_path: Path, name: str, text: str, expected: str) -> None:
    path = written(tmp_path, name, text)
    assert complaint(path).startswith(f"{path}{expected}")


def test_every_complaint_is_one_sentence(tmp_path: Path) -> None:
    said = complaint(written(tmp_path, "a.yaml", f"title: [{'x' * 5000}]\n"))
    assert "\n" not in said
    assert re.search(r"[.?]$", said)
    assert len(complaint(written(tmp_path, "b.yaml", f"title: C\non: {'x' * 5000}\n"))) < 300


def test_a_list_at_the_top_is_possible(tmp_path: Path) -> None:
    path = written(tmp_path, "a.yaml", "- one\n- two\n")
    assert load(path, Titles).root == ("one", "two")
    path = written(tmp_path, "b.yaml", "- one\n- 2\n")
    with pytest.raises(VoiceCrampError, match=r"b\.yaml:2: \[1\]: found 2, expected a valid string\."):
        load(path, Titles)


def test_what_is_no_text_file_is_refused(tmp_path: Path) -> None:
    missing = tmp_path / "none.yaml"
    assert complaint(missing) == f"{missing}: there is no such file; check the path."
    assert complaint(tmp_path) == f"{tmp_path}: this is a folder, expected a file; check the path."
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("title: C\nwords: caf\u00e9\n".encode("latin-1"))
    assert complaint(latin) == f"{latin}:2: this is not UTF-8 text; save the file as UTF-8."
    other = written(tmp_path, "a.json", "{}")
    assert complaint(other) == f"{other}: expected a file that ends in .yaml, .yml or .toml; rename it."


def test_what_was_loaded_cannot_be_changed(tmp_path: Path) -> None:
    guidance = load(written(tmp_path, "a.yaml", "title: C\n"), Guidance)
    with pytest.raises(ValueError, match="frozen"):
        guidance.title = "D"  # type: ignore[misc]


class Patterned(Strict):
    things: dict[Annotated[str, Field(pattern="^[a-z]+$")], Say]


def test_keys_that_follow_a_pattern_do_not_hide_the_known_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("things:\n  one: {txet: x}\n")
    with pytest.raises(
        VoiceCrampError, match=r"a\.yaml:2: the key things\.one\.txet is unknown; known here: say, source"
    ):
        load(path, Patterned)
