"""The templates and the style sheet, put together to one page.

The policy of the page (Content Security Policy Level 3, in a meta element) admits nothing but its own style sheet, by hash: no script, no picture, no
address. So what slips through the escaping still cannot act.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from telemetry_audit.formats.html.printing import count, moment, printed, sentence, size, wrapped
from telemetry_audit.formats.html.view import view
from telemetry_audit.report import Report


def page(report: Report) -> str:
    """The report as one page."""
    return _environment().get_template("page.html").render(view(report), style=_style(), policy=_policy())


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("telemetry_audit.formats.html"),
        autoescape=True,
        finalize=printed,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        extensions=["jinja2.ext.loopcontrols"],
    )
    environment.filters |= {each.__name__: each for each in (count, moment, sentence, size, wrapped)}
    return environment


@cache
def _style() -> Markup:
    return Markup(resources.files(__package__).joinpath("page.css").read_text("utf-8"))  # noqa: S704 - a file of ours


@cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
