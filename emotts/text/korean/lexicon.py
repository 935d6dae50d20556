"""Words whose pronunciation does not follow from their spelling, written as they sound.

Sources: the examples of the Standard Pronunciation (표준 발음법 sections 15, 23-29) and the Standard Korean
Dictionary (표준국어대사전). Final consonants are kept as spelled, so that liaison still finds them (눈빛이 -> 눈삧이).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

__all__ = ["Lexicon"]

_WORDS = """
줄넘기=줄넘끼
맛없=마덥 멋없=머덥 값없=가법 넋없=너겁 헛웃=허둣 첫인=처딘 첫아=처다 첫얼=처덜 뜻있=뜨딨 겉옷=거돗 젖어미=저더미
웃어른=우더른 윗옷=위돗 옷안=오단 낱알=나달 꽃위=꼬뒤 밭아래=바다래 무릎위=무르뷔 못알=모달 못와=모돠 못올=모돌
못오=모도 못왔=모돴 못없=모덥 한여름=한녀름 늦여름=늗녀름 첫여름=첟녀름 못잊=몯닞 못읽=몯닑 옛일=옏닐 헛일=헏닐
집안일=집안닐 볼일=볼릴 앞일=앞닐 밤일=밤닐 부엌일=부엌닐 알약=알략 두통약=두통냑 소독약=소독냑 신여성=신녀성
남존여비=남존녀비 콩잎=콩닢 단풍잎=단풍닢 옷입=옫닙 꽃이름=꽃니름 별일=별릴 잡일=잡닐 큰일=큰닐 궂은일=궂은닐
맨일=맨닐 바깥일=바깥닐 몇월=며둴 몇인=며딘 인기=인끼 문법=문뻡 헌법=헌뻡 민법=민뻡 형법=형뻡 용법=용뻡 화법=화뻡
기법=기뻡 수법=수뻡 한자어=한짜어 사건=사껀 조건=조껀 안건=안껀 용건=용껀 내과=내꽈 외과=외꽈 치과=치꽈 안과=안꽈
이비인후과=이비인후꽈 성격=성껵 인격=인껵 주격=주껵 평가=평까 물가=물까 원가=원까 정가=정까 절대=절때 결정=결쩡
결석=결썩 결승=결씅 결심=결씸 결제=결쩨 결재=결째 발생=발쌩 발달=발딸 발사=발싸 발송=발쏭 발신=발씬 발성=발썽
발단=발딴 발작=발짝 발전소=발쩐소 출동=출똥 출신=출씬 출장=출짱 출시=출씨 출석=출썩 출산=출싼 출세=출쎄 출전=출쩐
일정=일쩡 일단=일딴 일상=일쌍 일주=일쭈 일종=일쫑 일제=일쩨 일동=일똥 일대=일때 일생=일쌩 일석이조=일썩이조 활동=활똥
활성=활썽 활자=활짜 실수=실쑤 실시=실씨 실제=실쩨 실정=실쩡 실종=실쫑 실속=실쏙 실상=실쌍 실신=실씬 열심=열씸
열정=열쩡 열대=열때 열등=열뜽 열중=열쭝 열쇠=열쐬 질서=질써 질소=질쏘 질식=질씩 철저=철쩌 철도=철또 철수=철쑤
설득=설뜩 설정=설쩡 설사=설싸 절실=절씰 절제=절쩨 절정=절쩡 밀집=밀찝 밀접=밀쩝 밀도=밀또 별도=별또 별세=별쎄
불성실=불썽실 불신=불씬 불시=불씨 불순=불쑨 탈진=탈찐 탈수=탈쑤 탈세=탈쎄 걸작=걸짝 골절=골쩔 굴절=굴쩔 물자=물짜
물증=물쯩 솔직=솔찍 필수=필쑤 필승=필씅 할당=할땅 혈당=혈땅 졸도=졸또 달성=달썽 몰두=몰뚜 말단=말딴 팔자=팔짜
칠십=칠씹 팔십=팔씹 일시불=일씨불 글자=글짜 갈색=갈쌕 갈대=갈때 밀가루=밀까루 물고기=물꼬기 물결=물껼 물방울=물빵울
물속=물쏙 물감=물깜 물집=물찝 눈빛=눈삧 눈길=눈낄 눈동자=눈똥자 눈사람=눈싸람 눈송이=눈쏭이 손가락=손까락
발가락=발까락 손바닥=손빠닥 손등=손뜽 손수건=손쑤건 손길=손낄 손금=손끔 밤길=밤낄 밤바다=밤빠다 방바닥=방빠닥
방구석=방꾸석 봄바람=봄빠람 봄비=봄삐 산길=산낄 산불=산뿔 산속=산쏙 술집=술찝 술병=술뼝 안방=안빵 오늘밤=오늘빰
용돈=용똔 울음소리=울음쏘리 웃음소리=웃음쏘리 말소리=말쏘리 발소리=발쏘리 숨소리=숨쏘리 물소리=물쏘리 발걸음=발껄음
장바구니=장빠구니 창가=창까 강바람=강빠람 보름달=보름딸 비빔밥=비빔빱 김밥=김빱 볶음밥=볶음빱 쌈밥=쌈빱 길거리=길꺼리
일거리=일꺼리 볼거리=볼꺼리 걱정거리=걱정꺼리 이야깃거리=이야깃꺼리 먹을거리=먹을꺼리 인기척=인끼척 잠결=잠껼
잠버릇=잠뻐릇 마음속=마음쏙 가슴속=가슴쏙 꿈속=꿈쏙 땅속=땅쏙 품속=품쏙 문자=문짜 개수=개쑤 점수=점쑤 홀수=홀쑤
초점=초쩜 장점=장쩜 단점=단쩜 문제점=문제쩜 시점=시쩜 관점=관쩜 결점=결쩜 허점=허쩜 만점=만쩜 여권=여꿘 인권=인꿘
정권=정꿘 주권=주꿘 증권=증꿘 이권=이꿘 성과=성꽈 상장=상짱 말다툼=말따툼 공부방=공부빵 아랫방=아랫빵 다음달=다음딸
이번달=이번딸 가을바람=가을빠람 겨울바람=겨울빠람 여름밤=여름빰 가을밤=가을빰 겨울밤=겨울빰 봄밤=봄빰 열두=열뚜
열둘=열뚤 열세=열쎄 열셋=열쎗 열다섯=열따섯 열여섯=열려섯 열여덟=열려덟 스물여덟=스물려덟 서른여덟=서른녀덟
마흔여섯=마흔녀섯 마흔여덟=마흔녀덟 물빛=물삧 불빛=불삧 달빛=달삧 별빛=별삧 퇴근길=퇴근낄 출근길=출근낄 인생길=인생낄
웬일=웬닐 손짓=손찟 눈짓=눈찟 몸짓=몸찟 발짓=발찟 눈가=눈까 몸속=몸쏙 손재주=손째주 길바닥=길빠닥 말버릇=말뻐릇
술자리=술짜리 물병=물뼝 돌길=돌낄 들길=들낄 뱃길=뱃낄 밤공기=밤꽁기 신발장=신발짱 찬장=찬짱
꽃잎=꼰닢 나뭇잎=나문닢 깻잎=깬닢 풀잎=풀맆 솔잎=솔맆 연잎=연닢 떡잎=떵닢 찻잎=찬닢 은행잎=은행닢
"""
"""Beginnings of words, longest first."""

_ANYWHERE = (
    # 칠십 [칠씹], 팔십 [팔씹] (rule 26)
    (re.compile("(?<=[칠팔])십"), "씹"),
    # ㄴ is inserted before 육 after a consonant: 십육 [심뉵]
    (re.compile("(?<=[십백천만억])육"), "뉵"),
    # ㄴ between words that are spoken as one: 무슨 일 [무슨 닐], 할 일 [할 릴]
    (re.compile("(?<=무슨 )일(?=$|[^가-힣]|이|을|은|도|인|로|에)"), "닐"),
    (re.compile("(?<=할 )일(?=$|[^가-힣]|이|을|은|도|만)"), "릴"),
    # names of letters (rule 16): 디귿이 [디그시]
    (re.compile("디귿(?=[이을은에으])"), "디긋"),
    (re.compile("([지치티히])[읒읓읕읗](?=[이을은에으])"), "\\1읏"),
    (re.compile("키읔(?=[이을은에으])"), "키윽"),
    (re.compile("피읖(?=[이을은에으])"), "피읍"),
    # endings that begin with ㄹ (rule 27): 할게 [할께], 할수록 [할쑤록]
    (re.compile("(?<=[할갈줄볼올을될낼둘쓸])게(?=$|[^가-힣])"), "께"),
    (re.compile("(?<=[할갈줄볼올을될낼둘])지(?=[가-힣]|$|[^가-힣])"), "찌"),
    (re.compile("(?<=[할갈줄볼올을될])거(?=[야예라다지]|든요?|니까)"), "꺼"),
    (re.compile("(?<=[할갈줄볼올을될])걸(?=요?(?:$|[^가-힣]))"), "껄"),
    (re.compile("(?<=[할갈줄볼올을될])수(?=있|없|가 |도 |는 |밖| 있| 없)"), "쑤"),
)
_STATION = re.compile("(?<=[가-힣])([가-힣])역(?=$|[^가-힣]|에|을|은|이|까|도|부|앞|으|과|쪽|입|의)")
_GEYO = re.compile("([가-힣])게요")
_NOT_STATIONS = "번면반통영권전용음방공광현완군"
_RIEUL = 8
"""Place of ㄹ among the final consonants."""


class Lexicon:
    """Writes the words of a text as they sound; the number of characters stays the same."""

    def __init__(self, idioms: Mapping[str, str]) -> None:
        own = dict(pair.split("=") for pair in _WORDS.split())
        same_length = {
            word: sound for word, sound in idioms.items() if len(word) == len(sound) and re.fullmatch("[가-힣]+", word)
        }
        self._sounds = {**same_length, **own}
        self._beginnings = _beginnings(self._sounds)

    def respell(self, text: str) -> str:
        """Return the text with every known word as it sounds."""
        text = self._beginnings.sub(lambda match: self._sounds[match.group()], text)
        text = _GEYO.sub(_geyo, _STATION.sub(_station, text))
        for pattern, sound in _ANYWHERE:
            text = pattern.sub(sound, text)
        return text


def _beginnings(words: Iterable[str]) -> re.Pattern[str]:
    """Match any of the words where a word begins; inside others they mean something else (막일 in 마지막일)."""
    return re.compile(f"(?<![가-힣])(?:{'|'.join(sorted(words, key=len, reverse=True))})")


def _station(match: re.Match[str]) -> str:
    """Insert ㄴ before 역, a station: 강남역 [강남녁], 잠실역 [잠실력]; not in 번역, 지역."""
    before = match.group(1)
    if before in _NOT_STATIONS or not _final(before):
        return match.group()
    return before + ("력" if _final(before) == _RIEUL else "녁")


def _geyo(match: re.Match[str]) -> str:
    """Make the ending -ㄹ게요 tense: 할게요 [할께요]; 크게요 stays."""
    return match.group(1) + ("께요" if _final(match.group(1)) == _RIEUL else "게요")


def _final(syllable: str) -> int:
    """Return the place of the final consonant, 0 for none."""
    return (ord(syllable) - ord("가")) % 28
