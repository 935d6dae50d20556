"""Settings that cannot be used are refused with file, line and key before anything is computed; mended ones load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from support.places import REPOSITORY

from emotts.errors import ConfigError
from emotts.settings import load_params
from emotts.settings.editing import apply_preset

TEXT = (REPOSITORY / "params.yaml").read_text(encoding="utf-8")
DOCUMENT = yaml.compose(TEXT, Loader=yaml.SafeLoader)
LONG = "x" * 5000
S = "model.synthesizer"


def with_value(key: str, literal: str) -> tuple[str, int]:
    """Return ``params.yaml`` with another value for a dotted key, as YAML writes it, and the key's line."""
    node, line = DOCUMENT, 0
    for part in key.split("."):
        name, node = next(pair for pair in node.value if pair[0].value == part)
        line = name.start_mark.line + 1
    return f"{TEXT[: node.start_mark.index]}{literal}{TEXT[node.end_mark.index :]}", line


NUMBERS = [
    # (key, value, part of the message, a value that follows the message)
    ("project.seed", "-1", "greater than or equal to 0", "0"),
    ("project.seed", "4294967296", "less than 4294967296", "4294967295"),
    ("project.seed", "1" + "0" * 29, "less than 4294967296", "1"),
    ("project.seed", "1.0e+30", "valid integer", "30"),
    ("project.seed", "true", "valid integer", "1"),
    ("audio.sample_rate_hz", "7999", "greater than or equal to 8000", "8000"),
    ("audio.sample_rate_hz", "1000000000", "less than or equal to 192000", "192000"),
    ("audio.n_fft", "2147483648", "less than or equal to 65536", "2048"),
    ("audio.n_fft", "8", "greater than or equal to 16", "1024"),
    ("audio.n_fft", "1025", "n_fft (1025) must be even", "1026"),
    ("audio.hop_length", "0", "greater than 0", "256"),
    ("audio.hop_length", "255", "hop_length (255) must be even", "256"),
    ("audio.hop_length", "1026", "not exceed n_fft (1024)", "256"),
    ("audio.win_length", "1025", "must not exceed n_fft (1024)", "1024"),
    ("audio.n_mels", "100000", "less than or equal to 1024", "512"),
    ("audio.n_mels", "513", "must not exceed half of n_fft (1024)", "512"),
    ("audio.mel_f_min_hz", "11025.0", "must be below 11025 Hz", "11000.0"),
    ("audio.mel_f_max_hz", "11026.0", "above half the sample rate", "11025.0"),
    ("audio.mel_f_max_hz", "0.0", "greater than 0", "null"),
    ("audio.mel_f_min_hz", ".nan", "finite number", "0.0"),
    ("segment.threshold_db", "0.0", "a level in dBFS from -120 to below 0, or auto", "-40.0"),
    ("segment.threshold_db", "-1.0e+9", "a level in dBFS from -120 to below 0, or auto", "-120.0"),
    ("segment.min_silence_s", "0.0", "greater than or equal to 0.01", "0.01"),
    ("segment.keep_silence_s", ".inf", "finite number", "0.5"),
    ("segment.max_length_s", "1.0e+9", "less than or equal to 600", "60.0"),
    ("segment.max_length_s", "5.0", "must be at least twice min_length_s (3.0)", "6.0"),
    ("segment.join_pause_s", "-0.1", "greater than or equal to 0", "0.0"),
    ("segment.max_reject_fraction", "1.01", "less than or equal to 1", "1.0"),
    ("label.max_reject_fraction", "-1.0", "greater than or equal to 0", "0.0"),
    ("corpus.val_fraction", "0.0", "greater than 0", "0.1"),
    ("corpus.test_fraction", "0.5", "less than 0.5", "0.4"),
    ("classifier.folds", "1", "greater than or equal to 2", "2"),
    ("classifier.repeats", "100000", "less than or equal to 1000", "10"),
    (f"{S}.speaker_channels", "1000000000", "less than or equal to 8192", "64"),
    (f"{S}.emotion_channels", "0", "emotion_channels must be positive", "32"),
    (f"{S}.latent_channels", "97", "latent_channels (97) must be even", "98"),
    (f"{S}.hidden_channels", "97", "hidden_channels (97) must be a multiple of text_n_heads (2)", "98"),
    (f"{S}.text_n_heads", "5", "must be a multiple of text_n_heads (5)", "4"),
    (f"{S}.text_n_layers", "65", "less than or equal to 64", "6"),
    (f"{S}.text_kernel_size", "4", "an odd number is wanted", "5"),
    (f"{S}.posterior_kernel_size", "65", "less than or equal to 63", "5"),
    (f"{S}.flow_kernel_size", "2", "an odd number is wanted", "3"),
    (f"{S}.duration_kernel_size", "0", "greater than 0", "3"),
    (f"{S}.text_dropout", "1.0", "less than 1", "0.9"),
    (f"{S}.flow_n_steps", "1000000", "less than or equal to 64", "4"),
    (f"{S}.istft.n_fft", "510", "at least twice the distance of its windows, 256", "512"),
    (f"{S}.istft.noise_n_fft", "510", "at least twice the distance of its windows, 256", "512"),
    (f"{S}.istft.noise_frames", "3", "must divide the hop length 256", "4"),
    (f"{S}.istft.n_fft", "1023", "istft.n_fft (1023) must be even", "1024"),
    (f"{S}.istft.n_layers", "0", "greater than 0", "1"),
    ("model.multi_period.periods", "[]", "at least 1 item", "[2]"),
    ("model.multi_period.periods", "[2, 0]", "greater than 0", "[2, 3]"),
    ("model.multi_period.period_channels", "[]", "at least 1 item", "[8]"),
    ("model.multi_period.scale_channels", "[8]", "must be two widths or more", "[8, 16]"),
    ("model.multi_period.scale_channels", "[16, 17, 16]", "divisible by a quarter", "[16, 20, 16]"),
    ("model.multi_resolution.resolutions", "[]", "at least 1 item", "[[512, 256, 512]]"),
    ("model.multi_resolution.resolutions", "[[512, 256]]", "must be n_fft, hop and window", "[[512, 256, 512]]"),
    ("model.multi_resolution.resolutions", "[[512, 256, 513]]", "hop and window at most n_fft", "[[512, 256, 512]]"),
    ("model.multi_resolution.n_strided", "40", "less than or equal to 16", "3"),
    ("model.duration_discriminator.kernel_size", "4", "an odd number is wanted", "5"),
    ("train.steps", "0", "greater than 0", "1"),
    ("train.steps", "1000000001", "less than or equal to 1000000000", "1000000000"),
    ("train.batch_size", "1000000000000", "less than or equal to 65536", "64"),
    ("train.learning_rate", "0.0", "greater than 0", "1.0e-4"),
    ("train.learning_rate", "1e-4", "write 1.0e-4", "1.0e-4"),
    ("train.learning_rate", "1.0e3", "write 1.0e+3", "1.0"),
    ("train.learning_rate", "1.0e+400", "finite number", "1.0e-4"),
    ("train.discriminator_learning_rate", "11.0", "less than or equal to 10", "1.0e-4"),
    ("train.beta_1", "1.0", "less than 1", "0.9"),
    ("train.eps", "-1.0e-9", "greater than 0", "1.0e-9"),
    ("train.warmup_steps", "-1", "greater than or equal to 0", "0"),
    ("train.lr_min_factor", "0.0", "greater than 0", "0.1"),
    ("train.max_grad_norm", "0.0", "greater than 0", "10.0"),
    ("train.segment_frames", "3", "must be more than 768", "4"),
    ("train.segment_frames", "20000", "less than or equal to 16384", "32"),
    ("train.mel_windows", "[36]", "multiple of 8", "[32]"),
    ("train.mel_windows", "[16]", "greater than or equal to 32", "[]"),
    ("train.weights.duration_frames", "-1.0", "greater than or equal to 0", "0.0"),
    ("train.discriminator_every", "0", "greater than 0", "1"),
    ("train.length_jitter", "1.0", "less than 1", "0.15"),
    ("train.replay_fraction", "0.2", "belong together", "0.0"),
    ("train.devices", "0", "greater than 0", "1"),
    ("train.keep_checkpoints", "0", "greater than 0", "1"),
    ("train.best_mel_weight", "-1.0", "greater than or equal to 0", "1.0"),
    ("train.weights.mel", "1.0e+300", "less than or equal to 1000000", "45.0"),
    ("speaking.noise_scale", "1.0e+300", "less than or equal to 10", "0.6"),
    ("speaking.length_scale", "1.0e+300", "less than or equal to 10", "1.0"),
    ("speaking.length_scale", "0.0", "greater than or equal to 0.1", "0.5"),
    ("speaking.pause_s", "1.0e+9", "less than or equal to 60", "0.3"),
    ("speaking.sdp_ratio", "2.0", "less than or equal to 1", "0.2"),
    ("evaluate.max_sentences", "0", "greater than 0", "1"),
    ("evaluate.shared_sentences", "1000000", "less than or equal to 1000", "6"),
    ("evaluate.intensity_sentences", "-1", "greater than or equal to 0", "0"),
]
WORDS = [
    ("base", "melotts-k", "did you mean melotts-kr?", "melotts-kr"),
    ("project.language", "ko", "'KR', 'JP' or 'EN'", "KR"),
    ("project.extra_emotions", "[joy]", "'joy' is already a name or an alias", "[bored]"),
    ("project.extra_emotions", "['a b']", "'a b' is not a usable name; wanted: one word", "[ab]"),
    ("project.extra_emotions", "[bored, bored]", "is already a name", "[bored]"),
    ("project.experiment", "''", "at least 1 character", "voices"),
    ("project.experiment", "'voices '", "without blanks at its ends", "voices"),
    ("project.experiment", r'"a\tb"', "a name of printable characters", "a b"),
    ("project.experiment", f"'{LONG}'", "at most 200 characters", "voices"),
    ("recording.source", "''", "at least 1 character", "./take.wav"),
    ("recording.source", f"'{LONG}'", "at most 1024 characters", "./take.wav"),
    ("recording.source", r'"a\nb"', "a path of printable characters", "./ab"),
    ("recording.speaker", "'a b'", "should match pattern", "ab"),
    ("recording.speaker", "'a|b'", "should match pattern", "ab"),
    ("text.lexicon", "''", "at least 1 character", "lexicon.tsv"),
    ("text.bert", "true", "needs model.synthesizer.ja_bert_channels above 0", "false"),
    ("text.bert_models.KR", "kykim/bert-kor-base", "should match pattern", "kykim/bert-kor-base@main"),
    ("train.sampler", "voices", "'balanced', 'balanced_voices' or 'natural'", "balanced_voices"),
    ("speaking.duration_rounding", "down", "'up' or 'cumulative'", "up"),
    ("speaking.pause_rule", "all", "'added' or 'total'", "added"),
    ("train.precision", "16", "'auto', '32', 'bf16' or '16'", "'16'"),
    (f"{S}.decoder", "hifigan", "hifigan must have settings exactly if it is the decoder", "istft"),
    (f"{S}.flow", "wavenet", "'transformer' or 'residual'", "transformer"),
    ("export.registered_name", "a/b", "no name with / \\ or :", "a-b"),
    ("export.registered_name", "'a:b'", "no name with / \\ or :", "a-b"),
    ("export.registered_name", "'..'", "no name with / \\ or :", "emotts"),
    ("export.styles", "{excited: hapy}", "style 'excited' cannot be used: unknown emotion 'hapy'", "{excited: happy}"),
    ("export.styles", "{sad: happy}", "style 'sad' is already a name", "{wistful: sad 0.6}"),
]


@pytest.mark.parametrize(("key", "literal", "message", "mended"), [*NUMBERS, *WORDS])
def test_a_value_is_refused_by_line_and_key(tmp_path: Path, key: str, literal: str, message: str, mended: str) -> None:
    path = tmp_path / "params.yaml"
    path.write_text(with_value(key, literal)[0], encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_params(path)
    said = next((each for each in str(caught.value).splitlines() if message in each), "")
    named = re.split(r"(?:\.\d+)*(?: = |: )", said)[1]
    assert said.startswith(f"{path}:{with_value(named, '')[1]}: "), str(caught.value)
    assert named == key or key.rpartition(".")[2] in said
    assert len(str(caught.value)) < 600
    path.write_text(with_value(key, mended)[0], encoding="utf-8")
    load_params(path)


def test_what_other_editors_write_is_read(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert load_params(path) == load_params(REPOSITORY / "params.yaml")


@pytest.mark.parametrize(
    ("preset", "message"),
    [
        (
            "train: {steps: 5}\ntrain: {steps: 6}\n",
            "preset.yaml:2: cannot be read as settings\n  found: the key 'train'",
        ),
        ("train: {steps: 0}\n", "params.yaml:{line}: train.steps = 0: Input should be greater than 0"),
        ("train: {batch_size: 1000000000000}\n", "less than or equal to 65536"),
        ("train: [1]\n", "train = [1]: Input should be a valid dictionary"),
    ],
)
def test_a_preset_is_refused_and_nothing_is_written(tmp_path: Path, preset: str, message: str) -> None:
    (tmp_path / "params.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "preset.yaml").write_text(preset, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        apply_preset(tmp_path, tmp_path / "preset.yaml")
    assert message.format(line=with_value("train.steps", "")[1]) in str(caught.value)
    assert (tmp_path / "params.yaml").read_text(encoding="utf-8") == TEXT
