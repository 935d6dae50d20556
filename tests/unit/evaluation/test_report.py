"""The report says what the metrics say, and not more."""

from __future__ import annotations

import pytest

from emotts.evaluation.report import report_text, write_report
from emotts.evaluation.summary import summarise

EMOTIONS = ("happy", "sad")
GOOD = {
    "n_sentences": 10.0,
    "n_shared_sentences": 4.0,
    "n_clips": 14.0,
    "n_unusable": 0.0,
    "reference.n_clips": 10.0,
    "emotion_accuracy.balanced": 0.9,
    "emotion_accuracy.chance": 0.5,
    "emotion_accuracy.happy": 1.0,
    "emotion_accuracy.happy.low": 0.646,
    "emotion_accuracy.happy.high": 1.0,
    "emotion_accuracy.happy.count": 7.0,
    "reference.emotion_accuracy.balanced": 0.93,
    "reference.mcd_db.other_sentence": 9.0,
    "mcd_db": 5.5,
    "mcd_db.low": 5.0,
    "mcd_db.high": 6.0,
    "mcd_db.count": 10.0,
    "prosody.happy.f0_mean_hz": 251.0,
    "reference.prosody.happy.f0_mean_hz": 260.4,
    "prosody.happy.pause_s": 0.31,
    "prosody.happy.pause_fraction": 0.124,
    "reference.prosody.happy.pause_fraction": 0.1,
    "prosody.happy.f0_mean_hz.ratio": 0.96,
    "prosody.happy.f0_mean_hz.within_15_percent": 1.0,
    "prosody.happy.energy_db.ratio": 0.8,
    "prosody.happy.energy_db.within_15_percent": 0.0,
    "prosody.within_15_percent": 0.5,
    "auxiliary.prosody.emotion_accuracy.balanced": 0.85,
    "auxiliary.prosody.emotion_accuracy.happy": 0.75,
    "reference.auxiliary.prosody.emotion_accuracy.balanced": 0.95,
    "rtf": 0.05,
    "cer": 0.16,
    "cer.low": 0.1,
    "cer.high": 0.2,
    "cer.count": 10.0,
    "cer.happy": 0.18,
    "reference.cer": 0.14,
    "reference.cer.low": 0.1,
    "reference.cer.high": 0.2,
    "reference.cer.count": 9.0,
    "cer.over_reference": 0.02,
    "speaker_similarity": 0.85,
    "reference.speaker_similarity": 0.9,
    "speaker_similarity.ratio": 0.944,
    "intensity.n_sentences": 4.0,
    "intensity.spearman.probability": 0.97,
    "intensity.spearman.probability.sad": 0.97,
    "intensity.spearman.rate": 0.93,
    "intensity.spearman.rate.sad": 0.93,
    "rtf.threads": 1.0,
}


def said(**changes):
    return "\n".join(summarise(GOOD | changes, emotions=EMOTIONS))


def test_a_good_voice_is_called_good():
    text = said()
    assert "heard in 90% of the cases (balanced; guessing would give 50%, reference speech gets 93%)" in text
    assert "as clear as in reference speech" in text
    assert "clearly the same sentence in much the same voice" in text
    assert "A recogniser gets 16% of the characters wrong, of reference speech 14%: as intelligible" in text
    assert "Its speaker similarity is 0.85 (reference clips among each other: 0.90): the same voice." in text
    assert "the emotion's probability 0.97, of the tempo 0.93." in text
    assert "20.0 times as fast as real time on 1 thread(s)" in text
    assert "by prosody alone 85%; reference speech 95%." in text
    assert "50% of the ratios of pitch, melody, loudness and tempo lie within 15 % of reference speech" in text
    assert "**" not in text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"emotion_accuracy.balanced": 0.55}, "**the emotion cannot be heard yet.**"),
        ({"emotion_accuracy.balanced": 0.7}, "heard, though less clearly than it should be"),
        ({"reference.emotion_accuracy.balanced": 0.6}, "so this says little"),
        ({"emotion_accuracy.sad": 0.25}, "Heard in fewer than half of the cases: sad 25%."),
        ({"cer": 0.3, "cer.over_reference": 0.16}, "of reference speech 14%: less intelligible than the recording."),
        ({"cer": 0.8, "cer.over_reference": 0.66}, "**the words cannot be understood.**"),
        ({"speaker_similarity": 0.5, "speaker_similarity.ratio": 0.56}, "0.90): another voice."),
        ({"intensity.spearman.rate": 0.4}, "of the tempo 0.40; **not all of them surely.**"),
        (
            {"mcd_db.ratio": 2.5, "mcd_db.source_variability": 2.2},
            "by the source itself are 2.2 dB apart; reference clips",
        ),
        ({"mcd_db": 8.3}, "different sentences are 9.0 dB apart): **no nearer than a wrong sentence.**"),
        ({"mcd_db": 7.5}, "nearer than a wrong sentence, though not near"),
        ({"n_unusable": 3.0}, "**3 of 14 clips were silent or broken** and count as wrong."),
        ({"prosody.sad.rate_phones_per_s.ratio": 1.4}, "The tempo is far from that of reference speech: sad +40%."),
        ({"prosody.happy.f0_mean_hz.ratio": 0.7}, "The pitch is far from that of reference speech: happy -30%."),
    ],
)
def test_what_is_not_good_is_said(changes, sentence):
    assert sentence in said(**changes)


def test_tables_hold_metrics_and_gaps():
    text = report_text(GOOD, emotions=EMOTIONS)
    assert "| happy | 100% | 65% – 100% | 7 | – | – | 0 |" in text
    assert "| sad | – | – | 0 | – | – | 0 |" in text
    assert "| **balanced** | 90% | – | – | 93% | – | – |" in text
    assert "| happy | 251 (reference 260) | – (reference –) |" in text
    assert "| 0.3 (reference –) | 12% (reference 10%) | – (reference –) |" in text
    assert "| happy | 0.96 | – | **0.80** | – |" in text
    assert "| voice | 16% | 10% – 20% | 10 | 18% | – |" in text
    assert "| reference speech | 14% | 10% – 20% | 9 | – | – |" in text
    assert "| probability of the emotion | 0.97 | 0.97 |" in text
    assert "| tempo: from neutral | 0.93 | 0.93 |" in text
    assert "| level: from neutral | – | – |" in text
    assert "| `speaker_similarity` | 0.850 |" in text
    assert "| prosody | voice | 85% | 75% | – |" in text
    assert "| prosody | reference speech | 95% | – | – |" in text
    assert "| `mcd_db` | 5.50 dB (5.00 – 6.00) |" in text
    for line in text.splitlines():
        assert not line.startswith("| ") or line.count("|") in (4, 6, 7, 8, 10), line


def test_the_source_itself_stands_beside_the_distortion():
    text = report_text(GOOD | {"mcd_db.ratio": 2.5, "mcd_db.source_variability": 2.2}, emotions=EMOTIONS)
    assert "| `mcd_db.source_variability` | 2.20 dB |" in text
    assert "| `mcd_db.ratio` | 2.50 |" in text


def test_a_report_without_references_or_sound(tmp_path):
    metrics = {
        name: value
        for name, value in GOOD.items()
        if not name.startswith(("reference.e", "reference.p", "reference.m", "mcd", "rtf"))
    }
    write_report(tmp_path / "report.md", metrics, emotions=EMOTIONS)
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "| `mcd_db` | – | no sentence that was spoken has a reference rendering |" in text
    assert "| `rtf` | – |" in text


def test_what_the_reference_speech_is_stands_above_every_table_that_compares_with_it():
    text = report_text(GOOD, emotions=EMOTIONS, about="The reference speech is read by a machine.")
    parts = text.split("\n\n")
    comparing = [place for place, part in enumerate(parts) if part.startswith("|") and "reference" in part]
    assert len(comparing) >= 4
    headings = [max(i for i in range(place) if parts[i].startswith("## ")) for place in comparing]
    assert all(parts[heading + 1] == "> The reference speech is read by a machine." for heading in headings)
    assert "read by a machine" not in report_text(GOOD, emotions=EMOTIONS)
