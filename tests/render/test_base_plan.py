"""Who says what in the base corpus."""

from collections import Counter

import pytest

from tools.render.base_plan import BASE_VOICES, PlannedSentence, plan
from tools.render.emotion_rule import RULES
from tools.render.script import BASE_LANGUAGES, SPEAKER, base_sentences


@pytest.fixture(scope="module")
def planned() -> list[PlannedSentence]:
    return plan({language: base_sentences(language) for language in BASE_LANGUAGES}, seed=0)


def test_every_sentence_is_planned_once_in_its_own_and_another_emotion(planned: list[PlannedSentence]):
    for language in BASE_LANGUAGES:
        own = [(each.text, each.emotions[0]) for each in planned if each.language == language]
        assert sorted(own) == sorted(base_sentences(language))
    assert all(first != second for first, second in (each.emotions for each in planned))


def test_same_seed_same_plan():
    scripts = {"EN": base_sentences("EN")}
    assert plan(scripts, seed=1) == plan(scripts, seed=1) != plan(scripts, seed=2)


def test_all_of_it_and_its_beginning_are_balanced(planned: list[PlannedSentence]):
    for part in (planned, planned[:500]):
        languages = Counter(each.language for each in part)
        shares = [languages[name] / len(part) for name in BASE_LANGUAGES]
        assert shares == pytest.approx([1738 / 3858, 1060 / 3858, 1060 / 3858], abs=0.02)
        speakers = Counter(each.speaker for each in part)
        assert len(speakers) == len(BASE_VOICES) == 8
        assert all(0.11 < count / len(part) < 0.14 for count in speakers.values())
        emotions = Counter(emotion for each in part for emotion in each.emotions)
        assert emotions.keys() == RULES.keys()
        fractions = {name: count / (2 * len(part)) for name, count in emotions.items()}
        assert 0.35 < fractions.pop("neutral") < 0.42
        assert all(0.08 < fraction < 0.13 for fraction in fractions.values())


def test_the_speaker_of_the_demo_is_not_there():
    parents = {name for voice in BASE_VOICES.values() for name in voice.shares}
    assert parents == {"jf_alpha", "jf_nezumi", "jf_tebukuro", "jm_kumo"}
    assert f"jf_{SPEAKER}" not in parents
