"""Latin words in Korean texts: known words, abbreviations letter by letter, English words by CMUdict."""

from __future__ import annotations

from ko_speech_tools.g2p.cmudict import CMUDict
from ko_speech_tools.g2p.english import convert_eng

from emotts.text.latin import LatinReader, word_table

__all__ = ["korean_latin_reader"]

_LETTERS = {
    "a": "에이", "b": "비", "c": "씨", "d": "디", "e": "이", "f": "에프", "g": "지", "h": "에이치",
    "i": "아이", "j": "제이", "k": "케이", "l": "엘", "m": "엠", "n": "엔", "o": "오", "p": "피", "q": "큐",
    "r": "알", "s": "에스", "t": "티", "u": "유", "v": "브이", "w": "더블유", "x": "엑스", "y": "와이",
    "z": "제트",
}  # fmt: skip
"""Names of the letters as they are said: 씨 and 알 for C and R."""

_WORDS = word_table("""
    and=앤드 or=오어 the=더 of=오브 to=투 for=포 in=인 on=온 at=앳 with=위드 my=마이 is=이즈 are=아 me=미
    h2o=에이치투오 co2=씨오투 o2=오투 ps5=피에스파이브 ps4=피에스포
    ai=에이아이 app=앱 apple=애플 amazon=아마존 baby=베이비 birthday=버스데이 bluetooth=블루투스 blog=블로그 bye=바이
    cafe=카페 chatgpt=챗지피티 coffee=커피 computer=컴퓨터 covid=코비드 email=이메일 facebook=페이스북 gmail=지메일
    google=구글 happy=해피 hello=헬로 hi=하이 hotel=호텔 id=아이디 instagram=인스타그램 internet=인터넷 iphone=아이폰
    ipad=아이패드 it=아이티 kakao=카카오 kakaotalk=카카오톡 line=라인 linux=리눅스 love=러브 mbti=엠비티아이
    melon=멜론 melotts=멜로티티에스 memo=메모 menu=메뉴 message=메시지 microsoft=마이크로소프트 movie=무비 mp=엠피
    mp3=엠피쓰리 mp4=엠피포 music=뮤직 nasa=나사 naver=네이버 netflix=넷플릭스 news=뉴스 no=노 notebook=노트북
    ok=오케이 okay=오케이 online=온라인 pc=피씨 pdf=피디에프 phone=폰 photo=포토 program=프로그램 python=파이썬
    samsung=삼성 school=스쿨 smartphone=스마트폰 sns=에스엔에스 sorry=쏘리 star=스타 stop=스톱 style=스타일 taxi=택시
    team=팀 test=테스트 thank=땡큐 thanks=땡스 top=톱 twitter=트위터 usb=유에스비 vs=대 video=비디오 website=웹사이트
    wifi=와이파이 wi-fi=와이파이 windows=윈도우 world=월드 yes=예스 you=유 youtube=유튜브 youtuber=유튜버 a4=에이포
    k-pop=케이팝 kpop=케이팝 3d=쓰리디 2d=투디 4k=포케이 5g=파이브지 4g=포지 lte=엘티이 lg=엘지 cctv=씨씨티브이
    tv=티브이 ios=아이오에스 mcdonald's=맥도날드 mcdonald=맥도날드 unbelievable=언빌리버블 example=이그잼플
    dr.=닥터 mr.=미스터 mrs.=미세스 ms.=미즈 prof.=프로페서 jr.=주니어 sr.=시니어 vs.=대 etc.=등등
    st.=세인트 e-mail=이메일
    x-ray=엑스레이 t-shirt=티셔츠 don't=돈트 i'm=아임 it's=잇츠 let's=레츠 can't=캔트
""")
"""Words whose usual Hangul form is not what a dictionary of American English gives."""


def korean_latin_reader(dictionary: CMUDict) -> LatinReader:
    """Return a reader that writes Latin words in Hangul as Koreans say them."""

    def by_dictionary(word: str) -> str | None:
        if word not in dictionary:
            return None
        hangul = str(convert_eng(word, dictionary))
        return hangul if hangul and all("가" <= char <= "힣" for char in hangul) else None

    return LatinReader(_WORDS, _LETTERS, possessive="스", joined="앤", by_dictionary=by_dictionary)
