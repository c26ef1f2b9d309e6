"""`folkmoot check` judges one message, or many one by one, as if the policy were live."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from folkmoot.decide import starters
from folkmoot.decide.policy import dump, load

SOLD = "Hot porn video for sale, 10 euros, write me in private"
RUN = "import sys; from folkmoot.cli.check import check; sys.exit(check(**eval(sys.argv[1])))"


def run(given: str = "", **options: Any) -> tuple[int, str, str]:
    """The status and what was written to standard output and error."""
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", RUN, repr(options)],
        input=given.encode(),
        capture_output=True,
        timeout=60,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def outcomes(*messages: dict[str, Any], **options: Any) -> list[str]:
    """The outcome of each message."""
    status, out, err = run("\n".join(map(json.dumps, messages)), **options)
    assert (status, err) == (0, "")
    return [json.loads(line)["outcome"] for line in out.splitlines()]


def test_each_line_has_exactly_what_is_promised() -> None:
    """An id, an outcome, rules, and signals with name, category, strength, spans and sentence."""
    status, out, _ = run(json.dumps({"id": "a", "text": SOLD}) + '\n{"text": "hello"}\n')
    first, second = map(json.loads, out.splitlines())
    assert status == 0
    assert list(first) == ["id", "outcome", "rules", "signals"]
    assert (first["id"], first["outcome"], first["rules"]) == ("a", "stop", ["sexual-selling"])
    assert all(list(one) == ["name", "category", "strength", "spans", "sentence"] for one in first["signals"])
    assert all(0 <= one["strength"] <= 1 for one in first["signals"])
    marked = {SOLD[start:end] for one in first["signals"] for start, end in one["spans"]}
    assert {"porn video", "for sale"} <= marked
    assert second == {"id": "2", "outcome": "allow", "rules": [], "signals": []}


def test_spans_are_counted_in_characters_of_the_original() -> None:
    """Emoji, accents and invisible signs before the place count one each."""
    text = "🎉é\u200b " + SOLD.replace("porn", "p\u043ern")
    _, out, _ = run(json.dumps({"text": text}))
    spans = {tuple(span) for one in json.loads(out)["signals"] for span in one["spans"]}
    assert "p\u043ern video" in {text[start:end] for start, end in spans}


def test_one_message_is_judged_from_the_command_line() -> None:
    """Away from a terminal the answer is JSON."""
    status, out, _ = run(text=SOLD)
    assert (status, json.loads(out)["outcome"]) == (0, "stop")


def test_floods_and_copies_need_a_sender_and_a_time() -> None:
    """Lines that have both know of those before them; others are judged alone."""
    flood = [
        {"text": f"hey {number}", "sender": "a", "room": "r", "sent_at": 100 + number} for number in range(10)
    ]
    assert outcomes(*flood) == ["allow"] * 9 + ["stop"]
    alone: list[dict[str, Any]] = [{"text": "hey", "sender": "a"} for _ in range(12)]
    assert set(outcomes(*alone)) == {"allow"}
    advert = "Everybody on my street uses the new app now, get it today and tell your friends"
    copies = [
        {"text": advert, "sender": "a", "room": "r", "sent_at": f"2026-11-22T09:0{minute}:00Z"}
        for minute in range(3)
    ]
    assert outcomes(*copies) == ["allow", "allow", "stop"]


def test_administrators_pass() -> None:
    """The role is taken from the line."""
    assert outcomes({"text": SOLD, "role": "administrator"}, {"text": SOLD, "role": "member"}) == [
        "allow",
        "stop",
    ]


def test_a_policy_may_be_a_file_and_is_judged_as_live(tmp_path: Path) -> None:
    """A rule that is being tried out counts here."""
    path = tmp_path / "mine.toml"
    path.write_text(dump(starters.load("neighbours")).replace('mode = "live"', 'mode = "shadow"'), "utf-8")
    assert load(path.read_text("utf-8")).rules[0].mode == "shadow"
    assert outcomes({"text": SOLD}, policy=str(path)) == ["stop"]
    assert outcomes({"text": SOLD}, policy="open-source") == ["stop"]


@pytest.mark.parametrize(
    ("given", "options", "says"),
    [
        (
            '{"text": "a", "sendr": 1}',
            {},
            "line 1, column 15: There is no field “sendr”. Did you mean “sender”?",
        ),
        ('{"text": "a"}', {"policy": "nosuch"}, "There is no starter policy and no file “nosuch”."),
        ('{"text": "a", "sender": "x", "sent_at": "now"}', {}, "“sent_at” is no point in time."),
    ],
)
def test_errors_go_to_standard_error_with_status_2(given: str, options: dict[str, str], says: str) -> None:
    """Nothing is guessed."""
    status, out, err = run(given, **options)
    assert (status, out) == (2, "")
    assert says in err


def test_a_broken_policy_is_diagnosed(tmp_path: Path) -> None:
    """The finding names the line and shows it."""
    path = tmp_path / "mine.toml"
    path.write_text('id = "x"\nname = "X"\ncolour = "red"\nrules = []\n', "utf-8")
    status, _, err = run(text="hello", policy=str(path))
    assert status == 2
    assert 'Error in line 3, column 1: There is no “colour” here.\n  colour = "red"\n  ^^^^^^' in err


def test_lines_are_answered_as_they_come() -> None:
    """Whoever writes a line gets its verdict before writing the next."""
    command = [sys.executable, "-X", "utf8", "-c", RUN, "{}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as asked:
        assert asked.stdin
        assert asked.stdout
        for number in range(3):
            asked.stdin.write(json.dumps({"id": number, "text": "hello"}).encode() + b"\n")
            asked.stdin.flush()
            assert json.loads(asked.stdout.readline())["id"] == number
        asked.stdin.close()
        assert asked.wait(30) == 0


def test_a_reader_that_hangs_up_is_no_error() -> None:
    """`folkmoot check | head -1` ends quietly."""
    given = json.dumps({"text": "hello"}) + "\n"
    command = f"{sys.executable} -X utf8 -c '{RUN}' '{{}}' | head -1"
    done = subprocess.run(
        ["bash", "-c", command], input=(given * 20_000).encode(), capture_output=True, timeout=60
    )
    assert done.stderr == b""
    assert json.loads(done.stdout)["outcome"] == "allow"
