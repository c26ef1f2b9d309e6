"""Lines are read strictly: what is wrong is named with line, column and remedy."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.cli.lines import Line, LineError, moment, read


def lines(*written: str | bytes) -> list[tuple[int, Line]]:
    """What is read from these lines."""
    return list(
        read(io.BytesIO(b"\n".join(one.encode() if isinstance(one, str) else one for one in written)))
    )


def test_fields_are_read_and_empty_lines_passed_over() -> None:
    """Line numbers are those of the file, and a byte order mark is no matter."""
    found = lines(
        b"\xef\xbb\xbf" + b'{"text": "a", "id": 7}', "", "  ", '{"text": "b", "sender": "x", "sent_at": 1.5}'
    )
    assert [(number, line.text, line.id, line.sent_at) for number, line in found] == [
        (1, "a", 7, None),
        (4, "b", None, 1.5),
    ]


@pytest.mark.parametrize(
    ("written", "column", "says"),
    [
        ('{"text": "hä", "sendr": "x"}', 16, "There is no field “sendr”. Did you mean “sender”?"),
        (
            '{"text": "a", "labels": {"spam": 1}}',
            15,
            "There is no field “labels”. There is: text, id, sender",
        ),
        ('{"text": 5}', 10, "“text” has the wrong kind of value. Write text."),
        ('{"text": "a", "sent_at": true}', 26, "“sent_at” has the wrong kind of value."),
        ('{"text": "a", "mentions": "x"}', 27, "“mentions” has the wrong kind of value."),
        ('{"text": "a", "role": "king"}', 23, "There is: member, administrator, bot."),
        ('{"id": "1"}', 1, "The field “text” is missing."),
        ('{"text": "a"', 13, "The JSON ends too early."),
        ('{"text": "a",}', 14, "This is not JSON."),
        ('{"text": "a", "messages_before": -1}', 34, "“messages_before” is less than 0. Write 0 or more"),
        ('{"text": "ä", "id": 1, "text": "b"}', 24, "The field “text” is there twice."),
        ('{"text": "a", "t\\u0065xt": "b"}', 15, "The field “text” is there twice."),
        ("hello", 1, "This is not JSON."),
        ("[]", 1, "Write an object"),
    ],
)
def test_what_is_wrong_is_named(written: str, column: int, says: str) -> None:
    """The line, the column in characters, and what to do."""
    with pytest.raises(LineError) as caught:
        lines('{"text": "fine"}', written)
    assert (caught.value.line, caught.value.column) == (2, column)
    assert str(caught.value).startswith(f"line 2, column {column}: ")
    assert says in str(caught.value)


def test_a_message_may_speak_of_fields() -> None:
    """Names of fields inside a message or a list are no fields."""
    written = '{"text": "say \\"text\\" and \\"text\\" \\u0041", "mentions": ["text", "id", "id"]}'
    assert [line.mentions for _, line in lines(written)] == [("text", "id", "id")]


def test_what_is_no_utf8_is_named() -> None:
    """The column is where the text stops making sense."""
    with pytest.raises(LineError, match=r"line 1, column 12: This is not UTF-8\. Save the file as UTF-8\."):
        lines('{"text": "é'.encode() + b'\xff"}')


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """No input ends in anything but lines or a named error."""
    found: list[tuple[int, Line]] = []
    error = None
    try:
        found += read(io.BytesIO(raw))
    except LineError as caught:
        error = caught
    assert error is None or (error.line >= 1 and error.column >= 1)
    assert all(isinstance(line.text, str) for _, line in found)


def test_times_are_numbers_or_dates_with_their_zone() -> None:
    """A time without a zone could be any of twenty-four."""
    assert moment(1, 1.5) == 1.5
    assert moment(1, None) is None
    assert moment(1, "1970-01-01T01:00:10+01:00") == 10.0
    assert moment(1, "1970-01-01T00:00:10Z") == 10.0
    with pytest.raises(LineError, match="not milliseconds"):
        moment(1, 1_763_800_000_000)
    for wrong in ("now", "2026-11-22T09:00:00", ""):
        with pytest.raises(LineError, match="line 3, column 1"):
            moment(3, wrong)


def test_a_name_from_a_file_does_not_steer_the_terminal() -> None:
    """An unknown field is named short, and without control characters."""
    with pytest.raises(LineError) as caught:
        lines(b'{"text": "a", "\\u001b[2J' + b"x" * 500 + b'": 1}')
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def test_a_wrong_time_names_its_field() -> None:
    """Of two times in a line the wrong one is named."""
    with pytest.raises(LineError, match="“joined_at” is no point in time"):
        moment(1, "soon", "joined_at")
