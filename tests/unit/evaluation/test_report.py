"""The report says what the figures say, and not more."""

from __future__ import annotations

import pytest

from emotts.evaluation.report import report_text, write_report
from emotts.evaluation.verdicts import verdicts

EMOTIONS = ("happy", "sad")
GOOD = {
    "n_sentences": 10.0,
    "n_shared_sentences": 4.0,
    "n_clips": 14.0,
    "n_unusable": 0.0,
    "real.n_clips": 10.0,
    "emotion_accuracy.balanced": 0.9,
    "emotion_accuracy.chance": 0.5,
    "emotion_accuracy.happy": 1.0,
    "emotion_accuracy.happy.low": 0.646,
    "emotion_accuracy.happy.high": 1.0,
    "emotion_accuracy.happy.count": 7.0,
    "real.emotion_accuracy.balanced": 0.93,
    "real.mcd_db.other_sentence": 9.0,
    "mcd_db": 5.5,
    "mcd_db.low": 5.0,
    "mcd_db.high": 6.0,
    "mcd_db.count": 10.0,
    "prosody.happy.f0_mean_hz": 251.0,
    "real.prosody.happy.f0_mean_hz": 260.4,
    "prosody.happy.f0_mean_hz.ratio": 0.96,
    "prosody.happy.f0_mean_hz.within_15_percent": 1.0,
    "prosody.happy.energy_db.ratio": 0.8,
    "prosody.happy.energy_db.within_15_percent": 0.0,
    "prosody.within_15_percent": 0.5,
    "judge.prosody.emotion_accuracy.balanced": 0.85,
    "judge.prosody.emotion_accuracy.happy": 0.75,
    "real.judge.prosody.emotion_accuracy.balanced": 0.95,
    "rtf": 0.05,
    "cer": 0.16,
    "cer.low": 0.1,
    "cer.high": 0.2,
    "cer.count": 10.0,
    "cer.happy": 0.18,
    "real.cer": 0.14,
    "real.cer.low": 0.1,
    "real.cer.high": 0.2,
    "real.cer.count": 9.0,
    "cer.over_real": 0.02,
    "speaker_similarity": 0.85,
    "real.speaker_similarity": 0.9,
    "speaker_similarity.ratio": 0.944,
    "intensity.n_sentences": 4.0,
    "intensity.spearman.probability": 0.97,
    "intensity.spearman.probability.sad": 0.97,
    "intensity.spearman.rate": 0.93,
    "intensity.spearman.rate.sad": 0.93,
    "rtf.threads": 1.0,
}


def said(**changes):
    return "\n".join(verdicts(GOOD | changes, emotions=EMOTIONS))


def test_a_good_voice_is_called_good():
    text = said()
    assert "heard in 90% of the cases (balanced; guessing would give 50%, real speech gets 93%)" in text
    assert "as clear as in the real recording" in text
    assert "clearly the same sentence in much the same voice" in text
    assert "A recogniser gets 16% of the characters wrong, of real speech 14%: as intelligible" in text
    assert "Its likeness to the speaker is 0.85 (real clips among each other: 0.90): the same voice." in text
    assert "the emotion's probability 0.97, of the tempo 0.93." in text
    assert "20.0 times as fast as real time on 1 thread(s)" in text
    assert "by prosody alone 85%; real speech 95%." in text
    assert "50% of the figures of pitch, melody, loudness and tempo lie within 15 % of the real speaker's" in text
    assert "**" not in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"emotion_accuracy.balanced": 0.55}, "**the emotion cannot be heard yet.**"),
        ({"emotion_accuracy.balanced": 0.7}, "heard, though less clearly than it should be"),
        ({"real.emotion_accuracy.balanced": 0.6}, "this figure says little"),
        ({"emotion_accuracy.sad": 0.25}, "Heard in fewer than half of the cases: sad 25%."),
        ({"cer": 0.3, "cer.over_real": 0.16}, "of real speech 14%: less intelligible than the recording."),
        ({"cer": 0.8, "cer.over_real": 0.66}, "**the words cannot be understood.**"),
        ({"speaker_similarity": 0.5, "speaker_similarity.ratio": 0.56}, "0.90): another voice."),
        ({"intensity.spearman.rate": 0.4}, "of the tempo 0.40; **not all of them surely.**"),
        ({"mcd_db.ratio": 2.5, "mcd_db.source_variability": 2.2}, "by the source itself are 2.2 dB apart; real clips"),
        ({"mcd_db": 8.3}, "different sentences are 9.0 dB apart): **no nearer than a wrong sentence.**"),
        ({"mcd_db": 7.5}, "nearer than a wrong sentence, though not near"),
        ({"n_unusable": 3.0}, "**3 of 14 clips were silent or broken** and count as wrong."),
        ({"prosody.sad.rate_phones_per_s.ratio": 1.4}, "The tempo is far from the real one: sad +40%."),
        ({"prosody.happy.f0_mean_hz.ratio": 0.7}, "The pitch is far from the real one: happy -30%."),
    ],
)
def test_what_is_not_good_is_said(changes, sentence):
    assert sentence in said(**changes)


def test_tables_hold_figures_and_gaps():
    text = report_text(GOOD, emotions=EMOTIONS)
    assert "| happy | 100% | 65% – 100% | 7 | – | – | 0 |" in text
    assert "| sad | – | – | 0 | – | – | 0 |" in text
    assert "| **balanced** | 90% | – | – | 93% | – | – |" in text
    assert "| happy | 251 (real 260) | – (real –) |" in text
    assert "| happy | 0.96 | – | **0.80** | – |" in text
    assert "| voice | 16% | 10% – 20% | 10 | 18% | – |" in text
    assert "| real speech | 14% | 10% – 20% | 9 | – | – |" in text
    assert "| probability of the emotion | 0.97 | 0.97 |" in text
    assert "| tempo: from neutral | 0.93 | 0.93 |" in text
    assert "| level: from neutral | – | – |" in text
    assert "| `speaker_similarity` | 0.850 |" in text
    assert "| prosody | voice | 85% | 75% | – |" in text
    assert "| prosody | real speech | 95% | – | – |" in text
    assert "| `mcd_db` | 5.50 dB (5.00 – 6.00) |" in text
    for line in text.splitlines():
        assert not line.startswith("| ") or line.count("|") in (4, 6, 7, 8), line


def test_the_source_itself_stands_beside_the_distortion():
    text = report_text(GOOD | {"mcd_db.ratio": 2.5, "mcd_db.source_variability": 2.2}, emotions=EMOTIONS)
    assert "| `mcd_db.source_variability` | 2.20 dB |" in text
    assert "| `mcd_db.ratio` | 2.50 |" in text


def test_a_report_without_references_or_sound(tmp_path):
    figures = {
        name: value for name, value in GOOD.items() if not name.startswith(("real.e", "real.p", "real.m", "mcd", "rtf"))
    }
    write_report(tmp_path / "report.md", figures, emotions=EMOTIONS)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "| `mcd_db` | – | no sentence was spoken whose real rendering is at hand |" in text
    assert "| `rtf` | – |" in text
