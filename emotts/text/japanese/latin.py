"""Latin words in Japanese texts: known words, abbreviations letter by letter, English words by CMUdict."""

from __future__ import annotations

from emotts.text.english.dictionary import CmuDictionary
from emotts.text.japanese.loanwords import english_kana
from emotts.text.latin import LatinReader, word_table

__all__ = ["japanese_latin_reader"]

_LETTERS = {
    "a": "エー", "b": "ビー", "c": "シー", "d": "ディー", "e": "イー", "f": "エフ", "g": "ジー", "h": "エイチ",
    "i": "アイ", "j": "ジェー", "k": "ケー", "l": "エル", "m": "エム", "n": "エヌ", "o": "オー", "p": "ピー",
    "q": "キュー", "r": "アール", "s": "エス", "t": "ティー", "u": "ユー", "v": "ブイ", "w": "ダブリュー",
    "x": "エックス", "y": "ワイ", "z": "ゼット",
}  # fmt: skip
_WORDS = word_table("""
    ai=エーアイ app=アプリ apple=アップル amazon=アマゾン android=アンドロイド and=アンド bluetooth=ブルートゥース
    birthday=バースデー blog=ブログ cafe=カフェ chatgpt=チャットジーピーティー coffee=コーヒー
    computer=コンピューター covid=コビッド cd=シーディー dvd=ディーブイディー disney=ディズニー email=イーメール
    e-mail=イーメール facebook=フェイスブック gmail=ジーメール google=グーグル github=ギットハブ happy=ハッピー
    hello=ハロー hi=ハイ hotel=ホテル id=アイディー instagram=インスタグラム internet=インターネット
    iphone=アイフォーン ipad=アイパッド it=アイティー is=イズ jr=ジェーアール line=ライン linux=リナックス
    live=ライブ love=ラブ mac=マック melotts=メロティーティーエス message=メッセージ microsoft=マイクロソフト
    mp3=エムピースリー mp4=エムピーフォー music=ミュージック nasa=ナサ netflix=ネットフリックス news=ニュース
    nhk=エヌエイチケー nintendo=ニンテンドー no=ノー ok=オーケー okay=オーケー online=オンライン pc=パソコン
    pdf=ピーディーエフ pdfs=ピーディーエフ pokemon=ポケモン python=パイソン qr=キューアール sns=エスエヌエス
    sony=ソニー sorry=ソーリー t-shirt=ティーシャツ tシャツ=ティーシャツ thank=サンキュー the=ザ
    tiktok=ティックトック to=トゥ two=トゥー toyota=トヨタ tv=テレビ twitter=ツイッター usb=ユーエスビー
    unicef=ユニセフ vs=バーサス video=ビデオ website=ウェブサイト web=ウェブ wifi=ワイファイ wi-fi=ワイファイ
    windows=ウィンドウズ word=ワード world=ワールド yes=イエス you=ユー youtube=ユーチューブ youtuber=ユーチューバー
    zoom=ズーム 3d=スリーディー 2d=ツーディー 4k=ヨンケー 8k=ハチケー 5g=ファイブジー 4g=フォージー
    lte=エルティーイー no.1=ナンバーワン h2o=エイチツーオー co2=シーオーツー a4=エーヨン a3=エースリー
    b5=ビーゴ ps5=ピーエスファイブ x-ray=エックスレイ i'm=アイム it's=イッツ let's=レッツ don't=ドント
    can't=キャント a=ア of=オブ ver=バージョン ver.=バージョン my=マイ game=ゲーム time=タイム park=パーク
    cat=キャット camera=カメラ office=オフィス button=ボタン jacket=ジャケット open=オープン program=プログラム
    data=データ year=イヤー language=ランゲージ manager=マネージャー new=ニュー design=デザイン service=サービス
    jazz=ジャズ pizza=ピザ image=イメージ page=ページ team=チーム ticket=チケット cheese=チーズ model=モデル
    label=ラベル studio=スタジオ radio=ラジオ energy=エネルギー virus=ウイルス vitamin=ビタミン theme=テーマ
    guitar=ギター violin=バイオリン business=ビジネス channel=チャンネル center=センター store=ストア power=パワー
    memory=メモリー report=レポート smartphone=スマートフォン nato=ナトー iot=アイオーティー ios=アイオーエス
    wifi6=ワイファイシックス tokyo=トーキョー osaka=オーサカ kyoto=キョート pro=プロ off=オフ
    mcdonald's=マクドナルド mcdonald=マクドナルド b2b=ビーツービー b2c=ビーツーシー p2p=ピーツーピー o2=オーツー
    dr.=ドクター mr.=ミスター mrs.=ミセス ms.=ミズ prof.=プロフェッサー jr.=ジュニア vs.=バーサス
    etc.=エトセトラ st.=セント
""")
"""Words whose usual Japanese form is not what a dictionary of American English gives."""


def japanese_latin_reader(dictionary: CmuDictionary) -> LatinReader:
    """Return a reader that writes Latin words in katakana as Japanese say them."""

    def by_dictionary(word: str) -> str | None:
        phones = dictionary.first(word)
        return english_kana(phones, spelled=word) if phones else None

    return LatinReader(_WORDS, _LETTERS, possessive="ズ", joined="アンド", by_dictionary=by_dictionary)
