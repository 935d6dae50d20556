"""The check of a corpus in MeloTTS's format: its lists, wavs, texts and balance."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotts.audio.io import probe, read_mono
from emotts.audio.quality import Quality, measure_quality
from emotts.corpus.check.balance import amount_findings, balance_findings, emotion_table, repeated_findings
from emotts.corpus.check.report import DataReport, Finding, Table, counted, finding_of, listed
from emotts.corpus.check.settings import CheckSettings
from emotts.corpus.check.texts import CheckedText, parse_all, rate_findings
from emotts.corpus.lists import CorpusItem, MetadataItem, read_list, read_metadata
from emotts.errors import AudioError

__all__ = ["MIN_SNR_DB", "check_corpus"]

_SIDES = ("train", "val", "test")
MIN_SNR_DB = 20.0
"""A voice less than this above the noise is noisy."""
_LEVEL_SPREAD_DB = 12.0
_LENGTH_SLACK_S = 0.05


@dataclass(frozen=True)
class _Clip:
    """A row of a list with what was measured of its wav."""

    side: str
    item: CorpusItem
    quality: Quality
    sample_rate_hz: int

    def text(self) -> CheckedText:
        """Return it as a text over sound; the item itself carries the phones."""
        spoken = _Spoken(self.item.text, self.item.phones, self.item.tones, self.item.word2ph)
        return CheckedText(self.item.wav, self.item.text, spoken, self.item.emotion, self.quality.duration_s)


@dataclass(frozen=True)
class _Spoken:
    normalised_text: str
    phones: tuple[str, ...]
    tones: tuple[int, ...]
    word2ph: tuple[int, ...]
    left_out: tuple[str, ...] = ()


def check_corpus(corpus: Path, *, settings: CheckSettings) -> DataReport:
    """Report on a corpus; nothing in it is changed.

    Args:
        corpus: folder with ``metadata.list``, ``train.list``, ``val.list``, ``test.list``, ``config.json``, ``wavs``.
        settings: the project's settings; the sample rate is that of ``config.json`` where it stands there.
    """
    symbols, emotions, rate, findings = _config(corpus, settings)
    metadata, faulty = parse_all(
        corpus / "metadata.list", lambda path: read_metadata(path, emotions=emotions), drop=True
    )
    findings += faulty
    sides: dict[str, list[CorpusItem]] = {}
    for side in _SIDES:
        sides[side], faulty = parse_all(
            corpus / f"{side}.list", lambda path: read_list(path, symbols=symbols, emotions=emotions), drop=True
        )
        findings += faulty
    findings += [*_list_findings(corpus, metadata, sides), *_side_findings(corpus, sides)]
    clips, broken = _clips(corpus, sides)
    findings += broken
    for clip in clips:
        findings += _clip_findings(clip, rate_hz=rate, settings=settings)
    findings += _level_findings(clips)
    texts = [clip.text() for clip in clips]
    findings += rate_findings(texts, settings=settings)
    where = str(corpus)
    if not texts:
        findings.append(Finding("error", where, "not one usable clip", "run `dvc repro corpus`"))
        return DataReport(tuple(findings))
    for look in (balance_findings, amount_findings, repeated_findings):
        findings += look(texts, where=where)
    return DataReport(tuple(findings), (_side_table(clips), _sound_table(clips), emotion_table(texts)))


def _config(corpus: Path, settings: CheckSettings) -> tuple[Sequence[str], Sequence[str], int, list[Finding]]:
    """Return symbols, emotions and sample rate of ``config.json``; empty and the project's where it is not usable."""
    path = corpus / "config.json"
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return list(values["symbols"]), list(values["emotions"]), int(values["data"]["sampling_rate"]), []
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        what = f"not a corpus's configuration; found: {error!r}"
        finding = Finding("error", str(path), what, "run `dvc repro corpus`")
        return (), settings.emotions.names, settings.audio.sample_rate_hz, [finding]


def _list_findings(
    corpus: Path, metadata: Sequence[MetadataItem], sides: Mapping[str, Sequence[CorpusItem]]
) -> list[Finding]:
    """Return what does not fit between the lists, and between lists and folder."""
    found = []
    remedy = "run `dvc repro corpus`"
    listed_wavs = {item.wav for items in sides.values() for item in items}
    named = {item.wav: item for item in metadata}
    without = sorted(set(named) - listed_wavs)
    if without:
        what = f"{counted(len(without), 'clip')} in no split: {listed(without)}"
        found.append(Finding("error", str(corpus / "metadata.list"), what, remedy))
    unknown = sorted(listed_wavs - set(named))
    if unknown:
        what = f"{counted(len(unknown), 'clip')} in a split but not in metadata.list: {listed(unknown)}"
        found.append(Finding("error", str(corpus / "metadata.list"), what, remedy))
    for side, items in sides.items():
        for item in items:
            if item.wav in named and named[item.wav].emotion != item.emotion:
                what = f"{item.wav} is {item.emotion} here and {named[item.wav].emotion} in metadata.list"
                found.append(Finding("error", str(corpus / f"{side}.list"), what, remedy))
    present = {f"wavs/{path.name}" for path in (corpus / "wavs").glob("*.wav")}
    unused = sorted(present - listed_wavs - set(named))
    if unused:
        what = f"{counted(len(unused), 'wav')} in no list: {listed(unused)}"
        found.append(Finding("note", str(corpus / "wavs"), what, "`dvc repro corpus` removes them"))
    return found


def _clips(corpus: Path, sides: Mapping[str, Sequence[CorpusItem]]) -> tuple[list[_Clip], list[Finding]]:
    clips, found = [], []
    for side, items in sides.items():
        for item in items:
            path = corpus / item.wav
            if not path.is_file():
                what = f"wav is missing, wanted by {side}.list"
                found.append(Finding("error", str(path), what, "run `dvc repro corpus` or `dvc checkout`"))
                continue
            try:
                probe(path)
                samples, rate = read_mono(path)
            except AudioError as error:
                found.append(finding_of(error, where=str(path)))
                continue
            clips.append(_Clip(side, item, measure_quality(samples, sample_rate_hz=rate), rate))
    return clips, found


def _clip_findings(clip: _Clip, *, rate_hz: int, settings: CheckSettings) -> list[Finding]:
    found = []
    where, quality = clip.item.wav, clip.quality
    if clip.sample_rate_hz != rate_hz:
        what = f"sample rate {clip.sample_rate_hz} Hz; config.json says {rate_hz} Hz"
        found.append(Finding("error", where, what, "run `dvc repro` so that all clips have the voice's rate"))
    if quality.duration_s < settings.segment.min_length_s - _LENGTH_SLACK_S:
        what = f"too short: {quality.duration_s:.2f} s; at least {settings.segment.min_length_s:g} s are wanted"
        found.append(Finding("warning", where, what, "join it to its neighbour or leave it out"))
    if quality.duration_s > settings.segment.max_length_s + _LENGTH_SLACK_S:
        what = f"too long: {quality.duration_s:.2f} s; at most {settings.segment.max_length_s:g} s are wanted"
        found.append(Finding("warning", where, what, "cut it; long clips take most of the memory in training"))
    if quality.clipped_fraction > 0:
        what = f"clipped: {quality.clipped_fraction:.2%} of its samples stand at full scale"
        found.append(Finding("warning", where, what, "record it again at a lower input level, or leave it out"))
    if quality.snr_db is not None and quality.snr_db < MIN_SNR_DB:
        what = f"noisy: the voice is {quality.snr_db:.0f} dB above the noise; at least {MIN_SNR_DB:.0f} dB are wanted"
        found.append(
            Finding("warning", where, what, "listen to it; record it again in a quieter room, or leave it out")
        )
    return found


def _level_findings(clips: Sequence[_Clip]) -> list[Finding]:
    """Return clips far louder or quieter than the others of their emotion."""
    found = []
    for emotion in sorted({clip.item.emotion for clip in clips}):
        group = [clip for clip in clips if clip.item.emotion == emotion]
        middle = float(np.median([clip.quality.level_db for clip in group]))
        for clip in group:
            distance_db = clip.quality.level_db - middle
            if abs(distance_db) > _LEVEL_SPREAD_DB:
                side = "louder" if distance_db > 0 else "quieter"
                what = f"possibly mislabelled: {abs(distance_db):.0f} dB {side} than the other {emotion} clips"
                remedy = "listen to it: another emotion, another distance to the microphone, or speech cut off?"
                found.append(Finding("warning", clip.item.wav, what, remedy))
    return found


def _side_findings(corpus: Path, sides: Mapping[str, Sequence[CorpusItem]]) -> list[Finding]:
    """Return clips and texts that are in two splits, and emotions that a split lacks."""
    found = []
    remedy = "run `dvc repro corpus` to split anew"
    for kind in ("clip", "text"):
        places: dict[str, list[str]] = {}
        for side, items in sides.items():
            for value in sorted({item.wav if kind == "clip" else item.text for item in items}):
                places.setdefault(value, []).append(side)
        for value, in_sides in places.items():
            if len(in_sides) > 1:
                what = f"same {kind} in {' and '.join(in_sides)}, so that its score means nothing: {value[:60]!r}"
                found.append(Finding("error", str(corpus / f"{in_sides[-1]}.list"), what, remedy))
    emotions = {side: {item.emotion for item in items} for side, items in sides.items()}
    for side in _SIDES:
        for emotion in sorted(set().union(*emotions.values()) - emotions[side]):
            where = str(corpus / f"{side}.list")
            if side == "train":
                what = f"no {emotion} to train on, although it is to be evaluated"
                found.append(Finding("error", where, what, remedy))
            else:
                what = f"no {emotion}: it cannot be evaluated {'during training' if side == 'val' else 'at the end'}"
                found.append(Finding("warning", where, what, f"record at least three sentences of {emotion}"))
    return found


def _side_table(clips: Sequence[_Clip]) -> Table:
    emotions = sorted({clip.item.emotion for clip in clips})
    rows = []
    for side in _SIDES:
        group = [clip for clip in clips if clip.side == side]
        counts = [str(sum(clip.item.emotion == emotion for clip in group)) for emotion in emotions]
        rows.append((side, *counts, str(len(group)), f"{sum(clip.quality.duration_s for clip in group) / 60:.1f}"))
    return Table("Splits (clips)", ("split", *emotions, "all", "minutes"), tuple(rows))


def _sound_table(clips: Sequence[_Clip]) -> Table:
    """Return level, noise and length by emotion: medians, and the extremes of the length."""
    rows = []
    for emotion in sorted({clip.item.emotion for clip in clips}):
        group = [clip.quality for clip in clips if clip.item.emotion == emotion]
        lengths = [quality.duration_s for quality in group]
        ratios = [quality.snr_db for quality in group if quality.snr_db is not None]
        rows.append(
            (
                emotion,
                f"{np.median([quality.level_db for quality in group]):.1f}",
                f"{np.median(ratios):.0f}" if ratios else "-",
                f"{min(lengths):.1f}",
                f"{np.median(lengths):.1f}",
                f"{max(lengths):.1f}",
            )
        )
    columns = ("emotion", "level dBFS", "above noise dB", "shortest s", "median s", "longest s")
    return Table("Sound by emotion", columns, tuple(rows))
