"""What the review page says, in English and Korean."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from emotts.serving.page_words import EMOTION_WORDS, PageWords

__all__ = ["LANGUAGES", "Words"]

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "ko": "한국어"})
"""Languages of the page, each by its own name."""

_TABLE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "title": ("Review", "검토"),
        "checked": ("{done} of {total} checked", "{total}개 중 {done}개 확인"),
        "place": ("{number} of {count}", "{count}개 중 {number}번째"),
        "nothing": ("No piece is in this filter.", "이 필터에 해당하는 구간이 없습니다."),
        "filter": ("Show", "보기"),
        "all": ("all", "전체"),
        "unchecked": ("not checked", "확인 안 함"),
        "text": ("doubtful text", "의심스러운 글"),
        "label": ("doubtful emotion", "의심스러운 감정"),
        "rate": ("too fast or slow", "너무 빠르거나 느림"),
        "noisy": ("noisy", "잡음"),
        "unused": ("not used", "사용 안 함"),
        "measuring": ("measuring {done} of {total}", "측정 중 {done}/{total}"),
        "play": ("Play", "재생"),
        "previous": ("Previous", "이전"),
        "next": ("Next", "다음"),
        "accept": ("Accept", "승인"),
        "reject": ("Reject", "거부"),
        "split": ("Split", "나누기"),
        "merge": ("Merge with next", "다음과 합치기"),
        "undo": ("Undo", "되돌리기"),
        "help": ("Keys", "단축키"),
        "close": ("Close", "닫기"),
        "text_field": ("What is said", "말한 내용"),
        "reading": ("Reading", "읽는 법"),
        "left_out": ("no reading for {signs}: left out", "{signs}: 읽을 수 없어 빠집니다"),
        "intensity": ("Intensity", "강도"),
        "heard": ("sounds like {emotion}", "{emotion}(으)로 들립니다"),
        "recognised": ("heard: {text}", "인식: {text}"),
        "accepted": ("accepted", "승인됨"),
        "rejected": ("rejected", "거부됨"),
        "used": ("used", "사용"),
        "not_used": ("not used: {reason}", "사용 안 함: {reason}"),
        "undone": ("undone: {what}", "되돌림: {what}"),
        "no_undo": ("there is nothing to undo", "되돌릴 것이 없습니다"),
        "no_cursor": ("click the waveform where to split", "나눌 곳을 파형에서 누르세요"),
        "no_next": ("there is no next piece in this recording", "이 녹음에는 다음 구간이 없습니다"),
        "unmatched": (
            "corrections that match no piece any more: {count}",
            "수정 {count}개가 더는 구간과 맞지 않습니다",
        ),
        "no_text": ("type what is said first", "먼저 말한 내용을 입력하세요"),
        "no_emotion": ("choose the emotion first", "먼저 감정을 고르세요"),
        "orphan": (
            "typed for a piece that is there no more: {text}",
            "더는 없는 구간에 입력했던 글: {text}",
        ),
        "restored": ("what you had typed is back", "입력하던 내용을 복구했습니다"),
        "phones": ("{rate:.1f} phones/s", "초당 음소 {rate:.1f}개"),
        "snr": ("{snr:.0f} dB above noise", "잡음 대비 {snr:.0f} dB"),
        "rerun": (
            "When you are done, run: dvc repro",
            "끝나면 실행하세요: dvc repro",
        ),
        "key_play": ("play or stop; with Shift from the cursor", "재생/정지, Shift와 함께 커서부터"),
        "key_next": ("next piece", "다음 구간"),
        "key_previous": ("previous piece", "이전 구간"),
        "key_accept": ("accept and go on (also in the text with Ctrl)", "승인하고 다음 (글 안에서는 Ctrl과 함께)"),
        "key_reject": ("reject and go on", "거부하고 다음"),
        "key_emotion": ("emotion", "감정"),
        "key_intensity": ("less or more intensity", "강도 낮추기/높이기"),
        "key_edit": ("edit the text; Enter or Esc ends it", "글 고치기, Enter나 Esc로 끝"),
        "key_split": ("split at the cursor", "커서에서 나누기"),
        "key_merge": ("merge with the next piece", "다음 구간과 합치기"),
        "key_start": ("start earlier or later", "시작을 앞으로/뒤로"),
        "key_end": ("end earlier or later", "끝을 앞으로/뒤로"),
        "key_undo": ("undo", "되돌리기"),
        "key_filter": ("next filter", "다음 필터"),
        "key_help": ("these keys", "이 단축키"),
        "no transcript": ("no transcript", "글 없음"),
        "no emotion": ("no emotion", "감정 없음"),
        "two emotions in one segment": ("two emotions in one segment", "한 구간에 감정 두 개"),
        "text of a new piece not checked": ("text of a new piece not checked", "새 구간의 글 확인 필요"),
        "label crosses the cut": ("label crosses the cut", "레이블이 경계에 걸침"),
        "speech without a label": ("speech without a label", "레이블 없는 말"),
        "wording differs": ("wording differs", "대본과 다름"),
        "broken off": ("broken off", "말이 끊김"),
        "not in the script": ("not in the script", "대본에 없음"),
        "read again later": ("read again later", "뒤에 다시 읽음"),
        "recognised with too little confidence": ("recognised with too little confidence", "인식 신뢰도 낮음"),
        **{name: (english, korean) for name, (english, korean, _) in EMOTION_WORDS.items()},
    }
)


class Words(PageWords):
    """The words of the review page in one language."""

    def __init__(self, language: str) -> None:
        super().__init__(language, languages=LANGUAGES, table=_TABLE)
