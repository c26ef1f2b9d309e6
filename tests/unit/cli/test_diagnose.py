"""`folkmoot diagnose` and what the other commands show before a policy goes live."""

from pathlib import Path

import pytest

from folkmoot.cli.check import check
from folkmoot.cli.diagnose import diagnose

POLICY = """
id = "a"
name = "A"
[[rules]]
id = "police"
sentence = "Nothing about the police."
category = "off-topic"
outcome = "stop"
made_by = "x"
made_at = 2026-11-22T09:00:00Z
when = [{ kind = "words", any = ["police*", "polizei*"] }]
"""


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A policy that can be used and touches what should pass."""
    place = tmp_path / "policy.toml"
    place.write_text(POLICY, "utf-8")
    return place


def test_what_a_policy_would_touch_is_printed(policy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Warnings with examples leave the status at nought."""
    assert diagnose(str(policy)) == 0
    said = capsys.readouterr().out
    assert "The rule “police” would touch" in said
    assert "\n  stop (" in said


def test_errors_are_printed_with_status_one(policy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A policy that cannot be used has its findings."""
    policy.write_text(POLICY.replace("off-topic", "off-topics"), "utf-8")
    assert diagnose(str(policy)) == 1
    assert "Error in line 7" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_file_that_cannot_be_read_is_a_clear_error(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status two, and why."""
    place = tmp_path / "no.toml"
    if content is not None:
        place.write_bytes(content)
    assert diagnose(str(place)) == 2
    assert "olicy" in capsys.readouterr().err


def test_nothing_is_wrong_with_a_starter(capsys: pytest.CaptureFixture[str]) -> None:
    """A starter is diagnosed by its name."""
    assert diagnose("support") == 0
    assert "Nothing is wrong" in capsys.readouterr().out


def test_check_warns_on_standard_error(policy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The verdicts on standard output are undisturbed."""
    assert check("hello", policy=str(policy), json=True) == 0
    said = capsys.readouterr()
    assert "would touch" in said.err
    assert "would touch" not in said.out
