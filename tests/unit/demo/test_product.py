"""The settings file that the demonstration writes is one that an operator could have written."""

from pathlib import Path

from folkmoot.cli.demo.authority import Authority
from folkmoot.cli.demo.homeserver import Account, Homeserver
from folkmoot.cli.demo.ports import Ports
from folkmoot.cli.demo.product import Product, settings_text
from folkmoot.settings import load


def test_the_settings_file_is_read_by_the_product_itself(tmp_path: Path) -> None:
    """Odd characters in the folder's name included."""
    folder = tmp_path / 'a "folder" named ö\\'
    folder.mkdir()
    authority = Authority(folder / "authority")
    certificate = authority.issue("homeserver", "localhost")
    ports = Ports(homeserver=1, federation=2, policy=3, console=4, chat=5)
    homeserver = Homeserver(folder, certificate, authority.certificate, client_port=1, federation_port=2)
    product = Product(folder, ports, homeserver, authority)
    bot = Account(id="@folkmoot:localhost:2", token="secret", device="D")
    (folder / "folkmoot.toml").write_text(settings_text(product.settings_for(bot)), encoding="utf-8")
    read = load(folder / "folkmoot.toml", {})
    assert read.store.folder == str(folder)
    assert (read.web.port, read.policy_server.port) == (4, 3)
    assert read.policy_server.server_name == "localhost:3"
    assert read.bot.account == "@folkmoot:localhost:2"
    assert "secret" not in (folder / "folkmoot.toml").read_text(encoding="utf-8")
