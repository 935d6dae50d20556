"""The corpus stage with the real Korean front end."""

import json
import unicodedata
from pathlib import Path

import pytest
from support.settings import audio_settings, corpus_settings

from emotts.corpus.conversion import build_corpus
from emotts.corpus.corpus_wavs import place_wavs
from emotts.corpus.lists import read_list, read_metadata
from emotts.corpus.melotts_format import CorpusBasis
from emotts.corpus.rows import Reject, Utterance, read_rows, write_rows
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import ConfigError, CorpusError, TextError
from emotts.text.symbols import SYMBOLS

WORDS = ("하늘", "바다", "나무", "구름", "바람", "노을", "사과", "기차", "모래")


class Project:
    """Folders with utterances and their wavs."""

    def __init__(self, folder, korean):
        self.labels, self.segments, self.out = folder / "labels", folder / "segments", folder / "corpus"
        self.korean = korean
        self.rows = []

    def add(self, emotion, text, *, wav=None, speaker="mina", language="KR", length_s=4.0):
        number = len(self.rows) + 1
        wav = wav or f"take/take_{number:04d}.wav"
        path = self.segments / wav
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"sound {number}".encode())
        self.rows.append(
            Utterance(
                wav,
                "take.wav",
                5.0 * number,
                5.0 * number + length_s,
                speaker,
                language,
                text,
                emotion,
                1.0,
                "labels",
                "layout",
            )
        )

    def add_classes(self, **sizes):
        for emotion, size in sizes.items():
            for place in range(size):
                self.add(emotion, f"{emotion[0]} {place} {WORDS[place % 9]}에 갔어요.")

    def build(self, **options):
        write_rows(self.labels / "utterances.jsonl", self.rows)
        audio = audio_settings(**options.pop("audio", {}))
        emotions = options.pop("emotions", EmotionSet())
        settings = corpus_settings(**options)
        return build_corpus(
            self.labels,
            self.segments,
            self.out,
            front_end=self.korean,
            settings=settings,
            basis=CorpusBasis(emotions, audio, 20),
        )

    @property
    def log(self):
        return json.loads((self.out / "conversion_log.json").read_text(encoding="utf-8"))

    def items(self, side):
        return read_list(self.out / f"{side}.list")


@pytest.fixture
def project(tmp_path, korean):
    return Project(tmp_path, korean)


def test_sixty_two_in_sixty_two_out(project):
    project.add_classes(happy=16, sad=37, angry=9)
    summary = project.build()
    assert (summary.n_in, summary.n_train, summary.n_val, summary.n_test, summary.n_rejected) == (62, 46, 7, 9, 0)
    lists = {side: project.items(side) for side in ("train", "val", "test")}
    assert sum(map(len, lists.values())) == len(read_metadata(project.out / "metadata.list")) == 62
    assert len({item.wav for items in lists.values() for item in items}) == 62
    assert {path.name for path in (project.out / "wavs").iterdir()} == {f"take_{n:04d}.wav" for n in range(1, 63)}
    assert project.log["counts"] == {"in": 62, "train": 46, "val": 7, "test": 9, "rejected": 0}
    assert [entry["went_to"] for entry in project.log["utterances"]].count("train") == 46
    assert summary.counts["val"] == {"angry": 1, "happy": 2, "sad": 4}
    assert summary.seconds == {"angry": 36.0, "happy": 64.0, "sad": 148.0}


def test_rows_of_the_lists(project):
    project.add("happy", "네, 3개요!")
    project.add_classes(happy=4)
    project.build()
    (item,) = [item for side in ("train", "val", "test") for item in project.items(side) if "take_0001" in item.wav]
    assert (item.wav, item.speaker, item.language, item.emotion) == ("wavs/take_0001.wav", "mina", "KR", "happy")
    assert item.text == "네, 세 개요!"
    assert unicodedata.normalize("NFC", "".join(item.phones)) == "_네,세개요!_"
    assert item.word2ph == (1, 2, 1, 2, 2, 2, 1, 1)
    assert set(item.tones) == {0}
    assert read_metadata(project.out / "metadata.list")[0].text == "네, 3개요!"
    assert (project.out / item.wav).read_bytes() == b"sound 1"


def test_the_configuration_is_melotts(project):
    project.add_classes(happy=4, sad=4)
    project.add("sad", "다른 사람이에요.", speaker="ara")
    project.build(emotions=EmotionSet.with_extra(["bored"]))
    config = json.loads((project.out / "config.json").read_text(encoding="utf-8"))
    assert set(config) == {"train", "data", "model", "num_languages", "num_tones", "symbols", "emotions"}
    assert config["symbols"] == list(SYMBOLS)
    assert (config["num_languages"], config["num_tones"]) == (10, 16)
    assert config["emotions"]["angry"] == 3
    assert config["emotions"]["bored"] == 7
    data = config["data"]
    assert data["spk2id"] == {"ara": 0, "mina": 1}
    assert (data["n_speakers"], data["sampling_rate"], data["hop_length"], data["mel_fmax"]) == (2, 22050, 256, None)
    assert (data["training_files"], data["validation_files"]) == ("train.list", "val.list")
    assert config["train"]["seed"] == 20
    assert config["train"]["segment_size"] % 256 == 0
    rates = config["model"]["upsample_rates"]
    assert rates[0] * rates[1] * rates[2] * rates[3] == 256


def test_melotts_own_upsampling_at_its_hop(project):
    project.add_classes(happy=4)
    project.build(audio={"hop_length": 512, "sample_rate_hz": 44100})
    model = json.loads((project.out / "config.json").read_text(encoding="utf-8"))["model"]
    assert model["upsample_rates"] == [8, 8, 2, 2, 2]
    assert model["upsample_kernel_sizes"] == [16, 16, 8, 2, 2]


def test_wavs_are_linked_and_an_earlier_pass_leaves_nothing(project):
    project.add_classes(happy=5)
    project.build()
    source = project.segments / "take/take_0001.wav"
    assert source.samefile(project.out / "wavs/take_0001.wav")
    (project.out / "wavs/stale.wav").write_bytes(b"")
    project.rows.pop()
    project.build()
    assert {path.name for path in (project.out / "wavs").iterdir()} == {f"take_{n:04d}.wav" for n in range(1, 5)}
    assert source.read_bytes() == b"sound 1"


def test_an_interruption_leaves_no_half_placed_wav(project, monkeypatch):
    project.add_classes(happy=5)
    pair = (project.segments / "take/take_0001.wav", project.out / "wavs/a.wav")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", lambda path, target: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            place_wavs([pair], folder=project.out / "wavs")
    assert list((project.out / "wavs").iterdir()) == []


def test_wavs_of_the_same_name_get_their_folders(project):
    for number in range(4):
        project.add("happy", f"{WORDS[number]}에 가요.", wav=f"take{number}/one.wav")
    project.build()
    assert {path.name for path in (project.out / "wavs").iterdir()} == {f"take{n}__one.wav" for n in range(4)}


def test_the_same_text_is_on_one_side(project):
    for word in WORDS:
        for emotion in ("happy", "sad", "angry"):
            project.add(emotion, f"{word} 1개.")
            project.add(emotion, f"{word} 한  개.")
    project.build()
    texts = [{item.text for item in project.items(side)} for side in ("train", "val", "test")]
    assert not texts[0] & texts[1]
    assert not texts[0] & texts[2]
    assert not texts[1] & texts[2]


def test_a_text_that_cannot_be_read_stops(project):
    project.add_classes(happy=4)
    project.add("happy", "Жя예요")
    message = r"take_0005.wav: transcript cannot be read.*'Ж' \(U\+0416\) at 1"
    with pytest.raises(TextError, match=f"(?s){message}.*on_unknown"):
        project.build()
    assert not (project.out / "train.list").exists()


def test_or_is_rejected_with_the_reason(project):
    project.add_classes(happy=4)
    project.add("happy", "Жя예요")
    summary = project.build(on_unknown="skip", max_reject_fraction=0.2)
    assert (summary.n_in, summary.n_rejected) == (5, 1)
    (reject,) = read_rows(project.out / "rejects.jsonl", Reject)
    assert (reject.stage, reject.wav, reject.reason) == ("corpus", "take/take_0005.wav", "text cannot be read")
    assert "'Ж' (U+0416) at 1" in reject.detail
    entry = project.log["utterances"][4]
    assert (entry["went_to"], entry["reason"]) == ("rejected", "text cannot be read")
    assert project.log["counts"]["rejected"] == 1


def test_more_tokens_than_frames_is_rejected(project):
    project.add_classes(happy=9)
    project.add("happy", "아주 긴 문장이 아주 짧은 소리에 들어갈 수는 없어요.", length_s=0.5)
    summary = project.build()
    assert summary.reasons == {"text too long for its sound": 1}
    assert not (project.out / "wavs/take_0010.wav").exists()


def test_too_many_rejects(project):
    project.add_classes(happy=4)
    project.add("happy", "Жя예요")
    with pytest.raises(CorpusError, match="1 of 5\n.*text cannot be read: 1; the first is take/take_0005.wav"):
        project.build(on_unknown="skip")


def test_a_separator_in_a_text_names_the_wav(project):
    project.add_classes(happy=4)
    project.add("happy", "가|나")
    with pytest.raises(CorpusError, match="row of wavs/take_0005.wav: text holds"):
        project.build()
    assert [path.name for path in project.out.iterdir()] == ["rejects.jsonl"]


def test_other_bad_input(project):
    project.add_classes(happy=4, sad=1)
    with pytest.raises(CorpusError, match="emotion 'sad' has one utterance only"):
        project.build()
    project.rows.pop()
    project.add("happy", "가요.", language="JP")
    with pytest.raises(CorpusError, match="take_0005.wav: utterance is in another language.*\n.*JP\n.*KR"):
        project.build()
    project.rows.pop()
    project.rows.append(project.rows[0])
    with pytest.raises(CorpusError, match="utterances.jsonl:5: duplicate utterance"):
        project.build()
    project.rows.pop()
    (project.segments / "take/take_0002.wav").unlink()
    with pytest.raises(CorpusError, match="utterances.jsonl:2: utterance's wav is missing"):
        project.build()
    project.rows.clear()
    with pytest.raises(CorpusError, match="there are no utterances"):
        project.build()
    with pytest.raises(ConfigError, match="on_unknown = 'maybe'"):
        project.build(on_unknown="maybe")


def test_the_same_input_gives_the_same_files(project):
    project.add_classes(happy=6, sad=5)
    names = ("metadata.list", "train.list", "val.list", "test.list", "config.json", "conversion_log.json")
    project.build()
    before = [(project.out / name).read_bytes() for name in names]
    project.build()
    assert [(project.out / name).read_bytes() for name in names] == before
