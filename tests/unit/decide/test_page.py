"""The page about policies tells the truth: its examples work and nothing is left out."""

import re
from pathlib import Path

import msgspec
import pytest

from folkmoot.decide import starters
from folkmoot.decide.diagnose import diagnose
from folkmoot.decide.rules import Exceptions, Newcomers, Policy, Rule, Scope
from folkmoot.detect.places import NAMES
from folkmoot.detect.triggers import Trigger
from folkmoot.vocabulary import Category

PAGE = (Path(__file__).parents[3] / "docs/admins/policies.md").read_text("utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_a_policy(example: str) -> None:
    """What is shown can be copied and used."""
    assert diagnose(example) == ()


def test_every_key_is_explained() -> None:
    """Each key of a rule, a scope, an exception and a trigger stands on the page."""
    structs = [Policy, Rule, Scope, Newcomers, Exceptions, *Trigger.__args__]
    keys = {field.encode_name for struct in structs for field in msgspec.structs.fields(struct)}
    kinds = {str(struct.__struct_config__.tag) for struct in Trigger.__args__}
    unexplained = {one for one in keys | kinds if not re.search(rf"\b{one}\b", PAGE)}
    assert unexplained == set()


def test_every_category_starter_and_name_is_listed() -> None:
    """Nothing has to be guessed."""
    assert all(f"`{one}`" in PAGE for one in [*Category, *starters.names(), *NAMES])
