"""What the documentation lists is what the program has: settings, commands, metrics, routes, the bot."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import App
from prometheus_client.metrics import MetricWrapperBase

from folkmoot import observe
from folkmoot.cli import COMMANDS, app
from folkmoot.gateways.http import problems
from folkmoot.gateways.http.openapi import document
from folkmoot.gateways.http.wire import MessageToJudge
from folkmoot.gateways.matrix.bot.command import Command
from folkmoot.gateways.matrix.bot.commands import COMMANDS as BOT_COMMANDS
from folkmoot.settings import Definition, Settings, definitions
from tests.docs.pages import ROOT, name, pages, text


def test_the_lists_are_what_the_code_gives() -> None:
    """The pages that scripts/docs.py writes are exactly what it would write now."""
    run = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "docs.py"), "--check"], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("one", definitions(), ids=lambda one: one.variable)
def test_every_setting_is_documented(one: Definition) -> None:
    """Each setting has its line with name, meaning and variable, in its section."""
    page = text("docs/operators/settings.md")
    section = page.partition(f"\n## [{one.section}]\n")[2].partition("\n## ")[0]
    [line] = [line for line in section.splitlines() if line.startswith(f"| `{one.name}` |")]
    assert one.description in line
    assert f"`{one.variable}`" in line


def _commands(of: App, before: str = "folkmoot") -> Iterator[tuple[str, App]]:
    for word in of:
        if not word.startswith("-"):
            one = of[word]
            yield f"{before} {word}", one
            yield from _commands(one, f"{before} {word}")


_ALL = dict(_commands(app))


@pytest.mark.parametrize("command", _ALL)
def test_every_command_is_documented_with_its_options(command: str) -> None:
    """Each command has its heading, what it is for, and every option with its meaning."""
    page = text("docs/operators/commands.md")
    section = re.split(rf"^#+ {re.escape(command)}$", page, flags=re.MULTILINE)
    assert len(section) == 2, "one heading"
    body = re.split(r"^#+ ", section[1], flags=re.MULTILINE)[0]
    one = _ALL[command]
    assert str(one.help).splitlines()[0] in body
    if one.default_command is None:
        return
    for argument in one.assemble_argument_collection():
        option = next(name for name in argument.names if name.startswith("--"))
        [line] = [line for line in body.splitlines() if re.match(rf"\* `[^`]*{option}\b", line)]
        assert len(line.partition("`: ")[2]) > 10, option


def test_every_command_says_what_it_is_for() -> None:
    """The list of commands has a sentence for each."""
    assert all(purpose.endswith(".") for _, purpose in COMMANDS.values())


@pytest.mark.parametrize("page", pages(), ids=name)
def test_a_page_names_commands_and_options_that_exist(page: Path) -> None:
    """What a page tells you to type is a command that there is, with options that it has."""
    written = re.findall(r"\bfolkmoot (?!folkmoot\b)((?:[a-z]+ ?)*)((?: *(?:[^\s`|]+))*)", _code(page))
    for words, rest in written:
        known = [one for one in _ALL if f"folkmoot {words} ".startswith(f"{one} ")]
        if not known:
            assert words.split()[:1] in ([], ["command"], ["group"]), words
            continue
        one = _ALL[max(known, key=len)]
        options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest))
        has = {"--help", "--version"}
        if one.default_command is not None:
            has |= {option for argument in one.assemble_argument_collection() for option in argument.names}
        assert options <= has, (words, options - has)


def _code(page: Path) -> str:
    """Return what a page shows as code, one piece a line."""
    whole = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|console)?\n(.*?)^```", whole, re.MULTILINE | re.DOTALL)
    inline = re.findall(
        r"(?<!`)`([^`\n]+(?:\n[^`\n]+)?)`(?!`)", re.sub(r"^```.*?^```", "", whole, flags=re.M | re.S)
    )
    joined = [one.replace("\\\n", " ") for one in blocks] + [one.replace("\n", " ") for one in inline]
    return "\n".join(joined)


@pytest.mark.parametrize("page", pages(), ids=name)
def test_make_targets_that_pages_name_exist(page: Path) -> None:
    """What a page tells you to make is a target that there is."""
    makefile = text("Makefile")
    rules = re.findall(r"^([a-z][a-z ]*):", makefile, re.MULTILINE)
    targets = {target for rule in rules for target in rule.split()}
    named = set(re.findall(r"^\s*make ([a-z]+)", _code(page), re.MULTILINE))
    assert named <= targets


def test_the_readme_names_the_targets_that_matter() -> None:
    """Whoever reads the README learns how to see it and how to test it."""
    assert {"make demo", "make test"} <= set(re.findall(r"make [a-z]+", text("README.md")))


@pytest.mark.parametrize(
    "metric",
    [one for one in observe.REGISTRY._collector_to_names if isinstance(one, MetricWrapperBase)],
    ids=lambda one: str(one._name),
)
def test_every_metric_is_documented(metric: MetricWrapperBase) -> None:
    """Each metric has its line, and none has a label that names anybody."""
    [line] = [
        line
        for line in text("docs/operators/metrics.md").splitlines()
        if line.startswith(f"| `{metric._name}")
    ]
    assert metric._documentation in line
    assert set(metric._labelnames) <= {"done", "why", "answer"}


@pytest.mark.parametrize("path", document(Settings())["paths"])
def test_every_route_of_the_api_is_documented(path: str) -> None:
    """Each address of the API stands in its table with its method."""
    for method in document(Settings())["paths"][path]:
        assert f"| `{method.upper()} {path}` |" in text("docs/api/README.md") + text("docs/api/people.md")


def test_every_problem_of_the_api_is_documented() -> None:
    """Each kind of problem stands beside its status."""
    table = dict(re.findall(r"^\| ([\d, ]+) \| (`.+`) \|$", text("docs/api/README.md"), re.MULTILINE))
    written = {
        (status, kind)
        for statuses, kinds in table.items()
        for status in re.findall(r"\d+", statuses)
        for kind in re.findall(r"`([\w-]+)`", kinds)
    }
    assert {(str(kind.status), kind.name) for kind in problems.KINDS} <= written


@pytest.mark.parametrize("field", MessageToJudge.__struct_fields__)
def test_every_field_of_a_message_is_documented(field: str) -> None:
    """Each field that the API reads is named on its page."""
    assert f"`{field}`" in text("docs/api/README.md")


@pytest.mark.parametrize("command", BOT_COMMANDS, ids=lambda one: one.name)
def test_every_command_of_the_bot_is_documented(command: Command) -> None:
    """Each thing that can be asked of the bot is on a page for administrators, as it is written."""
    page = text("docs/admins/cases.md" if command.topic else "docs/admins/bot.md").replace("\\|", "|")
    assert command.usage in page
