"""Words that the CMU dictionary lacks or whose first entry there is not the usual one, and the names of letters."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["LETTERS", "WORDS"]

_LETTERS = """
a=EY1 b=B-IY1 c=S-IY1 d=D-IY1 e=IY1 f=EH1-F g=JH-IY1 h=EY1-CH i=AY1 j=JH-EY1 k=K-EY1 l=EH1-L m=EH1-M n=EH1-N o=OW1
p=P-IY1 q=K-Y-UW1 r=AA1-R s=EH1-S t=T-IY1 u=Y-UW1 v=V-IY1 w=D-AH1-B-AH0-L-Y-UW0 x=EH1-K-S y=W-AY1 z=Z-IY1
"""
_WORDS = """
android=AE1-N-D-R-OY2-D app=AE1-P apps=AE1-P-S bitcoin=B-IH1-T-K-OY2-N blockchain=B-L-AA1-K-CH-EY2-N blog=B-L-AA1-G
bluetooth=B-L-UW1-T-UW2-TH chatbot=CH-AE1-T-B-AA2-T chatgpt=CH-AE1-T-JH-IY2-P-IY2-T-IY1 covid=K-OW1-V-IH0-D
crypto=K-R-IH1-P-T-OW2 dataset=D-EY1-T-AH0-S-EH2-T emoji=IH0-M-OW1-JH-IY0 emojis=IH0-M-OW1-JH-IY0-Z
facebook=F-EY1-S-B-UH2-K github=G-IH1-T-HH-AH2-B gmail=JH-IY1-M-EY2-L google=G-UW1-G-AH0-L gif=G-IH1-F
hashtag=HH-AE1-SH-T-AE2-G instagram=IH1-N-S-T-AH0-G-R-AE2-M ios=AY2-OW2-EH1-S ipad=AY1-P-AE2-D iphone=AY1-F-OW2-N
iphones=AY1-F-OW2-N-Z kubernetes=K-UW2-B-ER0-N-EH1-T-IY0-Z kimchi=K-IH1-M-CH-IY0 kpop=K-EY1-P-AA2-P
linux=L-IH1-N-AH0-K-S livestream=L-AY1-V-S-T-R-IY2-M linkedin=L-IH0-NG-K-T-IH1-N malware=M-AE1-L-W-EH2-R meme=M-IY1-M
memes=M-IY1-M-Z melotts=M-EH1-L-OW0-T-IY2-T-IY2-EH1-S miz=M-IH1-Z netflix=N-EH1-T-F-L-IH0-K-S online=AA1-N-L-AY2-N
openai=OW2-P-AH0-N-EY2-AY1 paypal=P-EY1-P-AE2-L podcast=P-AA1-D-K-AE2-S-T podcasts=P-AA1-D-K-AE2-S-T-S
python=P-AY1-TH-AA0-N selfie=S-EH1-L-F-IY0 selfies=S-EH1-L-F-IY0-Z smartphone=S-M-AA1-R-T-F-OW2-N
spotify=S-P-AA1-T-AH0-F-AY2 tiktok=T-IH1-K-T-AA2-K twitter=T-W-IH1-T-ER0 ubuntu=UH0-B-UH1-N-T-UW0 uber=UW1-B-ER0
vlog=V-L-AO1-G wifi=W-AY1-F-AY2 wiki=W-IH1-K-IY0 wikipedia=W-IH2-K-AH0-P-IY1-D-IY0-AH0 youtube=Y-UW1-T-UW2-B
youtuber=Y-UW1-T-UW2-B-ER0 zoom=Z-UW1-M hmm=HH-AH1-M hm=HH-AH1-M mm=AH1-M mmm=AH1-M uh=AH1 um=AH1-M ugh=AH1-G shh=SH
pfft=P-F-T psst=P-S-T brr=B-ER1 aww=AO1 haha=HH-AA1-HH-AA2 hahaha=HH-AA1-HH-AA2-HH-AA2 yay=Y-EY1 wow=W-AW1
oops=UH1-P-S meh=M-EH1 duh=D-AH1 nope=N-OW1-P yeah=Y-AE1 yep=Y-EH1-P ouch=AW1-CH huh=HH-AH1 ooh=UW1 aah=AA1 ah=AA1
oh=OW1 eh=EY1 tsk=T-IH1-S-K ahem=AH0-HH-EH1-M aren't=AA1-R-AH0-N-T celsius=S-EH1-L-S-IY0-AH0-S perfect=P-ER1-F-IH2-K-T
houses=HH-AW1-Z-IH0-Z invalid=IH0-N-V-AE1-L-AH0-D lead=L-IY1-D read=R-IY1-D live=L-IH1-V wind=W-IH1-N-D
wound=W-UW1-N-D bow=B-OW1 bass=B-EY1-S content=K-AA1-N-T-EH0-N-T moderate=M-AA1-D-ER0-AH0-T separate=S-EH1-P-ER0-IH0-T
use=Y-UW1-Z excuse=IH0-K-S-K-Y-UW1-Z increase=IH1-N-K-R-IY2-S decrease=D-IY1-K-R-IY2-S import=IH1-M-P-AO2-R-T
insult=IH1-N-S-AH2-L-T permit=P-ER1-M-IH2-T subject=S-AH1-B-JH-IH0-K-T suspect=S-AH1-S-P-EH2-K-T
transport=T-R-AE1-N-S-P-AO2-R-T sow=S-OW1 tear=T-IH1-R record=R-EH1-K-ER0-D upset=AH0-P-S-EH1-T update=AH1-P-D-EY2-T
upgrade=AH1-P-G-R-EY2-D route=R-UW1-T tears=T-IH1-R-Z lives=L-AY1-V-Z records=R-EH1-K-ER0-D-Z uses=Y-UW1-Z-IH0-Z
polish=P-AA1-L-IH0-SH et=EH1-T cetera=S-EH1-T-ER0-AH0
"""


def _parsed(text: str) -> Mapping[str, tuple[str, ...]]:
    pairs = (pair.split("=") for pair in text.split())
    return MappingProxyType({word: tuple(phones.split("-")) for word, phones in pairs})


LETTERS = _parsed(_LETTERS)
"""Names of the letters."""

WORDS = _parsed(_WORDS)
"""Words in lower case; homographs stand here in the form that they have without other signs."""
