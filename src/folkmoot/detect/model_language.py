"""Which group of languages a text is likely to be in, so that a model speaks up only where it was tried out.

Writing systems first, then the commonest small words. It is a guess that costs little and is asked for only
when a model has found something; what a chat system says about the language comes first.
"""

from typing import Final

from folkmoot.text.fold import Folded
from folkmoot.text.scripts import scripts

_SMALL: Final = {
    "en": "the and is are was to of in you your i im it its for my me he she they we not dont this that with on at be have has will can do if so what who how just from but all up out get got like about know them him her our no an been as or",
    "de": "der die das und ist ich du nicht ein eine einen wir ihr sie es mit auf fur im in den dem von zu was wie wer noch auch hat haben bin bist sind mir mich dir dich aber wenn nur so kein keine jetzt heute schon mal bei nach aus",
    "fr": "le la les des un une et est je tu il elle on nous vous ils pas ne que qui pour dans avec sur ce cette mon ma mes ton ta tes au aux du de en suis es sont plus tout fait moi toi c j ai d l qu n t m y",
    "es": "el la los las un una y es yo tu que de en no por para con mi me te se lo le su esta este eso como mas pero si ya muy hay soy eres son del al nos todo hoy alguien quien cuando donde porque",
    "pt": "o a os as um uma e eu voce vc que de em nao no na por para pra com meu minha me te se do da dos das esta isso como mais mas sim ja muito tem sou sao ao todo hoje alguem quem quando onde porque foi ta ele ela",
    "it": "il lo la gli le un una e io tu che di in non per con mio mia mi ti si del della dei delle sono sei come piu ma anche ho hai ha questo questa cosa tutti oggi chi quando dove perche ci vi al alla nel nella",
    "nl": "de het een en is ik je jij niet van op in te met voor dat die wat wie hoe maar ook nog al zijn ben bent hebben heeft mijn mij jou jouw we wij ze er aan naar als geen wel dan nu zo om bij uit",
    "pl": "i w na z to jest nie sie ja ty on ona my do ze co jak kto ale czy tak juz tylko mam masz ma mi ci moj twoj jestem jestes sa po od za o dla przez tego bo tu teraz dzis",
    "tr": "ve bir bu da de icin ben sen o biz siz ne mi mu var yok degil cok daha gibi ile ama ki ya kim nasil su olarak olan her sana bana beni seni hadi simdi bugun kadar diye en",
    "id": "yang dan di ke dari ini itu aku saya kamu lo gue gw dia kita kami tidak gak ga nggak ada bisa untuk buat dengan sama apa siapa mau udah sudah lagi aja jangan kalau kalo juga bang kak yg dgn utk",
    "vi": "la va cua toi ban minh khong co mot cho nay do voi duoc nguoi anh em chi ai gi thi ma lam nha di nhe oi cac nhung trong den ve ra dang da se roi",
    "sv": "och att det i pa en ett som jag du inte ar for med den till han hon vi ni de har av om men sa vad vem hur kan ska min din mig dig var nu bara",
    "tl": "ang ng sa na mga ako ikaw ka ko mo siya kami tayo kayo sila hindi wala may ay po ba yung lang naman din rin pa kung ito yan",
    "sw": "na ya wa kwa ni la za katika hii huyo mimi wewe yeye sisi si sio hapa leo sana kama lakini watu mtu yako yangu kwenye tu bado",
}  # fmt: skip
_WORDS: Final = {
    word.encode(): tuple(language for language in _SMALL if word in _SMALL[language].split())
    for word in {word for words in _SMALL.values() for word in words.split()}
}
_SCRIPTS: Final = {
    "Cyrillic": "ru",
    "Arabic": "ar",
    "Devanagari": "hi",
    "Hangul": "ko",
    "Kana": "ja",
    "Hebrew": "he",
    "Greek": "el",
    "Thai": "th",
    "Bengali": "bn",
}
_ENOUGH: Final = 200
"""So many characters tell the writing system."""


def language(folded: Folded, told: str | None = None) -> str:
    """The language of a text, as a code; "latin" for a Latin script that tells no more, "" for the rest."""
    if told:
        return told.partition("-")[0].lower()
    found = scripts(folded.judged[:_ENOUGH])
    if not found:
        return "latin"
    if found.get("Kana", 0) * 5 > found.get("Han", 0) > 0:
        return "ja"
    script = next(iter(found))
    if script == "Latin":
        return _latin(folded.readings[0])
    return "zh" if script == "Han" else _SCRIPTS.get(script, "")


def _latin(view: bytes) -> str:
    """The language whose small words are most of those in the text."""
    counts = dict.fromkeys(_SMALL, 0.0)
    for word in view[:600].split():
        languages = _WORDS.get(word, ())
        for one in languages:
            counts[one] += 1.0 / len(languages)
    best, second = sorted(counts.values(), reverse=True)[:2]
    return max(counts, key=counts.__getitem__) if best > second * 1.2 else "latin"
