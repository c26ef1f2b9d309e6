"""Words of two letters in many languages, by which pieces of broken words are told from words."""

from typing import Final

_LATIN: Final = (
    "aa ab ad ae af ag ah ai al am an ao ar as at au aw ax ay az ba bc be bf bg bi bk bo bp bs bu bv by "
    "ca cc cd ce ci ck cm cn co cp cs cu cv cz da db dc de di dj dk dl dm do dp dr ds du ea ed eh ei ek "
    "el em en ep er es et eu ev ex ey ez fa fb ff fi fr ft fu ga gb gc ge gf gg gi gl go gp gr ha hd he "
    "hf hi hm ho hp hr hu hz ia ib ic id ie if ig ih ik il im in io ip iq is it ja je ji jk jo jp jr js "
    "ka kb kc kd ke kg ki km ko kr kw ky la le lf li ll lo lp lu lv ly ma mb md me mg mi ml mm mn mo mp "
    "mr ms mt mu mw my na nd ne ng ni nl nm no np nr nu ny oa ob oc od of oh oi ok ol om on op or os ot "
    "ou ow ox oy oz pa pb pc pd pe pg ph pi pl pm pn po pp pr ps pt pv py qa qr qu ra rd re rg rh ri rn "
    "ro rs rt ru rw rx sa sd se sf sg si so sr ss st su sv sw ta tb te tf th ti tk tl to tr ts tu tv tw "
    "tx ty ua uc ue ug ui uk um un up ur us ut uu ux uy uz va vb vc ve vi vn vo vr vs vu vw vy wa wd we "
    "wh wi wm wo wp xa xd xe xi xl xp xu ya ye yg yo yr yt yw za ze zh zi zl zo zp zu zz "
)
_CYRILLIC: Final = (
    "ад аж ай ас ах бо бу бы ва вб ви вк во вы га гб гг ге гл го гр да де ди до др дс ду ее еи ей ел ем "
    "ет же жк за зв зі из ии им ип их кг км ко кс кф ли лс ль ля мб ми мк мл мм му мы на нд не ни но ну "
    "нэ ню нє ні об оз ой ок он ос от пк по пп пр пу ра ре ро ру рф си ск см со ст ся та тг тд те ти тк "
    "то тп ту тц ты уж ум ус ух фа фу хв хи хо цб це цс цю че чи ша шо шт ще що эй эл эх юг яд як ям яр "
    "єр із ім ін іх іі їм їх її "
)
_ARABIC: Final = (
    "اب از ام ان او با بث بس بك بل به بي تا تم تو جه جو حد حط حق حي خط در دم ده دو دي را رب رح رد رش رو "
    "زي سب ست سر سه شب شد شو شي صح ضد طن عد عش عم عن في قد قط كا كر كف كل كم كن كي لا لك له لو لي ما مت "
    "مش مع من مو مي نص نو هر هل هم هو هي وش يا يد يك يه يہ پس چك گل ہے "
)
_GREEK: Final = "αν ας γη δε δω εν εξ ζω η θα κι μα με μη να οι ου πμ πω ρε σε συ τα τη τι το τω ως "

SHORTS: Final = frozenset((_LATIN + _CYRILLIC + _ARABIC + _GREEK).split())
"""Words, and what people shorten to two letters, as they occur in chats."""

ALPHABETS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяєії",
    "αβγδεζηθικλμνξοπρσςτυφχψω",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويءئؤ",
)
"""The alphabets of which we know the short words."""

ODD: Final = {
    first: "".join(second for second in alphabet if first + second not in SHORTS)
    for alphabet in ALPHABETS
    for first in alphabet
}
"""For each letter those that make no word of two letters behind it."""


def is_odd(word: str) -> bool:
    """Whether this is two letters that are no word."""
    return len(word) == 2 and word[1] in ODD.get(word[0], "")
