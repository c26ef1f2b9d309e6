"""The bot's token and its account at the start."""

from pathlib import Path

import pytest

from folkmoot.gateways.matrix.bot.bot import BotAccountError
from folkmoot.gateways.matrix.bot.connect import TokenFileError, read_token
from folkmoot.gateways.matrix.bot.wire import RefusedError
from folkmoot.remember.store import Store
from tests.unit.bot.conftest import Scene


def _file(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    path = folder / "bot.token"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def test_a_private_token_is_read(tmp_path: Path) -> None:
    """Spaces and line ends around the token do not matter."""
    assert read_token(_file(tmp_path, b" syt_abc \n")) == "syt_abc"


def test_a_token_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """The error names the file and the command that mends it, and not the token."""
    path = _file(tmp_path, b"syt_abc", 0o644)
    with pytest.raises(TokenFileError, match=f"chmod 600 {path}") as refused:
        read_token(path)
    assert "syt_abc" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"two words", "gar\xe7on".encode(), b"\xff"])
def test_what_is_no_token_is_refused(tmp_path: Path, content: bytes) -> None:
    """An empty file, a sentence or odd characters are no token."""
    with pytest.raises(TokenFileError, match="no access token"):
        read_token(_file(tmp_path, content))


def test_a_missing_token_file_is_named(tmp_path: Path) -> None:
    """The error names the file and the setting."""
    with pytest.raises(TokenFileError, match=r"nowhere: cannot be read .* bot\.token_file"):
        read_token(tmp_path / "nowhere")


async def test_a_refused_token_is_a_clear_error(store: Store) -> None:
    """An operator learns what to do about a token that the homeserver does not know."""
    scene = Scene(store)

    async def whoami() -> str:
        raise RefusedError(401, "M_UNKNOWN_TOKEN", "no")

    scene.wire.whoami = whoami  # type: ignore[method-assign]
    with pytest.raises(BotAccountError, match=r"M_UNKNOWN_TOKEN.*make a new one"):
        await scene.bot.start()


async def test_a_token_of_another_account_is_a_clear_error(store: Store) -> None:
    """Both accounts are named."""
    scene = Scene(store)

    async def whoami() -> str:
        return "@other:twin"

    scene.wire.whoami = whoami  # type: ignore[method-assign]
    with pytest.raises(BotAccountError, match="@folkmoot:twin, but the token belongs to @other:twin"):
        await scene.bot.start()


async def test_a_start_while_the_homeserver_is_away_goes_on_later(store: Store) -> None:
    """The bot starts, waits, and works once the homeserver is there."""
    scene = Scene(store)
    scene.server.away = True
    await scene.start()
    scene.server.away = False
    room = await scene.protected_room()
    assert "Protection is ON" in scene.texts(room)[-1]
    await scene.stop()
