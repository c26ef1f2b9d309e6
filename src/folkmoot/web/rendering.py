"""From a template to a page: the language, the nonce and who is looking are always at hand."""

from datetime import UTC, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar.response import Template
from markupsafe import Markup

from folkmoot.explain.languages import Tongue
from folkmoot.web.access import viewer_of
from folkmoot.web.hall import AnyConnection, PageRequest, hall_of
from folkmoot.web.shield import nonce_of

Translate = Tongue


def environment() -> Environment:
    """Return the templates: escaping always on, and a name that is not there is an error."""
    made = Environment(
        loader=PackageLoader("folkmoot.web"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.newstyle_gettext = True  # type: ignore[attr-defined]  # added by the extension
    made.filters["moment"] = moment
    return made


def moment(at: float, form: str = "short") -> Markup:
    """Return a point in time in UTC, which a script turns into the reader's own time where there is one."""
    then = datetime.fromtimestamp(at, UTC)
    return Markup('<time datetime="{}" data-moment="{}">{} UTC</time>').format(
        then.strftime("%Y-%m-%dT%H:%M:%SZ"), form, then.strftime("%Y-%m-%d %H:%M")
    )


def language_of(connection: AnyConnection) -> Tongue:
    """Return the language to speak on this connection."""
    accepted, wanted = connection.headers.get("accept-language", ""), connection.query_params.get("lang", "")
    return hall_of(connection).languages.choose(accepted, wanted)


def translate(connection: AnyConnection) -> Translate:
    """Return what says an English text in the language of this connection."""
    return language_of(connection)


def surroundings(language: Tongue) -> dict[str, Any]:
    """Return what a template needs to speak a language."""

    def gettext(text: str, **names: object) -> Markup:
        # Catalogues come with the package, and what is put into them is escaped.
        return Markup(language.catalogue.gettext(text)) % names  # noqa: S704

    def ngettext(one: str, many: str, num: int, **names: object) -> Markup:
        return Markup(language.catalogue.ngettext(one, many, num)) % {"num": num, **names}  # noqa: S704

    return {"language": language, "gettext": gettext, "ngettext": ngettext}


def page(request: PageRequest, template: str, *, code: int = 200, **context: Any) -> Template:
    """Return a whole page."""
    everything = {
        **surroundings(language_of(request)),
        "asset": hall_of(request).assets.address,
        "nonce": nonce_of(request.scope),
        "viewer": viewer_of(request),
        "path": request.scope["path"],
        **context,
    }
    return Template(template_name=template, context=everything, status_code=code, media_type="text/html")
