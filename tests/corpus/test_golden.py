"""The starters say of known messages what they said when a person last read it."""

from pathlib import Path

import pytest

from folkmoot.decide import starters
from folkmoot.decide.judge import compile_policy
from tests.corpus.golden import FOLDER, read, verdict, written

FILES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_verdicts_and_reasons_are_as_written(path: Path) -> None:
    """A change of a verdict shows in the file; `python -m tests.corpus.golden` writes it."""
    assert path.read_text("utf-8") == written(read(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_verdict_is_what_the_file_is_about(path: Path) -> None:
    """No rewriting makes a message that must pass into one that is stopped, or the other way round."""
    golden = read(path)
    judge = compile_policy(starters.load(golden.policy))
    wrong = [text for text in golden.messages if verdict(judge, text).outcome not in golden.outcomes]
    assert wrong == []


def test_there_are_messages_in_every_file() -> None:
    """The corpus is not empty by accident."""
    assert len(FILES) >= 9
    assert all(len(read(path).messages) >= 8 for path in FILES)
