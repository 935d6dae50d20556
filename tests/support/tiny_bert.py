"""A tiny real BERT with a vocabulary of the test's own, in a folder as the hub has it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from emotts.audio.torchaudio_import import torchaudio  # before transformers, which imports it

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
MECAB = {
    "tokenizer_class": "BertJapaneseTokenizer",
    "word_tokenizer_type": "mecab",
    "subword_tokenizer_type": "wordpiece",
    "mecab_kwargs": {"mecab_dic": "unidic_lite"},
}
"""Settings of the tokenizer of the Japanese model that MeloTTS uses."""


def write_bert(
    folder: Path,
    pieces: Sequence[str],
    *,
    tokenizer: dict[str, Any] | None = None,
    width: int = 768,
    layers: int = 3,
    seed: int = 1,
    bin_file: bool = False,
) -> Path:
    """Write configuration, vocabulary and weights; continued pieces begin with ``##``. Return the folder."""
    assert torchaudio is not None
    import torch
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = [*SPECIAL, *pieces]
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    settings = {"tokenizer_class": "BertTokenizer", "do_lower_case": False, **(tokenizer or {})}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    config = transformers.BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=4,
        intermediate_size=8,
        max_position_embeddings=64,
        hidden_dropout_prob=0.5,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = transformers.BertForMaskedLM(config)
    if bin_file:
        config.save_pretrained(folder)
        torch.save(network.state_dict(), folder / "pytorch_model.bin")
    else:
        network.save_pretrained(folder)
    return folder
