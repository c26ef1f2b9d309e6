"""What the models see of a text beside its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.detect.model_features import LONGEST, MOST_BYTES
from folkmoot.detect.model_signs import MOST_SIGNS, alike, signs
from folkmoot.text.fold import fold


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("see you at the fair", "0"),
        ("only 20€ today", "m0"),
        ("50% off for everybody who comes before noon!", "pe1"),
        ("is it yours?", "q0"),
        ("هل هذا لك؟", "q0"),
        ("他说“走”", "c0"),
        ("write to @someone or call +1", "ao1"),
        ("read this: https://a.example/x", "kl1"),
        ("STOP SHOUTING AT ME", "u0"),
        ("one\ntwo", "n0"),
        ("long " * 70, "4"),
    ],
)
def test_signs_of_a_text(text: str, kinds: str) -> None:
    """Each sign is there once, whatever the language, and the size comes last."""
    assert signs(fold(text)) == b"".join(b" \x02" + kind.encode() for kind in kinds)


@given(text=st.text(max_size=300))
def test_nobody_can_write_a_sign(text: str) -> None:
    """No reading of any text holds the byte that signs begin with."""
    assert all(b"\x02" not in reading for reading in fold(text).readings)


@given(text=st.text(alphabet=st.sampled_from("$%@?!“+:\nA1"), max_size=3000))
def test_signs_leave_room_for_a_window(text: str) -> None:
    """However many signs a text has, they and a window fit into what a scorer takes."""
    assert len(signs(fold(text))) <= MOST_SIGNS
    assert LONGEST + MOST_SIGNS <= MOST_BYTES


def test_every_digit_is_the_same_and_nothing_moves() -> None:
    """A price is a price; Arabic and other letters stay as they are."""
    assert alike(" 25 für 3 ف ".encode()) == " 00 für 0 ف ".encode()
