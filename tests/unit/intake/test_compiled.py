"""Long policies are made ready once, by another process, and read from a file after that."""

import stat
import time
from pathlib import Path

import pytest

from folkmoot.decide.diagnose import PolicyError
from folkmoot.intake import compiled as room
from folkmoot.intake.compiled import Compiled, compiled
from folkmoot.vocabulary import Context, Message, Outcome

HEAD = """
id = "long"
name = "A long policy"
[[rules]]
id = "no"
sentence = "Nobody says this here."
category = "off-topic"
outcome = "stop"
made_by = "folkmoot"
made_at = 2026-01-01T00:00:00Z
[[rules.when]]
kind = "words"
any = [
"""


def policy(count: int = 6_000) -> str:
    phrases = [f'  "phrase number {number} of this list",\n' for number in range(count)]
    return HEAD + "".join(phrases) + '  "=Exactly This",\n]\n'


def outcome(made: Compiled, text: str) -> Outcome:
    return made.judge().judge(Message(id="1", text=text), Context(now=0.0)).outcome


def check(made: Compiled) -> None:
    assert outcome(made, "This is phrase number 5123 of this list!") is Outcome.STOP
    assert outcome(made, "it says exactly this") is Outcome.STOP
    assert outcome(made, "phrase number 99999 of this list") is Outcome.ALLOW


def test_what_is_read_from_the_file_judges_as_what_was_made(tmp_path: Path) -> None:
    """The first time makes a file that only its owner can read; the second time reads it, and is quick."""
    source = policy()
    check(compiled(source, tmp_path / "kept"))
    (file,) = (tmp_path / "kept").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    began = time.process_time()
    again = compiled(source, tmp_path / "kept")
    assert time.process_time() - began < 0.5
    assert again.prepared
    check(again)


@pytest.mark.parametrize("damage", [b"", b"\0" * 100, b"\xff" * 5000])
def test_a_damaged_file_is_made_again(tmp_path: Path, damage: bytes) -> None:
    """A file that is cut off or changed is never trusted."""
    compiled(policy(), tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage or whole[: len(whole) // 2])
    check(compiled(policy(), tmp_path))
    assert file.stat().st_size > 0.9 * len(whole)


def test_without_a_folder_that_can_be_written_it_is_made_in_place(tmp_path: Path) -> None:
    """Keeping the work is a matter of speed only."""
    (tmp_path / "file").write_text("")
    check(compiled(policy(), tmp_path / "file" / "below"))
    check(compiled(policy(), None))


def test_a_wrong_policy_is_refused_as_ever(tmp_path: Path) -> None:
    """The findings are those of the policy, and no file is left."""
    with pytest.raises(PolicyError, match="off-topik"):
        compiled(policy().replace("off-topic", "off-topik"), tmp_path)
    assert not [*tmp_path.iterdir()]


def test_a_short_policy_leaves_no_file(tmp_path: Path) -> None:
    """What is made ready at once needs no file."""
    compiled(policy(100), tmp_path)
    assert not [*tmp_path.iterdir()]


def test_only_the_files_used_last_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change of a policy makes a file, and the oldest go."""
    monkeypatch.setattr(room, "_MOST_KEPT", 2)
    for number in range(4):
        (tmp_path / f"{number}.policy").write_bytes(b"x")
    room._write(policy(10), tmp_path / "new.policy")
    assert len([*tmp_path.iterdir()]) == 2
    assert (tmp_path / "new.policy").exists()
