"""What surrounds an installation: a systemd unit and reverse-proxy examples, filled in for one folder."""

from importlib.resources import files
from urllib.parse import urlsplit

from folkmoot.settings import Settings

NAMES = ("folkmoot.service", "nginx.conf", "Caddyfile")


def filled(
    name: str, *, folder: str, settings_file: str, executable: str, account: str, read: Settings
) -> str:
    """Return one of the files with what it needs to know of this installation."""
    ours, web = read.policy_server, read.web
    values = {
        "FOLDER": _quoted(folder),
        "BARE_FOLDER": folder.replace("%", "%%"),  # systemd takes no quotes there
        "EXECUTABLE": _quoted(executable),
        "SETTINGS": _quoted(settings_file),
        "HOME": "read-only" if any(map(_at_home, (folder, executable))) else "yes",
        "ACCOUNT": account,
        "CONSOLE": urlsplit(web.public_url).hostname or "folkmoot.example.org",
        "CONSOLE_AT": _at(web.host, web.port),
        "POLICY": ours.server_name.partition(":")[0] or "policy.example.org",
        "POLICY_AT": _at(ours.host, ours.port),
        "LARGEST": str(max(web.largest_request, ours.largest_event)),
    }
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    for word, value in values.items():
        text = text.replace(f"@{word}@", value)
    return text


def _at_home(path: str) -> bool:
    return path.startswith(("/home/", "/root/"))


def _at(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _quoted(text: str) -> str:
    """Quote for a systemd unit, where % and quotes mean something."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
