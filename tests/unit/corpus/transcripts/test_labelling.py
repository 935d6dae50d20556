"""The label stage on hand-made recordings and segments."""

import dataclasses

import pytest
from support.settings import label_settings

from emotts.corpus.rows import Recording, Reject, Segment, Utterance, read_rows, write_rows
from emotts.corpus.transcripts.labelling import label_segments
from emotts.emotions.emotion_set import EmotionSet
from emotts.errors import CorpusError

SENTENCES = (
    "안녕하세요 여러분",
    "오늘은 날씨가 정말 좋네요",
    "네 그래요",
    "저는 어제 친구와 함께 바다에 다녀왔어요",
    "커피 한 잔 주세요",
    "내일은 아침 일찍 일어나서 산에 갈 생각이에요",
    "고맙습니다",
    "이 책은 아무리 읽어도 재미있고 또 읽고 싶어요",
)


class Studio:
    """A folder with one recording ``take.wav``, its segments and rejects."""

    def __init__(self, folder, emotion="sad"):
        self.raw, self.segments, self.out = folder / "raw", folder / "segments", folder / "labels"
        self.emotion = emotion
        self.rows, self.rejects, self.n = [], [], 0
        self.files = {"labels": None, "script": None}

    def piece(self, start_s, end_s, *, reject=None, recording="take.wav"):
        if reject is not None:
            self.rejects.append(Reject("segment", recording, start_s, end_s, reject))
            return
        self.n += 1
        wav = f"take/take_{self.n:04d}.wav"
        path = self.segments / wav
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"sound {self.n}".encode())
        self.rows.append(
            Segment(wav, recording, start_s - 0.3, end_s + 0.3, start_s, end_s, -20.0, "mina", "KR", self.emotion)
        )

    def write(self, kind, text):
        name = {"labels": "take.labels.txt", "script": "take.txt"}[kind]
        self.raw.mkdir(parents=True, exist_ok=True)
        (self.raw / name).write_text(text, encoding="utf-8")
        self.files[kind] = name

    def run(self, *, recognition=None, progress=None, **options):
        write_rows(self.raw / "recordings.jsonl", [
            Recording("take.wav", "0" * 64, 24000, 1, 100.0, "mina", "KR", self.emotion, **self.files)
        ])  # fmt: skip
        write_rows(self.segments / "segments.jsonl", self.rows)
        write_rows(self.segments / "rejects.jsonl", self.rejects)
        settings = label_settings(**{"max_reject_fraction": 0.5} | options)
        summary = label_segments(
            self.segments,
            self.raw,
            self.out,
            emotions=EmotionSet(),
            settings=settings,
            recognition=recognition,
            progress=progress,
        )
        assert summary.n_in == summary.n_kept + summary.n_rejected == len(self.rows)
        return summary

    @property
    def utterances(self):
        return read_rows(self.out / "utterances.jsonl", Utterance)

    @property
    def problems(self):
        return {row.wav: (row.reason, row.detail) for row in read_rows(self.out / "rejects.jsonl", Reject)}


@pytest.fixture
def studio(tmp_path):
    return Studio(tmp_path)


def script_of(studio, texts=SENTENCES):
    """Give each text a piece of fitting length (6 syllables a second) and write the script."""
    start = 1.0
    for text in texts:
        length = len(text.replace(" ", "")) / 6
        studio.piece(start, start + length)
        start += length + 1.5
    studio.write("script", "\n".join(texts))


def test_labels_over_segments(studio):
    studio.piece(1.0, 4.0)
    studio.piece(6.0, 9.0)
    studio.write("labels", "0.9\t4.2\t안녕하세요\n5.8\t7.4\t[happy 0.5] 반갑\n7.5\t9.5\t[happy] 습니다\n")
    summary = studio.run()
    one, two = studio.utterances
    assert one == Utterance(
        "take/take_0001.wav", "take.wav", 0.7, 4.3, "mina", "KR", "안녕하세요", "sad", 1.0, "labels", "layout"
    )
    assert (two.text, two.emotion, two.emotion_source) == ("반갑 습니다", "happy", "labels")
    assert two.intensity == pytest.approx((0.5 * 1.6 + 1.0 * 2.0) / 3.6, abs=1e-3)
    assert summary.counts == {"sad": 1, "happy": 1}
    assert summary.seconds == {"sad": 3.6, "happy": 3.6}
    assert summary.reasons == {}


def test_a_label_with_wide_margins_over_silence_belongs_to_its_segment(studio):
    studio.piece(3.0, 6.0)
    studio.piece(12.0, 15.0)
    studio.write("labels", "1\t8.5\t첫째\n9\t18\t둘째\n")
    studio.run()
    assert [row.text for row in studio.utterances] == ["첫째", "둘째"]


def test_a_label_that_crosses_the_cut_rejects_both_sides(studio):
    studio.piece(1.0, 5.0)
    studio.piece(5.0, 9.0)
    studio.piece(11.0, 14.0)
    studio.write("labels", "1\t9\t아주 긴 문장\n11\t14\t다음 문장\n")
    summary = studio.run(max_reject_fraction=0.7)
    assert [row.text for row in studio.utterances] == ["다음 문장"]
    assert summary.reasons == {"label crosses the cut": 2}
    reason, detail = studio.problems["take/take_0001.wav"]
    assert reason == "label crosses the cut"
    assert detail == "label in line 1, 1.00-9.00 s: '아주 긴 문장'"


def test_a_label_over_a_rejected_piece_as_well_crosses_the_cut(studio):
    studio.piece(1.0, 5.0)
    studio.piece(6.5, 7.5, reject="too short")
    studio.piece(9.0, 12.0)
    studio.write("labels", "1\t7.5\t앞 그리고 뒤\n9\t12\t다음\n")
    studio.run()
    assert studio.problems["take/take_0001.wav"][0] == "label crosses the cut"


def test_labels_may_cover_a_click(studio):
    studio.piece(1.0, 5.0)
    studio.piece(5.5, 5.55, reject="click")
    studio.write("labels", "1\t6\t앞\n")
    studio.run()
    assert [row.text for row in studio.utterances] == ["앞"]


def test_no_label(studio):
    studio.piece(1.0, 4.0)
    studio.piece(6.0, 9.0)
    studio.write("labels", "1\t4\t가\n")
    studio.run()
    assert studio.problems == {"take/take_0002.wav": ("no transcript", "no label over 6.00-9.00 s")}


def test_a_segment_that_is_labelled_in_part_has_no_complete_text(studio):
    studio.piece(1.0, 9.0)
    studio.piece(11.0, 14.0)
    studio.write("labels", "1\t4\t가\n11\t14\t나\n")
    studio.run()
    assert studio.problems == {"take/take_0001.wav": ("speech without a label", "4.00-9.00 s")}


def test_two_emotions_in_one_segment(studio):
    studio.piece(1.0, 4.0)
    studio.piece(6.0, 9.0)
    studio.write("labels", "1\t2.5\t[happy] 가\n2.5\t4\t나\n6\t7.5\t[angry] 다\n7.5\t9\t[angry] 라\n")
    studio.run()
    assert studio.problems == {"take/take_0001.wav": ("two emotions in one segment", "happy, sad")}
    assert [row.emotion for row in studio.utterances] == ["angry"]


def test_no_emotion(tmp_path):
    studio = Studio(tmp_path, emotion=None)
    studio.piece(1.0, 4.0)
    studio.piece(6.0, 9.0)
    studio.write("labels", "1\t4\t가\n6\t9\t[neutral] 나\n")
    studio.run()
    assert studio.problems["take/take_0001.wav"][0] == "no emotion"
    assert [row.emotion for row in studio.utterances] == ["neutral"]


def test_labels_beat_the_script(studio):
    studio.piece(1.0, 4.0)
    studio.write("labels", "1\t4\t가\n")
    studio.write("script", "나\n다\n")
    studio.run()
    assert studio.utterances[0].text == "가"


def test_a_script_by_order(studio):
    script_of(studio)
    studio.run()
    assert [row.text for row in studio.utterances] == list(SENTENCES)
    assert [(row.text_source, row.line, row.folder) for row in studio.utterances] == [
        ("script", line, "segments") for line in range(1, 9)
    ]


def test_marks_of_a_script(studio):
    studio.piece(1.0, 4.0)
    studio.piece(6.0, 9.0)
    studio.write("script", "[화남 0.7] 뭐라고요\n그래요\n")
    studio.run()
    assert [(row.emotion, row.intensity, row.emotion_source) for row in studio.utterances] == [
        ("angry", 0.7, "script"),
        ("sad", 1.0, "layout"),
    ]


def test_a_script_counts_pieces_that_were_too_short_but_no_clicks(studio):
    studio.piece(1.0, 4.0)
    studio.piece(5.0, 5.05, reject="click")
    studio.piece(6.0, 6.5, reject="too short")
    studio.piece(8.0, 11.0)
    studio.write("script", "첫째 문장\n네\n셋째 문장\n")
    studio.run()
    assert [row.text for row in studio.utterances] == ["첫째 문장", "셋째 문장"]


def test_a_script_of_another_count_is_refused(studio):
    studio.piece(1.0, 4.0)
    studio.piece(6.0, 6.5, reject="too short")
    studio.piece(8.0, 11.0)
    studio.write("script", "가\n나\n")
    message = (
        r"take.txt: the script does not fit.*\n.*2 lines, 3 pieces of speech \(1 of them rejected.*\n.*\n"
        r"  to do: install the recogniser, .* \(pip install 'emotts\[asr\]'\), or give a label track"
    )
    with pytest.raises(CorpusError, match=message):
        studio.run()
    assert not (studio.out / "utterances.jsonl").exists()


def test_a_script_for_a_piece_that_was_cut_is_refused(studio):
    studio.piece(1.0, 9.0)
    studio.piece(9.0, 17.0)
    studio.write("script", "가\n나\n")
    with pytest.raises(CorpusError, match=r"cut in two\n.*1.00-9.00 s and 9.00-17.00 s"):
        studio.run()


def test_a_line_far_too_long_for_its_piece_is_refused(studio):
    script_of(studio)
    lines = list(SENTENCES)
    lines[2] = "이것은 세 번째 조각에 들어갈 수 없는 아주아주 긴 문장이에요"
    studio.write("script", "\n".join(lines))
    with pytest.raises(CorpusError, match="take.txt:3: the script's lines do not fit.*\n.*syllables a second"):
        studio.run()


def test_a_script_shifted_by_one_is_refused(studio):
    script_of(studio)
    studio.write("script", "\n".join((*SENTENCES[1:], "또 만나요")))
    with pytest.raises(CorpusError, match="the script's lines do not fit the lengths"):
        studio.run()


def test_without_labels_script_or_recognition_nothing_is_invented(studio):
    studio.piece(1.0, 4.0)
    with pytest.raises(CorpusError, match="too many segments are rejected: 1 of 1\n.*no transcript: 1"):
        studio.run(max_reject_fraction=1.0)
    assert list(studio.problems) == ["take/take_0001.wav"]
    assert not (studio.out / "utterances.jsonl").exists()


def test_too_many_rejects(studio):
    for place in range(4):
        studio.piece(10.0 * place + 1, 10.0 * place + 4)
    studio.write("labels", "1\t4\t가\n11\t14\t나\n21\t24\t다\n")
    assert studio.run(max_reject_fraction=0.25).n_kept == 3
    with pytest.raises(CorpusError, match="1 of 4\n.*no transcript: 1\n.*at most 20%"):
        studio.run(max_reject_fraction=0.2)
    assert len(studio.problems) == 1
    assert not (studio.out / "utterances.jsonl").exists()  # those of the pass before are gone


def test_the_same_time_twice_is_an_error(studio):
    studio.piece(1.0, 4.0)
    studio.piece(3.5, 7.0)
    studio.write("labels", "1\t4\t가\n")
    with pytest.raises(CorpusError, match="duplicate utterance: two segments hold the same time.*\n.*3.50-7.00"):
        studio.run()


def test_the_same_sound_twice_is_an_error(studio):
    studio.piece(1.0, 4.0)
    studio.piece(6.0, 9.0)
    (studio.segments / "take/take_0002.wav").write_bytes(b"sound 1")
    studio.write("labels", "1\t4\t가\n6\t9\t나\n")
    with pytest.raises(CorpusError, match="two segments hold the same sound\n.*take_0001.wav of take.wav and"):
        studio.run()


def test_missing_wav_and_unknown_recording(studio):
    studio.piece(1.0, 4.0)
    studio.piece(6.0, 9.0, recording="other.wav")
    studio.write("labels", "1\t4\t가\n")
    with pytest.raises(CorpusError, match="segments.jsonl:2: recording 'other.wav' is not among the recordings"):
        studio.run()
    studio.rows.pop()
    (studio.segments / "take/take_0001.wav").unlink()
    with pytest.raises(CorpusError, match="segment's file is missing"):
        studio.run()


def test_no_segments(studio):
    studio.raw.mkdir()
    with pytest.raises(CorpusError, match="there are no segments"):
        studio.run()


def test_an_emotion_with_one_utterance_is_warned_about(studio, caplog):
    studio.piece(1.0, 4.0)
    studio.write("labels", "1\t4\t가\n")
    studio.run()
    assert "emotion sad has one utterance only" in caplog.text


def test_progress_and_frozen_summary(studio):
    studio.piece(1.0, 4.0)
    studio.write("labels", "1\t4\t가\n")
    calls = []
    summary = studio.run(progress=lambda *call: calls.append(call))
    assert calls == [(0, 1, "take.wav"), (1, 1, "")]
    with pytest.raises(dataclasses.FrozenInstanceError):
        summary.n_in = 2
