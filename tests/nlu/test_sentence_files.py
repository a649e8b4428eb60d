"""A sentence file that is wrong is refused with its file, its line, and the sentence."""

import logging
from pathlib import Path

import pytest

from voicecramp.errors import VoiceCrampError
from voicecramp.nlu import Intent, Nlu, load
from voicecramp.nlu.expansion import MAX_PHRASES

COMMON = """\
language: en
lists:
  muscle:
    values:
      - calf
      - {in: "(foot|feet|toes)", out: foot}
expansion_rules:
  have: "(i have|i've)"
skip_words: [please]
deciding_words: [left]
"""

CRAMP = """\
language: en
intents:
  Cramp:
    labels: ["{muscle} cramp", cramp]
    data:
      - sentences:
          - "<have> a {muscle} cramp"
"""


def sentences(folder: Path, **files: str) -> Nlu:
    (folder / "sentences").mkdir()
    (folder / "_common.yaml").write_text(files.pop("common", COMMON), encoding="utf-8")
    for name, content in files.items():
        (folder / "sentences" / f"{name}.yaml").write_text(content, encoding="utf-8")
    return load(folder)


def with_sentence(sentence: str) -> str:
    return CRAMP + f'          - "{sentence}"\n'


def test_lists_rules_and_states(tmp_path: Path) -> None:
    nlu = sentences(tmp_path, Cramp=CRAMP)
    assert nlu.phrases("idle") == (
        "i have a calf cramp",
        "i have a feet cramp",
        "i have a foot cramp",
        "i have a toes cramp",
        "i've a calf cramp",
        "i've a feet cramp",
        "i've a foot cramp",
        "i've a toes cramp",
    )
    assert nlu.understand("I have a toes cramp", "paused") == Intent(
        "Cramp", {"muscle": "foot"}, text="i have a toes cramp"
    )
    assert nlu.labels() == ("calf cramp", "cramp", "foot cramp")


def test_a_template_is_written_like_prose(tmp_path: Path) -> None:
    nlu = sentences(tmp_path, Cramp=with_sentence("Ow, ow! I\N{RIGHT SINGLE QUOTATION MARK}m light-headed?"))
    assert "ow ow i'm light headed" in nlu.phrases("idle")
    assert isinstance(nlu.understand("Ow, ow, I'm light-headed", "idle"), Intent)


@pytest.mark.parametrize(
    ("sentence", "trouble"),
    [
        ("(stop", "does not parse"),
        ("stop]", "does not parse"),
        ("[stop", "does not parse"),
        ("stop {}", "which cannot be a name"),
        ("stop ()", "does not parse"),
        ("", "has no word in it"),
        ("...", "has no word in it"),
        ("?!", "has no word in it"),
        ("wait 30 seconds", "has the character '3'"),
        ("a&e", "has the character '&'"),
        ("my {Muscle}", "refers to 'Muscle', which cannot be a name"),
        ("my {muscle:part}", "has the character ':'"),
        ("my {nose}", "names the list {nose}, which _common.yaml does not have"),
        ("<nose> cramp", "names the rule <nose>, which _common.yaml does not have"),
    ],
)
def test_a_sentence_that_is_wrong(tmp_path: Path, sentence: str, trouble: str) -> None:
    with pytest.raises(VoiceCrampError) as caught:
        sentences(tmp_path, Cramp=with_sentence(sentence))
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'sentences' / 'Cramp.yaml'}:8: intents.Cramp.data[0]")
    assert trouble in message
    assert sentence in message


def test_values_may_be_numbers_and_implied(tmp_path: Path) -> None:
    common = COMMON + "pronunciations: {cramp: [K R AE M P, K R AA M P]}\n"
    common = common.replace("out: foot}", "out: 3}\n    implied: [7, vitamin-b12]")
    more = CRAMP + "      - {sentences: [both of them], slots: {muscle: 7}}\n"
    nlu = sentences(tmp_path, common=common, Cramp=more)
    assert nlu.values() == {"muscle": ("calf", 3, 7, "vitamin-b12")}
    assert nlu.understand("i have a toes cramp", "idle") == Intent(
        "Cramp", {"muscle": 3}, text="i have a toes cramp"
    )
    assert nlu.understand("both of them", "idle") == Intent("Cramp", {"muscle": 7}, text="both of them")
    assert nlu.labels() == ("3 cramp", "7 cramp", "calf cramp", "cramp", "vitamin-b12 cramp")
    assert nlu.pronunciations() == {"cramp": ("K R AE M P", "K R AA M P")}
    near = nlu.understand("i have a toe cramp", "holding")
    assert isinstance(near, Intent)
    assert near.slots == {"muscle": 3}


@pytest.mark.parametrize(
    ("old", "new", "trouble"),
    [
        ("deciding_words: [left]", "pronunciations: {cramp: [K R AE M PP]}", "pronunciations.cramp[0]"),
        ("skip_words:", "  nose:\n    values: []\nskip_words:", "nose"),
        ('"(i have|i\'ve)"', '"(i have|i\'ve"', "_common.yaml:8: expansion_rules.have: the sentence"),
        ('"(i have|i\'ve)"', '"(i have|<have>)"', "comes to a rule that names itself"),
        (
            '"(i have|i\'ve)"',
            '"<had>"',
            "_common.yaml:8: expansion_rules.have: the sentence '<had>' names the",
        ),
        (
            '"(foot|feet|toes)"',
            '"my {muscle}"',
            "_common.yaml:6: lists.muscle: the sentence 'my {muscle}' has a",
        ),
        ("values:", "wildcard:", "unknown"),
        ("language: en\n", "", "language is missing"),
        ("- calf", "- 3", "_common.yaml:5"),
    ],
)
def test_common_that_is_wrong(tmp_path: Path, old: str, new: str, trouble: str) -> None:
    with pytest.raises(VoiceCrampError) as caught:
        sentences(tmp_path, common=COMMON.replace(old, new), Cramp=CRAMP)
    assert trouble in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "trouble"),
    [
        (", cramp]", "]", "intents.Cramp.labels: the last must do without slots"),
        (
            "{muscle} cramp",
            "{muscle cramp",
            "intents.Cramp.labels: the braces of '{muscle cramp' do not pair up",
        ),
        (
            "{muscle} cramp",
            "muscle} cramp",
            "intents.Cramp.labels: the braces of 'muscle} cramp' do not pair up",
        ),
        ("{muscle} cramp", "{side} cramp", "names the list {side}"),
        (
            "      - sentences",
            "      - slots: {muscle: nose}\n        sentences",
            "no list 'muscle' with 'nose'",
        ),
        (
            "      - sentences",
            "      - requires_context: {state: [asleep]}\n        sentences",
            "Cramp.yaml:6",
        ),
        ("data:", "date:", "did you mean data?"),
    ],
)
def test_an_intent_that_is_wrong(tmp_path: Path, old: str, new: str, trouble: str) -> None:
    with pytest.raises(VoiceCrampError) as caught:
        sentences(tmp_path, Cramp=CRAMP.replace(old, new, 1))
    assert trouble in str(caught.value)


def test_one_phrase_with_two_meanings(tmp_path: Path) -> None:
    other = CRAMP.replace("Cramp:", "Pain:").replace("<have> a {muscle} cramp", "[<have> a] calf cramp")
    with pytest.raises(VoiceCrampError) as caught:
        sentences(tmp_path, Cramp=CRAMP, Pain=other)
    message = str(caught.value)
    assert "Pain.yaml:7: intents.Pain.data[0]" in message
    assert "'i have a calf cramp', which in the state idle means Cramp already" in message
    assert "'<have> a {muscle} cramp'" in message


def test_one_phrase_may_mean_two_things_in_two_states(tmp_path: Path) -> None:
    gated = CRAMP + "        requires_context: {state: [idle]}\n"
    other = gated.replace("Cramp:", "Pain:").replace("[idle]", "[asking]")
    nlu = sentences(tmp_path, Cramp=gated, Pain=other)
    meant = [nlu.understand("i have a calf cramp", state) for state in ("idle", "asking", "paused")]
    assert [intent and intent.name for intent in meant if not hasattr(intent, "best")] == [
        "Cramp",
        "Pain",
        None,
    ]


def test_one_intent_in_two_files(tmp_path: Path) -> None:
    with pytest.raises(VoiceCrampError, match=r"B.yaml: intents.Cramp: it is in .*A.yaml too; join the two"):
        sentences(tmp_path, A=CRAMP, B=CRAMP)


def test_no_files(tmp_path: Path) -> None:
    with pytest.raises(VoiceCrampError, match=r"_common.yaml: there is no such file"):
        load(tmp_path)
    with pytest.raises(VoiceCrampError, match="there are no sentence files"):
        sentences(tmp_path)


def test_too_many_ways_are_thinned_out_evenly_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    million = " ".join(["(one|two|three|four)"] * 10)
    with caplog.at_level(logging.WARNING):
        nlu = sentences(tmp_path, Cramp=with_sentence(million))
    assert len(nlu.phrases("idle")) == 8 + MAX_PHRASES
    assert "Cramp.yaml: intents.Cramp.data[0]: '(one|two" in caplog.text
    unsampled = " ".join(["four"] * 10)
    assert unsampled not in nlu.phrases("idle")
    assert isinstance(nlu.understand(unsampled, "idle"), Intent)
