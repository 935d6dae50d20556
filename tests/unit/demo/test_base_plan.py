"""Who says what in the base corpus."""

from collections import Counter

from emotts.demo.base_plan import BASE_VOICES, plan
from emotts.demo.script import base_sentences
from emotts.demo.world import RULES


def test_every_sentence_is_planned_once_in_its_own_and_another_emotion():
    planned = plan(base_sentences(), seed=0)
    assert sorted((each.text, each.emotions[0]) for each in planned) == sorted(base_sentences())
    assert all(first != second for first, second in (each.emotions for each in planned))


def test_same_seed_same_plan():
    sentences = base_sentences()
    assert plan(sentences, seed=1) == plan(sentences, seed=1) != plan(sentences, seed=2)


def test_all_of_it_and_its_beginning_are_balanced():
    planned = plan(base_sentences(), seed=0)
    for part in (planned, planned[:400]):
        clips = Counter((each.speaker, emotion) for each in part for emotion in each.emotions)
        assert len(clips) == len(BASE_VOICES) * len(RULES)
        for (_, emotion), count in clips.items():
            share = count / (2 * len(part) / len(BASE_VOICES))
            assert (0.3 < share < 0.4) if emotion == "neutral" else (0.07 < share < 0.15), (emotion, share)


def test_the_speaker_of_the_demo_is_not_there():
    assert {voice.name for voice in BASE_VOICES.values()} == {"jf_alpha", "jf_gongitsune", "jf_tebukuro", "jm_kumo"}
