"""Which settings of the segment stage a report names for a recording that the present ones cut within speech."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from support.data_report import found, report_on
from support.tone_bursts import RATE

from emotts.text.frontend import FrontEnd


def write_take(path: Path, *, n_lines: int, noise_db: float, line_s: float = 4.0) -> None:
    """Write lines of noise at -25 dBFS with pauses of 0.4 to 0.7 s in noise of a level."""
    random = np.random.default_rng(3)
    parts = [np.zeros(RATE)]
    for pause_s in np.linspace(0.4, 0.7, n_lines):
        parts += [0.1 * random.uniform(-1, 1, round(line_s * RATE)), np.zeros(round(pause_s * RATE))]
    sound = np.concatenate(parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, sound + 10 ** (noise_db / 20) * random.standard_normal(len(sound)), RATE)


def test_short_pauses_in_noise(tmp_path: Path, korean: FrontEnd) -> None:
    path = tmp_path / "happy" / "take.wav"
    write_take(path, n_lines=8, noise_db=-45.0)
    finding = found(report_on(tmp_path, korean), "would give")
    assert finding.where == str(path)
    assert finding.what == (
        "pauses of 0.5 to 0.6 s: segment.threshold_db: auto would give 6 pieces cut in pauses instead of 0, "
        "with 1 piece cut within speech"
    )


def test_a_recording_that_fits_is_not_spoken_of(tmp_path: Path, korean: FrontEnd) -> None:
    write_take(tmp_path / "happy" / "take.wav", n_lines=8, noise_db=-45.0)
    report = report_on(tmp_path, korean, segment={"threshold_db": "auto", "min_silence_s": 0.3})
    assert not [finding for finding in report.findings if "would give" in finding.what or "Silero" in finding.what]


def test_loud_noise_asks_for_the_network(tmp_path: Path, korean: FrontEnd) -> None:
    write_take(tmp_path / "happy" / "take.wav", n_lines=8, noise_db=-38.0)
    finding = found(report_on(tmp_path, korean), "would give")
    assert finding.remedy.endswith("or, as it is noisy, segment.method: silero (pip install 'emotts[vad]')")
    write_take(tmp_path / "happy" / "take.wav", n_lines=8, noise_db=-31.0)
    finding = found(report_on(tmp_path, korean), "no level tells them apart")
    assert finding.what == "speech is only 6 dB above the noise; no level tells them apart"
    assert finding.remedy == "set segment.method: silero (pip install 'emotts[vad]'), which finds speech in noise"
