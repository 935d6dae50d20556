"""What the page of a voice says, in English, Korean and Japanese."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from emotts.serving.page_words import EMOTION_WORDS, PageWords

__all__ = ["LANGUAGES", "Words"]

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "ko": "한국어", "ja": "日本語"})
"""Languages of the page, each by its own name."""

_TABLE: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        **EMOTION_WORDS,
        "speak_tab": ("Speak", "말하기", "話す"),
        "compare_tab": ("Compare", "비교", "比較"),
        "about_tab": ("About", "정보", "情報"),
        "text": ("Text", "글", "テキスト"),
        "count": ("{count} of {most} characters", "{most}자 중 {count}자", "{most}文字中{count}文字"),
        "markup": ("Markup", "태그", "タグ"),
        "reading": ("Reading", "읽는 법", "読み"),
        "emotion": ("Emotion", "감정", "感情"),
        "intensity": ("Intensity", "강도", "強さ"),
        "mixture": ("Mixture", "혼합", "混合"),
        "mixture_help": (
            "Move the point: its place mixes the emotions of the corners.",
            "점을 움직이면 네 모서리의 감정이 섞입니다.",
            "点を動かすと、四隅の感情が混ざります。",
        ),
        "more": ("More controls", "세부 조절", "詳細"),
        "speed": ("Speed", "속도", "速さ"),
        "pitch_shift": ("Pitch (semitones)", "음높이(반음)", "音の高さ（半音）"),
        "pitch_range": ("Pitch range", "억양 폭", "抑揚の幅"),
        "pause_scale": ("Pauses", "쉼 길이", "間の長さ"),
        "noise_scale": ("Variation", "변화", "揺らぎ"),
        "no_pitch": (
            "This voice's pitch cannot be moved.",
            "이 목소리는 음높이를 바꿀 수 없습니다.",
            "この声は音の高さを変えられません。",
        ),
        "seed": ("Seed", "시드", "シード"),
        "dice": ("Another seed", "다른 시드", "別のシード"),
        "reset": ("Reset", "초기화", "リセット"),
        "voice": ("Voice", "목소리", "声"),
        "speaker": ("Speaker", "화자", "話者"),
        "speak": ("Speak", "말하기", "話す"),
        "no_text": ("Type a text first.", "먼저 글을 입력하세요.", "先にテキストを入力してください。"),
        "play": ("Play", "재생", "再生"),
        "stop": ("Stop", "정지", "停止"),
        "download": ("Download", "내려받기", "ダウンロード"),
        "waveform": ("Waveform", "파형", "波形"),
        "mel": ("Mel spectrogram", "멜 스펙트로그램", "メルスペクトログラム"),
        "history": ("This session", "이번 세션", "このセッション"),
        "forget": ("Forget all", "모두 지우기", "すべて消す"),
        "broken": (
            "The connection broke off; try again.",
            "연결이 끊겼습니다. 다시 시도하세요.",
            "接続が切れました。もう一度お試しください。",
        ),
        "compare": ("Compare", "비교하기", "比較する"),
        "compare_emotions": ("All emotions", "모든 감정", "すべての感情"),
        "compare_intensities": ("Intensities", "강도별", "強さ別"),
        "compare_voices": ("Voices", "목소리별", "声別"),
        "blind": ("Blind", "블라인드", "ブラインド"),
        "blind_help": (
            "Names are hidden, and the order is by chance, until you vote.",
            "투표할 때까지 이름을 숨기고 순서를 섞습니다.",
            "投票するまで名前を隠し、順番を混ぜます。",
        ),
        "which_voices": ("Voices to compare", "비교할 목소리", "比較する声"),
        "one_voice": (
            "There is one voice; start with --voice NAME=FOLDER for each of several.",
            "목소리가 하나입니다. 여럿이면 각각 --voice 이름=폴더 로 시작하세요.",
            "声は一つです。複数の場合は、それぞれ --voice 名前=フォルダ で起動してください。",
        ),
        "no_intensities": (
            "Choose another emotion than neutral first.",
            "먼저 중립이 아닌 감정을 고르세요.",
            "先に平静以外の感情を選んでください。",
        ),
        "play_all": ("Play all in turn", "차례로 모두 재생", "順番にすべて再生"),
        "vote": ("Best", "가장 좋음", "一番良い"),
        "vote_help": (
            "Listen, then vote: the names are shown then.",
            "듣고 투표하면 이름이 나타납니다.",
            "聞いて投票すると、名前が表示されます。",
        ),
        "votes": ("Votes", "투표", "投票"),
        "language": ("Language", "언어", "言語"),
        "language_KR": ("Korean", "한국어", "韓国語"),
        "language_JP": ("Japanese", "일본어", "日本語"),
        "language_EN": ("English", "영어", "英語"),
        "emotions": ("Emotions", "감정", "感情"),
        "styles": ("Styles", "스타일", "スタイル"),
        "speakers": ("Speakers", "화자", "話者"),
        "rate": ("Sample rate", "샘플 레이트", "サンプリング周波数"),
        "licence": ("Licence", "라이선스", "ライセンス"),
        "no_licence": (
            "No licence lies with this voice.",
            "이 목소리에는 라이선스 파일이 없습니다.",
            "この声にはライセンスのファイルがありません。",
        ),
        "metrics": ("Metrics", "지표", "指標"),
        "of_voice": ("voice", "목소리", "声"),
        "of_reference": ("reference speech", "참조 음성", "参照音声"),
        "no_metrics": (
            "No evaluation lies with this voice.",
            "이 목소리의 평가 결과가 없습니다.",
            "この声の評価結果がありません。",
        ),
        "emotion_accuracy.balanced": (
            "emotion recognised, balanced",
            "감정 인식률(균형 평균)",
            "感情の認識率（均衡平均）",
        ),
        "cer": ("character error rate", "글자 오류율", "文字誤り率"),
        "quality": ("predicted quality, 1 to 5", "예측 음질(1~5)", "予測品質（1〜5）"),
        "speaker_similarity": ("speaker similarity", "화자 유사도", "話者類似度"),
        "mcd_db": ("mel-cepstral distortion, dB", "멜 켑스트럼 왜곡(dB)", "メルケプストラム歪み（dB）"),
        "prosody.within_15_percent": (
            "prosody within 15 % of reference speech",
            "운율이 참조 음성의 15 % 이내",
            "韻律が参照音声の15 %以内",
        ),
        "intensity.spearman.probability": (
            "rank correlation with intensity",
            "강도와의 순위 상관",
            "強さとの順位相関",
        ),
        "rtf": ("real-time factor", "실시간 계수", "実時間係数"),
        "key": ("Key of the server", "서버의 키", "サーバーのキー"),
        "enter": ("Enter", "들어가기", "入る"),
        "wrong_key": ("This key is wrong.", "키가 틀렸습니다.", "キーが違います。"),
        "tag_emotion": (
            "an emotion from here on, at the slider's intensity",
            "여기부터 이 감정(강도는 슬라이더 값)",
            "ここからこの感情（強さはスライダーの値）",
        ),
        "tag_intensity": ("an emotion at an intensity of 0 to 1.5", "강도 0~1.5인 감정", "強さ0〜1.5の感情"),
        "tag_mixture": ("a mixture and its intensity", "혼합과 강도", "混合とその強さ"),
        "tag_pause": ("a pause, up to 60 s", "쉼(최대 60초)", "間（最大60秒）"),
        "tag_speed": ("another speed, 0.25 to 4", "다른 속도(0.25~4)", "別の速さ（0.25〜4）"),
        "tag_back": ("back to the controls below", "아래에서 고른 값으로", "下で選んだ値に戻る"),
        "tag_bracket": ("a bracket that is spoken", "읽을 괄호", "読まれる括弧"),
        "tag_off": ("Read brackets as a part of the text", "괄호를 글로 읽기", "括弧を文の一部として読む"),
    }
)


class Words(PageWords):
    """The words of the page in one language."""

    def __init__(self, language: str) -> None:
        super().__init__(language, languages=LANGUAGES, table=_TABLE)

    def several(self, *keys: str) -> dict[str, str]:
        """Return what keys say that take no values, as the parts in JavaScript take them."""
        return {key: self(key) for key in keys}
