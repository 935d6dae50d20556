"""The table of metrics: those that there are, in the order of the headline, beside reference speech."""

from __future__ import annotations

from emotts.evaluation.headline import HEADLINE
from emotts.serving.web.about_panel import metric_rows
from emotts.serving.web.words import Words


def test_rows() -> None:
    metrics = {
        "rtf": 0.0184,
        "cer": 0.241,
        "reference.cer": 0.16,
        "emotion_accuracy.balanced": 0.975,
        "emotion_accuracy.sad": 1.0,
        "reference.emotion_accuracy.sad": 0.9,
        "emotion_accuracy.angry": 0.5,
        "n_unusable": 0.0,
    }
    assert metric_rows(Words("en"), metrics, ["neutral", "sad"]) == [
        ("emotion recognised, balanced", "98%", "–"),
        ("· sad", "100%", "90%"),
        ("character error rate", "24%", "16%"),
        ("real-time factor", "0.018", "–"),
    ]
    assert metric_rows(Words("en"), {}, ["sad"]) == []


def test_every_row_has_words_in_every_language() -> None:
    rows = metric_rows(Words("ja"), dict.fromkeys(HEADLINE, 0.5), [])
    assert [row[0] for row in rows][:2] == ["感情の認識率（均衡平均）", "文字誤り率"]
    assert not {row[0] for row in rows} & set(HEADLINE)
    assert len(rows) == 8
