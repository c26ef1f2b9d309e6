"""Commands for people without Matrix: groups and the tokens of their API."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from folkmoot.act import deciding
from folkmoot.act.deciding import Draft
from folkmoot.cli import app
from folkmoot.decide import starters
from folkmoot.remember import groups, outbox, policies, rooms, tokens
from folkmoot.remember.deciding import DecisionKind
from folkmoot.remember.store import Store
from folkmoot.remember.tokens import Scope, TokenKind
from folkmoot.review import rules_gone
from folkmoot.settings import load

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A settings file of its own, with a database."""
    path = tmp_path / "folkmoot.toml"
    path.write_text(f'[store]\nfolder = "{tmp_path}"\n')
    Store(load(path, {}).database_url()).close()
    return path


@pytest.fixture
def run(settings: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; returns its exit status and what it wrote to both outputs."""

    def run(*words: str) -> tuple[int, str, str]:
        status = app([*words, "--settings", str(settings)], exit_on_error=False, result_action="return_value")
        said = capsys.readouterr()
        return int(status), said.out, said.err

    return run


@pytest.fixture
def store(settings: Path) -> Iterator[Store]:
    """The database that the commands write."""
    store = Store(load(settings, {}).database_url())
    yield store
    store.close()


def _new(run: Run) -> str:
    status, out, _ = run("group", "new", "Allotments")
    assert status == 0
    return out.strip()


def test_a_new_group_practises_with_a_starter(run: Run, store: Store) -> None:
    """A group is made in practice, with the starter policy that was asked for, and says what comes next."""
    status, out, err = run("group", "new", "Choir", "--policy", "support", "--language", "cy")
    made = store.read_now(lambda c: groups.get(c, out.strip()))
    assert (status, made.title, made.practice, made.language) == (0, "Choir", True, "cy")
    assert 'id = "support"' in store.read_now(lambda c: policies.current(c, made.id)).source
    assert f"folkmoot group start {made.id}" in err


def test_groups_are_listed(run: Run) -> None:
    """The list names id, state, version and title; an empty one says how to begin."""
    assert "folkmoot group new" in run("groups")[2]
    group = _new(run)
    assert run("groups")[1] == f"{group}  practice  version 1  Allotments\n"
    run("group", "start", group)
    assert run("groups")[1] == f"{group}  started   version 1  Allotments\n"


def test_practice_ends_and_begins_again(run: Run, store: Store) -> None:
    """Start and practise change the group, and say so."""
    group = _new(run)
    assert "has started" in run("group", "start", group)[1]
    assert not store.read_now(lambda c: groups.get(c, group)).practice
    assert "practises" in run("group", "practise", group)[1]
    assert store.read_now(lambda c: groups.get(c, group)).practice


def test_a_policy_file_becomes_the_next_version(run: Run, store: Store, tmp_path: Path) -> None:
    """A file that is right is put in force; the earlier version stays."""
    group = _new(run)
    file = tmp_path / "rules.toml"
    file.write_text(store.read_now(lambda c: policies.current(c, group)).source.replace("Neighbours", "Our"))
    status, out, _ = run("group", "policy", group, str(file), "--note", "Ours")
    assert status == 0
    assert "version 2" in out
    history = store.read_now(lambda c: policies.history(c, group))
    assert [(one.version, one.note) for one in history] == [(2, "Ours"), (1, "From neighbours.")]


TOUCHING = """
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


def test_a_policy_that_touches_protected_speech_is_shown_and_confirmed(
    run: Run, store: Store, tmp_path: Path
) -> None:
    """Neither a change nor the end of practice goes through before somebody said yes to the examples."""
    group = _new(run)
    file = tmp_path / "rules.toml"
    file.write_text(TOUCHING)
    status, _, err = run("group", "policy", group, str(file))
    assert status == 2
    assert "“police” would touch" in err
    assert "--yes" in err
    assert store.read_now(lambda c: groups.get(c, group)).policy_version == 1
    assert run("group", "policy", group, str(file), "--yes")[0] == 0
    assert run("group", "start", group)[0] == 2
    assert store.read_now(lambda c: groups.get(c, group)).practice
    assert run("group", "start", group, "--yes")[0] == 0
    assert not store.read_now(lambda c: groups.get(c, group)).practice


def test_administrators_are_asked_about_decisions_of_rules_that_are_gone(run: Run, store: Store) -> None:
    """Another policy by command asks too, about each gone rule on which a decision rests that stands."""
    group = _new(run)
    gone = starters.load("neighbours").rules[2].id
    draft = Draft(group=group, kind=DecisionKind.DECISION, person="@mia:x", by="@ann:x", rule=gone)
    store.write_now(lambda c: deciding.put(c, draft, at=time.time()))
    assert run("group", "policy", group, "neighbours", "--yes")[0] == 0
    assert _asked(store) == []
    assert run("group", "policy", group, "support", "--yes")[0] == 0
    assert _asked(store) == [{"rule": gone}]


def _asked(store: Store) -> list[dict[str, str]]:
    now, kinds = time.time() + 1, (rules_gone.LETTER,)
    return [one.body for one in store.read_now(lambda c: outbox.due(c, now=now, kinds=kinds))]


def test_a_broken_policy_is_not_put_in_force(run: Run, store: Store, tmp_path: Path) -> None:
    """A file with a mistake is refused with its line and remedy, and nothing changes."""
    group = _new(run)
    file = tmp_path / "rules.toml"
    file.write_text('id = "x"\nname = "X"\n\n[[rules]]\nid = "a"\noutcmoe = "stop"\n')
    status, _, err = run("group", "policy", group, str(file))
    assert status == 2
    assert "outcmoe" in err
    assert "line" in err or ":6" in err
    assert store.read_now(lambda c: groups.get(c, group)).policy_version == 1


@pytest.mark.parametrize(
    "words",
    [
        ("group", "start", "nowhere"),
        ("group", "practise", "nowhere"),
        ("group", "policy", "nowhere", "neighbours"),
        ("token", "nowhere"),
        ("tokens", "nowhere"),
    ],
)
def test_an_unknown_group_is_refused(run: Run, words: tuple[str, ...]) -> None:
    """Every command says that there is no such group, and how to see those there are."""
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert "There is no group “nowhere”. `folkmoot groups` lists those there are." in err


def test_an_unknown_policy_is_refused(run: Run) -> None:
    """A policy that is neither starter nor file is refused with the starters' names."""
    status, _, err = run("group", "new", "Choir", "--policy", "nonsense")
    assert status == 2
    assert "neighbours, support, open-source, public-room" in err


def test_a_token_opens_the_api_of_its_group(run: Run, store: Store) -> None:
    """The command prints the secret, alone on its line, and it opens exactly that group."""
    group = _new(run)
    status, out, err = run("token", group, "--label", "forum")
    assert status == 0
    found = store.read_now(lambda c: tokens.find(c, out.strip(), TokenKind.API, now=time.time()))
    assert found is not None
    assert (found.group, found.label, found.expires_at) == (group, "forum", None)
    assert "shown this once" in err
    assert out.strip() not in err


def test_a_token_may_only_judge_unless_more_is_asked_for(run: Run, store: Store) -> None:
    """Least privilege: each deed is named, and is in the list and in the log."""
    group = _new(run)
    for words, may in (((), {Scope.JUDGE}), (("--may", "report", "--may", "act"), {Scope.REPORT, Scope.ACT})):
        status, out, err = run("token", group, *words)
        found = store.read_now(lambda c, s=out: tokens.find(c, s.strip(), TokenKind.API, now=time.time()))  # type: ignore[misc]
        assert found is not None
        assert status == 0
        assert found.may == may
        assert "+".join(sorted(may)) in err
        assert "+".join(sorted(may)) in run("tokens", group)[1]


def test_a_group_with_rooms_has_its_own_hands(run: Run, store: Store) -> None:
    """Where a bot acts in Matrix rooms, no other program is asked to."""
    group = _new(run)
    store.write_now(lambda c: rooms.add(c, group, "!r:x", "Room", by="@a:x", at=1.0))
    status, _, err = run("token", group, "--may", "act")
    assert status == 2
    assert "the bot acts" in err


def test_a_token_may_have_an_end(run: Run, store: Store) -> None:
    """With --days a token opens until then, and no longer."""
    secret = run("token", _new(run), "--days", "2")[1].strip()
    for days, opens in ((1.9, True), (2.1, False)):
        now = time.time() + days * 86_400
        found = store.read_now(lambda c, now=now: tokens.find(c, secret, TokenKind.API, now=now))  # type: ignore[misc]
        assert (found is not None) == opens


@pytest.mark.parametrize("days", ["0", "-1", "nan", "inf", "1e300"])
def test_a_life_that_is_no_number_of_days_is_refused(run: Run, days: str) -> None:
    """A life of no days is a mistake, and so is one without end that looks as if it had one."""
    group = _new(run)
    assert run("token", group, f"--days={days}")[0] == 2
    assert run("tokens", group) == (0, "", "")


def test_tokens_are_listed_without_their_secrets(run: Run) -> None:
    """The list names what a token is for and until when; the secret is nowhere in it."""
    group = _new(run)
    secret = run("token", group, "--label", "forum")[1].strip()
    run("token", group, "--label", "bridge", "--days", "3")
    _, out, _ = run("tokens", group)
    lines = out.splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("no end  forum")
    assert "until " in lines[1]
    assert secret not in out


def test_a_token_can_be_ended(run: Run, store: Store) -> None:
    """A token ends by its name in the list; one that names none or several is refused."""
    group = _new(run)
    secret, other = run("token", group)[1].strip(), run("token", group)[1].strip()
    name = tokens._hash(secret)[:12]
    assert run("tokens", group, "--end", "")[0] == 2
    assert run("tokens", group, "--end", "zzz")[0] == 2
    status, out, _ = run("tokens", group, "--end", name)
    assert status == 0
    assert name not in out
    found = [
        store.read_now(lambda c, s=one: tokens.find(c, s, TokenKind.API, now=time.time()))  # type: ignore[misc]
        for one in (secret, other)
    ]
    assert found[0] is None
    assert found[1] is not None


def test_a_token_of_another_kind_is_not_listed(run: Run, store: Store) -> None:
    """Sign-in links and sessions are not the operator's to list."""
    group = _new(run)
    store.write_now(lambda c: tokens.make(c, group, TokenKind.SESSION, by="@a:x", at=1.0))
    assert run("tokens", group)[1] == ""


def test_no_command_makes_a_database_by_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a folder without an installation a command says so, and leaves nothing there."""
    monkeypatch.chdir(tmp_path)
    assert app(["groups"], exit_on_error=False, result_action="return_value") == 2
    assert "--settings FILE" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_what_is_suggested_means_the_same_installation(run: Run, settings: Path) -> None:
    """Commands that are suggested name the settings that were given."""
    assert f"TITLE --settings {settings}" in run("groups")[2]
    group = run("group", "new", "Choir")
    assert f"folkmoot token {group[1].strip()} --settings {settings}" in group[2]


def test_a_database_that_cannot_be_opened_is_a_clear_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the database should be but can't, the error says what helps."""
    path = tmp_path / "folkmoot.toml"
    path.write_text(f'[store]\nfolder = "{tmp_path}/none/below"\n')
    assert app(["groups", "--settings", str(path)], exit_on_error=False, result_action="return_value") == 2
    assert "folkmoot doctor" in capsys.readouterr().err
