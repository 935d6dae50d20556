"""The page to listen to runs side by side: one file, escaped, with the sounds inside."""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile
from support.run_results import clip, results

from emotts.evaluation.comparison.compare import compare_groups, compare_results
from emotts.evaluation.comparison.differences import RunGroup
from emotts.evaluation.comparison.page import write_page

RATE_HZ = 22050
PROBE = """
<script>
{
const waits = [...document.querySelectorAll("audio")].map((sound) => new Promise((done) => {
  sound.onloadedmetadata = () => done(sound.duration.toFixed(2));
  sound.onerror = () => done("broken");
  sound.load();
}));
Promise.all(waits).then((found) => { document.body.dataset.durations = found.join(" "); });
document.getElementById("differs").click();
const rows = [...document.querySelectorAll("#clips tbody tr")];
document.body.dataset.shown = rows.map((row) => Number(!row.hidden)).join("");
document.getElementById("differs").click();
const chosen = document.getElementById("emotion");
chosen.value = "sad";
chosen.dispatchEvent(new Event("change"));
document.body.dataset.sad = rows.map((row) => Number(!row.hidden)).join("");
}
</script>
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    sounds = []
    for number in range(3):
        sounds.append(tmp_path / f"{number}.wav")
        tone = 0.5 * np.sin(np.arange(RATE_HZ * (number + 1) // 2) / 20)
        soundfile.write(sounds[-1], tone, RATE_HZ, subtype="PCM_16")
    first = [
        clip("<b>하나</b> & 둘", "sad", "sad", sound=sounds[0]),
        clip("<b>하나</b> & 둘", "happy", "sad", sound=sounds[1]),
    ]
    second = [clip("<b>하나</b> & 둘", "sad", "happy", sound=sounds[2]), clip("셋", "happy", "unusable")]
    metrics = {"emotion_accuracy.sad": 1.0}, {"emotion_accuracy.sad": 0.0}
    comparison = compare_results([results(metrics[0], first, name='"one"'), results(metrics[1], second, name="two")])
    write_page(comparison, tmp_path / "comparison.html")
    return tmp_path / "comparison.html"


def test_sentences_sounds_and_metrics(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert "&lt;b&gt;하나&lt;/b&gt; &amp; 둘" in text
    assert "<b>" not in text
    assert "&quot;one&quot;" in text
    assert not re.search(r"(?:src|href)=\"(?!data:)", text)
    sounds = re.findall(r"data:audio/flac;base64,([^\"]+)", text)
    for encoded, name in zip(sounds, ("0.wav", "2.wav", "1.wav"), strict=True):
        samples, rate_hz = soundfile.read(io.BytesIO(base64.b64decode(encoded)), dtype="int16")
        assert rate_hz == RATE_HZ
        assert np.array_equal(samples, soundfile.read(tmp_path / name, dtype="int16")[0])
    assert re.findall(r'data-emotion="(\w+)" data-differs="(\d)"', text) == [
        ("sad", "1"),
        ("happy", "1"),
        ("happy", "1"),
    ]
    assert text.count("not spoken") == 2
    assert '<span class="wrong">unusable</span>' in text
    assert "<th>emotion_accuracy.sad</th><td>1.000</td><td>0.000</td>" in text


def test_of_groups_all_runs_are_heard_and_the_means_compared(tmp_path: Path) -> None:
    groups = [
        RunGroup(tuple(results({"rtf": rtf}, [clip("하나", "sad", name)], name=name) for name, rtf in runs))
        for runs in ((("a20", 0.25), ("a21", 0.75)), (("b20", 1.0), ("b21", 1.5)))
    ]
    write_page(compare_groups(groups), tmp_path / "page.html")
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    clips, metrics = re.findall(r"<thead><tr>(.*?)</tr></thead>", text)[:2]
    assert re.findall(r"<th>(\w+)<small>", clips) == ["a20", "a21", "b20", "b21"]
    assert re.findall(r">(\w+)</span>", text) == ["a20", "a21", "b20", "b21"]
    assert re.findall(r"<th>(\w+)<small>\w{8}( and 1 more)?</small>", metrics) == [
        ("a20", " and 1 more"),
        ("b20", " and 1 more"),
    ]
    row = "<th>rtf</th><td>0.500 ± 0.354 (2 seeds)</td><td>1.250 ± 0.354 (2 seeds)</td>"
    assert f'{row}<td class="unsure">+0.750 seeds [' in text


@pytest.mark.browser
def test_in_a_browser(page: Path) -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not here (Debian: apt-get install chromium)")
    text = page.read_text(encoding="utf-8").replace("</body>", f"{PROBE}</body>")
    page.write_text(text, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000", "--dump-dom"]
    done = subprocess.run([chromium, *options, page.as_uri()], capture_output=True, text=True, check=True)
    body = re.search(r"<body[^>]*>", done.stdout)
    assert body is not None
    assert 'data-durations="0.50 1.50 1.00"' in body[0]
    assert 'data-shown="111"' in body[0]
    assert 'data-sad="100"' in body[0]
