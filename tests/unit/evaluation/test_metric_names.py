"""The names of an evaluation's metrics, before there is one."""

from __future__ import annotations

from support.places import REPOSITORY

from emotts.evaluation.metric_names import metric_names
from emotts.settings import load_params

SETTINGS = load_params(REPOSITORY / "params.yaml").evaluate


def test_what_no_model_hears_has_no_name() -> None:
    names = metric_names(
        SETTINGS, language="EN", emotions=("neutral", "sad"), auxiliaries=("prosody", "whisper"), styles=("wistful",)
    )
    assert len(names) == len(set(names))
    heard = {name for name in names if name.startswith("auxiliary.")}
    wanted = {f"auxiliary.{name}.emotion_accuracy." for name in ("prosody", "whisper")}
    assert heard == {f"{head}{end}" for head in wanted for end in ("balanced", "neutral", "sad")}
    assert {
        "cer",
        "cer.sad",
        "reference.quality.sad",
        "speaker_similarity.ratio",
        "intensity.spearman.probability.sad",
    } < set(names)
    off = SETTINGS.changed(recogniser="none", speaker_encoder="none", quality_predictor="none", intensity_sentences=0)
    deaf = metric_names(
        off, language="EN", emotions=("neutral", "sad"), auxiliaries=("prosody", "whisper"), styles=("wistful",)
    )
    gone = {name.removeprefix("reference.").split(".")[0] for name in set(names) - set(deaf)}
    assert gone == {"cer", "phone_errors", "quality", "speaker_similarity", "intensity"}


def test_a_style_has_prosody_and_no_accuracy() -> None:
    names = metric_names(
        SETTINGS, language="EN", emotions=("neutral", "sad"), auxiliaries=("prosody", "whisper"), styles=("wistful",)
    )
    assert {"prosody.wistful.energy_db.within_15_percent", "mcd_db.wistful"} < set(names)
    assert "emotion_accuracy.wistful" not in names
    assert {"prosody.rate_phones_per_s.ratio", "reference.prosody.pause_s", "prosody.sad.pause_fraction"} < set(names)
    assert not {f"prosody{name}.ratio" for name in (".sad.duration_s", ".sad.pause_s", ".pause_s")} & set(names)
    assert "prosody.sad.f0_sd_semitones.within_15_percent" not in names
