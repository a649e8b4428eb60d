"""Choosing among all that may have been said."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecramp.asr.alternatives import Alternative, choose, read_alternatives, whole_phrases


def alternative(text: str, share: float) -> Alternative:
    """Words of 0.3 s each, one after the other."""
    words = tuple((word, 0.3 * at, 0.3 * (at + 1)) for at, word in enumerate(text.split()))
    return Alternative(words, math.log(share))


def chosen(phrases: set[str], *alternatives: tuple[str, float]) -> str:
    return " ".join(word.text for word in choose([alternative(*one) for one in alternatives], phrases))


def test_garbage_is_no_phrase_even_where_it_is_listed() -> None:
    assert chosen({"stop", "[unk]"}, ("[unk]", 0.6), ("stop", 0.4)) == "[unk]"
    assert chosen({"stop", "[unk]"}, ("stop", 0.9), ("[unk]", 0.1)) == "stop"


def test_the_likeliest_is_taken_where_it_is_a_phrase() -> None:
    assert chosen({"stop", "top"}, ("stop", 0.6), ("top", 0.4)) == "stop"


def test_a_whole_phrase_is_taken_before_what_is_mixed_from_phrases() -> None:
    assert chosen({"stop it"}, ("start did", 0.5), ("stop did", 0.3), ("stop it", 0.2)) == "stop it"


def test_the_likeliest_whole_phrase_is_taken() -> None:
    assert (
        chosen({"stop it", "start it"}, ("start did", 0.5), ("start it", 0.3), ("stop it", 0.2)) == "start it"
    )


def test_a_phrase_far_less_likely_than_what_was_heard_is_not_taken() -> None:
    assert chosen({"no"}, ("know", 0.998), ("no", 0.002)) == "know"
    assert chosen({"no"}, ("know", 0.997), ("no", 0.003)) == "no"


@pytest.mark.parametrize("garbage", ["[unk]", "i [unk]", ""])
def test_a_phrase_that_may_as_well_be_garbage_is_not_taken(garbage: str) -> None:
    assert chosen({"no"}, ("know", 0.6), ("no", 0.19), (garbage, 0.21)) == "know"
    assert chosen({"no"}, ("know", 0.6), ("no", 0.21), (garbage, 0.19)) == "no"
    assert chosen({"no"}, (garbage, 0.6), ("no", 0.4)) == garbage


def test_all_that_has_garbage_in_it_counts_together() -> None:
    assert chosen({"no"}, ("no", 0.4), ("[unk]", 0.3), ("no [unk]", 0.3)) == "[unk]"


def test_a_word_is_as_sure_as_all_alternatives_that_have_it_there() -> None:
    alternatives = [alternative("my leg", 0.5), alternative("my calf", 0.3), alternative("calf", 0.2)]
    words = choose(alternatives, ["my leg", "my calf", "calf"])
    assert [round(word.confidence, 6) for word in words] == [0.8, 0.5]
    assert [(word.start, word.end) for word in words] == [(0.0, 0.3), (0.3, 0.6)]


def test_what_is_mixed_from_phrases_counts_a_tenth_and_garbage_as_much_as_a_phrase() -> None:
    [mixed] = choose([alternative("no", 0.5), alternative("know", 0.5)], ["no"])
    assert mixed.confidence == pytest.approx(0.5 / 0.55)
    [garbage] = choose([alternative("no", 0.6), alternative("[unk]", 0.4)], ["no"])
    assert garbage.confidence == pytest.approx(0.6)
    assert chosen({"no"}, ("know", 0.998), ("no", 0.002)) == "know"
    [mixed_alone] = choose([alternative("know", 0.998), alternative("no", 0.002)], ["no"])
    assert mixed_alone.confidence == pytest.approx(0.0998 / 0.1018)


def test_whole_phrases_are_as_likely_as_they_are_among_all() -> None:
    offered = [
        alternative(text, share) for text, share in (("no", 0.4), ("know", 0.2), ("no", 0.2), ("[unk]", 0.2))
    ]
    offered.append(alternative("yes", 0.1))
    found = whole_phrases(offered, {"no", "yes", "[unk]"})
    assert found == pytest.approx({"no": 0.6 / 0.92, "yes": 0.1 / 0.92})


texts = st.lists(st.sampled_from(["my", "leg", "calf", "[unk]"]), max_size=4).map(" ".join)


@given(
    st.dictionaries(texts, st.floats(-500, 500), min_size=1, max_size=20),
    st.sets(texts),
)
def test_something_offered_is_chosen_and_no_word_is_surer_than_sure(
    likelihoods: dict[str, float], phrases: set[str]
) -> None:
    offered = [Alternative(alternative(text, 1.0).words, one) for text, one in likelihoods.items()]
    offered.sort(key=lambda one: -one.likelihood)
    words = choose(offered, phrases)
    assert " ".join(word.text for word in words) in likelihoods
    assert all(0 <= word.confidence <= 1 for word in words)


def test_the_engines_answer_is_read() -> None:
    answer = {
        "alternatives": [
            {"confidence": 12.5, "text": "stop", "result": [{"word": "stop", "start": 0.3, "end": 0.6}]},
            {"confidence": 11.0, "text": ""},
        ]
    }
    assert read_alternatives(answer) == [Alternative((("stop", 0.3, 0.6),), 12.5), Alternative((), 11.0)]
