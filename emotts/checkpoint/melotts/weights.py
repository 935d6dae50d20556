"""MeloTTS checkpoints, read into our synthesizer and written from it.

The only file that knows the foreign names of its weights.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import torch

from emotts.checkpoint.emotion_folding import fold_emotion
from emotts.checkpoint.load_report import LoadReport
from emotts.checkpoint.melotts.config import check_matches, read_config, settings_from_config, unused_options
from emotts.checkpoint.melotts.state import check_state, old_name, read_state
from emotts.errors import CheckpointError, ConfigError
from emotts.model.settings import SynthesizerSettings
from emotts.model.skeleton import skeleton
from emotts.model.synthesizer import Synthesizer

__all__ = ["LoadReport", "load_melotts", "melotts_names", "save_melotts"]

_TRANSFORMER = (
    ("voice_projection", "spk_emb_linear"),
    ("layers.{i}.attention.query", "attn_layers.{i}.conv_q"),
    ("layers.{i}.attention.key", "attn_layers.{i}.conv_k"),
    ("layers.{i}.attention.value", "attn_layers.{i}.conv_v"),
    ("layers.{i}.attention.output", "attn_layers.{i}.conv_o"),
    ("layers.{i}.attention.distance_keys", "attn_layers.{i}.emb_rel_k"),
    ("layers.{i}.attention.distance_values", "attn_layers.{i}.emb_rel_v"),
    ("layers.{i}.attention_norm", "norm_layers_1.{i}"),
    ("layers.{i}.feed_forward.expand", "ffn_layers.{i}.conv_1"),
    ("layers.{i}.feed_forward.contract", "ffn_layers.{i}.conv_2"),
    ("layers.{i}.feed_forward_norm", "norm_layers_2.{i}"),
)
_WAVENET = (
    ("voice_projection", "cond_layer"),
    ("gates.{i}", "in_layers.{i}"),
    ("outputs.{i}", "res_skip_layers.{i}"),
)
_SEPARABLE = (
    ("depthwise.{i}", "convs_sep.{i}"),
    ("pointwise.{i}", "convs_1x1.{i}"),
    ("depthwise_norms.{i}", "norms_1.{i}"),
    ("pointwise_norms.{i}", "norms_2.{i}"),
)
_ENDS = (("input_conv", "pre"), ("output_conv", "proj"))
_STOCHASTIC = "stochastic_duration_predictor"
_PARTS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    ("voice.speakers", "emb_g", (("", ""),)),
    (
        "voice.reference",
        "ref_enc",
        (("norm", "layernorm"), ("convs", "convs"), ("recurrent", "gru"), ("output", "proj")),
    ),
    ("text_encoder.transformer", "enc_p.encoder", _TRANSFORMER),
    (
        "text_encoder",
        "enc_p",
        (
            ("symbols", "emb"),
            ("tones", "tone_emb"),
            ("languages", "language_emb"),
            ("bert_projection", "bert_proj"),
            ("ja_bert_projection", "ja_bert_proj"),
            ("prior_projection", "proj"),
        ),
    ),
    ("posterior_encoder.wavenet", "enc_q.enc", _WAVENET),
    ("posterior_encoder", "enc_q", _ENDS),
    ("flow.steps.{i}.network", "flow.flows.{2i}.enc", (*_TRANSFORMER[1:], *_WAVENET[1:])),
    ("flow.steps.{i}", "flow.flows.{2i}", (("input_conv", "pre"), ("output_conv", "post"))),
    (
        "duration_predictor",
        "dp",
        (
            ("voice_projection", "cond"),
            ("first_conv", "conv_1"),
            ("first_norm", "norm_1"),
            ("second_conv", "conv_2"),
            ("second_norm", "norm_2"),
            ("output_conv", "proj"),
        ),
    ),
    (f"{_STOCHASTIC}.convs", "sdp.convs", _SEPARABLE),
    (f"{_STOCHASTIC}.duration_convs", "sdp.post_convs", _SEPARABLE),
    *(
        entry
        for ours, foreign in (("flow", "flows"), ("posterior_flow", "post_flows"))
        for entry in (
            (f"{_STOCHASTIC}.{ours}.affine", f"sdp.{foreign}.0", (("shift", "m"), ("log_scale", "logs"))),
            (f"{_STOCHASTIC}.{ours}.splines.{{i}}.convs", f"sdp.{foreign}.{{2i+1}}.convs", _SEPARABLE),
            (f"{_STOCHASTIC}.{ours}.splines.{{i}}", f"sdp.{foreign}.{{2i+1}}", _ENDS),
        )
    ),
    (
        _STOCHASTIC,
        "sdp",
        (
            *_ENDS,
            ("voice_projection", "cond"),
            ("duration_input_conv", "post_pre"),
            ("duration_output_conv", "post_proj"),
        ),
    ),
    ("decoder.residual_blocks.{i}", "dec.resblocks.{i}", (("plain_convs.{i}", "convs2.{i}"),)),
    (
        "decoder",
        "dec",
        (
            ("input_conv", "conv_pre"),
            ("voice_projection", "cond"),
            ("upsamplers.{i}", "ups.{i}"),
            ("output_conv", "conv_post"),
        ),
    ),
)
"""Our prefix, theirs, and the names below it; {2i} and {2i+1} count the steps between which they flip channels."""
_BY_OPTION = {
    "transformer": ("flow.steps.{i}.network.voice_projection", "flow.flows.{2i}.enc.spk_emb_linear"),
    "residual": ("flow.steps.{i}.network.voice_projection", "flow.flows.{2i}.enc.cond_layer"),
    "1": ("decoder.residual_blocks.{i}.dilated_convs.{i}", "dec.resblocks.{i}.convs1.{i}"),
    "2": ("decoder.residual_blocks.{i}.dilated_convs.{i}", "dec.resblocks.{i}.convs.{i}"),
}
"""Names that depend on the kind of flow and of residual block."""
_NORM = re.compile(r"(?:^|\.)norm(?:s|_layers)?_[12](?:\.\d+)?$")
"""Their norms that call weight and bias gamma and beta."""
_COUNTS: Mapping[str, Callable[[int], int]] = MappingProxyType(
    {"{i}": lambda index: index, "{2i}": lambda index: 2 * index, "{2i+1}": lambda index: 2 * index + 1}
)
_NUMBER = re.compile("|".join(re.escape(count) for count in _COUNTS))
_EMOTIONS = "voice.emotions."


def load_melotts(checkpoint_path: str | Path, config_path: str | Path) -> tuple[Synthesizer, LoadReport]:
    """Read a MeloTTS generator checkpoint with its configuration.

    Args:
        checkpoint_path: ``.pth`` with a ``model`` entry or a bare state, or ``.safetensors``; weight
            normalisation under the old names (``weight_g``, ``weight_v``) or torch's present ones.
        config_path: MeloTTS's ``config.json``.

    Returns:
        The synthesizer in evaluation mode on the CPU, without emotions, and the report.

    Raises:
        CheckpointError: if a file is missing or damaged, an option is not supported, or names or shapes do not
            match exactly; every difference is listed.
    """
    config = read_config(Path(config_path))
    state, iteration = read_state(Path(checkpoint_path))
    settings = settings_from_config(config, where=Path(config_path))
    bare = skeleton(settings)
    names = melotts_names(bare)
    check_state(state, bare.state_dict(), names=names, where=Path(checkpoint_path))
    synthesizer = _built(settings, where=Path(config_path))
    ours = {name: state[foreign] for name, foreign in names.items()}
    synthesizer.load_state_dict(ours)
    synthesizer.origin["melotts"] = config
    report = LoadReport(loaded=tuple(names.values()), unused_options=unused_options(config), iteration=iteration)
    return synthesizer.eval(), report


def save_melotts(
    synthesizer: Synthesizer,
    folder: str | Path,
    *,
    emotion: str | int | Sequence[float] | None = None,
    intensity: float = 1.0,
    config: Mapping[str, Any] | None = None,
) -> None:
    """Write ``checkpoint.pth`` and ``config.json`` that the original MeloTTS loads.

    An emotion is a constant input to every layer that reads the voice, so it is folded into their biases.

    Args:
        synthesizer: with a HiFi-GAN decoder and MeloTTS's fixed widths.
        folder: made where missing.
        emotion: name or mixture of the base emotions, id, or weights over the model's emotions; None is neutral.
        intensity: ``neutral + intensity * (emotion - neutral)``.
        config: MeloTTS's configuration; None takes the one that the model was loaded with.

    Raises:
        CheckpointError: if MeloTTS has no such model, the emotion is unknown, or there is no configuration.
    """
    values = config if config is not None else synthesizer.origin.get("melotts")
    if values is None:
        raise CheckpointError(
            "there is no configuration to write beside the weights",
            remedy="give config=, MeloTTS's config.json with symbols, data and model",
        )
    state, settings = fold_emotion(synthesizer, emotion=emotion, intensity=intensity)
    check_matches(values, settings)
    names = melotts_names(synthesizer)
    model = {names[ours]: tensor.detach().cpu().clone() for ours, tensor in state.items() if ours in names}
    values = {"num_tones": settings.n_tones, "num_languages": settings.n_languages, **values}
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    checkpoint = {"model": model, "iteration": 0, "optimizer": None, "learning_rate": 0.0}
    temporary = target / "checkpoint.pth.partial"
    torch.save(checkpoint, temporary)
    temporary.replace(target / "checkpoint.pth")
    (target / "config.json").write_text(json.dumps(values, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _built(settings: SynthesizerSettings, *, where: Path) -> Synthesizer:
    """Return a synthesizer; the random generator stays as it was."""
    try:
        with torch.random.fork_rng(devices=[]):
            return Synthesizer(settings)
    except ConfigError as error:
        raise CheckpointError("no model can be built with the configuration", where=where, found=error) from error


def melotts_names(synthesizer: Synthesizer) -> dict[str, str]:
    """Return the foreign name of every weight of ``synthesizer`` but the emotion table's.

    Raises:
        CheckpointError: if a weight has no counterpart, as with a decoder that MeloTTS does not have.
    """
    rules = [(_pattern(ours), foreign) for ours, foreign in _rules(synthesizer.settings)]
    ours = [name for name in synthesizer.state_dict() if not name.startswith(_EMOTIONS)]
    names = {name: _foreign_name(name, rules=rules) for name in ours}
    nameless = [name for name, foreign in names.items() if foreign is None]
    if nameless:
        raise CheckpointError("MeloTTS has no such weights", found=", ".join(nameless))
    return {name: foreign for name, foreign in names.items() if foreign is not None}


def _rules(settings: SynthesizerSettings) -> Iterator[tuple[str, str]]:
    """Yield our template and theirs for every layer or bare parameter."""
    for ours_prefix, foreign_prefix, parts in _PARTS:
        for ours, foreign in parts:
            yield f"{ours_prefix}.{ours}".rstrip("."), f"{foreign_prefix}.{foreign}".rstrip(".")
    yield _BY_OPTION[settings.flow]
    if settings.hifigan is not None:
        yield _BY_OPTION[settings.hifigan.resblock]


def _pattern(template: str) -> re.Pattern[str]:
    escaped = re.escape(template).replace(r"\{i\}", r"(\d+)")
    return re.compile(rf"{escaped}(?P<rest>\..+)?")


def _numbered(template: str, numbers: Iterable[str]) -> str:
    """Fill the counts of a foreign template, in order."""
    remaining = iter(numbers)
    return _NUMBER.sub(lambda count: str(_COUNTS[count[0]](int(next(remaining)))), template)


def _foreign_name(name: str, *, rules: Sequence[tuple[re.Pattern[str], str]]) -> str | None:
    for pattern, template in rules:
        match = pattern.fullmatch(name)
        if match is None:
            continue
        foreign = _numbered(template, match.groups()[:-1])
        rest = old_name(match["rest"] or "")
        if _NORM.search(foreign):
            rest = rest.replace(".weight", ".gamma").replace(".bias", ".beta")
        return foreign + rest
    return None
