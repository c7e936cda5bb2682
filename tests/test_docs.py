"""The documentation is what the program prints, its links lead somewhere, and its commands run."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from scripts.make_docs import RULE_PAGES, said, stale, written
from telemetry_audit.catalog import load
from telemetry_audit.cli.main import telemetry_audit
from telemetry_audit.formats import FORMATS
from tests.conftest import Run
from tests.journal.observed import journal, of_the_example
from tests.recordings import CLICK, SEGMENT, har, request

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
EXAMPLE = ROOT / "reports" / "example"
FOLDERS = ("docs", "reports", "schemas", "benchmarks", "addons", "src")
PAGES = [*ROOT.glob("*.md"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.md"))]
RENEW = "`make docs` writes the documentation anew"
CALL = re.compile(r"(?:^|[\s/=])telemetry-audit (?P<plain>[a-z].*)|\$\(telemetry-audit (?P<inside>[a-z][^)]*)\)")
MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})
CATALOG = load()
NEEDS_A_NETWORK = {"watch", "ping"}


def tokens(path: Path) -> Iterator[Token]:
    """What a page is made of, that inside of lines included."""
    for token in MARKDOWN.parse(path.read_text("utf-8")):
        yield token
        yield from token.children or ()


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found = list(tokens(path))
    headings = (after.content for token, after in pairwise(found) if token.type == "heading_open")
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def calls(path: Path) -> Iterator[list[str]]:
    """The calls of the program in a page's blocks of code, each as its arguments."""
    for token in tokens(path):
        if token.type in {"code_block", "fence"}:
            for line in token.content.splitlines():
                for found in CALL.finditer(line):
                    words = shlex.split(found["plain"] or found["inside"], comments=True)
                    yield words[: next((at for at, word in enumerate(words) if word in {"|", ">", "&&"}), len(words))]


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that is called, and its arguments."""
    command: click.Command = telemetry_audit
    words = words[:]
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found, words
        command = found
    return command, words


def test_what_the_program_prints_stands_in_the_documentation() -> None:
    differing = [named(path) for path, text in written() if not path.exists() or path.read_text("utf-8") != text]
    assert (differing, stale()) == ([], []), RENEW


def test_every_table_of_the_documentation_comes_from_the_program() -> None:
    marked = {line for path in DOCS.glob("*.md") for line in path.read_text().splitlines() if line.startswith("<!-- t")}
    assert marked == {
        f"<!-- telemetry-audit list {what} -->"
        for what in ("rules", "promises", "events", "destinations", "documents", "formats", "exit-codes")
    }


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_every_link_leads_somewhere(path: Path) -> None:
    broken = []
    for token in tokens(path):
        link = str(token.attrGet("href") or token.attrGet("src") or "")
        parts = urlsplit(link)
        if not link or parts.scheme:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.exists() or (parts.fragment and parts.fragment not in anchors(target)):
            broken.append(link)
    assert broken == []


def test_the_index_leads_to_every_page() -> None:
    linked = {str(token.attrGet("href")) for token in tokens(DOCS / "README.md")}
    assert {path.name for path in DOCS.glob("*.md")} - {"README.md"} <= linked
    assert "rules/README.md" in linked


def test_the_documentation_leads_to_an_example_of_every_format() -> None:
    reports = (ROOT / "reports" / "README.md").read_text()
    suffixes = [each.suffixes[0] for each in FORMATS]
    assert [suffix for suffix in suffixes if f"report{suffix}" not in reports] == []


@pytest.mark.parametrize("path", sorted(RULE_PAGES.glob("*.md")), ids=named)
def test_the_texts_of_rules_are_markdown_as_they_stand(path: Path) -> None:
    unmeant = {"html_inline", "html_block", "em_open", "s_open", "image"}
    assert [token.type for token in tokens(path) if token.type in unmeant] == []


@pytest.mark.parametrize("name", [*(each.id for each in CATALOG.promises), *(each.id for each in CATALOG.events)])
def test_promises_and_events_are_pages_too(name: str) -> None:
    page = list(MARKDOWN.parse(said("explain", name, "--format", "markdown")))
    first, *rest = [token.tag for token in page if token.type == "heading_open"]
    assert first == "h1"
    assert "h1" not in rest


@pytest.mark.parametrize("path", [path for path in PAGES if any(calls(path))], ids=named)
def test_every_command_of_a_page_is_one_that_the_program_takes(path: Path) -> None:
    for words in calls(path):
        command, arguments = command_of(words)
        parent = click.Context(telemetry_audit, **telemetry_audit.context_settings)
        command.make_context(command.name, arguments, parent)  # raises UsageError at an option that there is not


@pytest.mark.parametrize("path", [path for path in DOCS.glob("*.md") if any(calls(path))], ids=named)
def test_the_commands_of_a_page_run_one_after_another(run: Run, tmp_path: Path, path: Path) -> None:
    (tmp_path / "recordings").mkdir()
    for name in ("instance.flow", "before.flow", "after.flow", "recordings/instance.flow"):
        shutil.copy(EXAMPLE / "recording.flow", tmp_path / name)
    har(tmp_path / "browser.har", [request(SEGMENT, CLICK)])
    journal(tmp_path / "audit.journal", of_the_example(bytes(32)))
    run("report", "audit.journal", "-o", "yesterday.json", "-o", "after.json")
    (tmp_path / "customers.csv").write_text("email,phone\na.b@example.com,+1 202 555 0123\n")
    (tmp_path / "users.txt").write_text("jane.roe@example.com\n")
    (tmp_path / "canaries.toml").write_text('[[canary]]\nvalue = "CANARY-0c1d2e"\n')
    for words in calls(path):
        if words[0] not in NEEDS_A_NETWORK and not any("://" in word for word in words):
            command, _ = command_of(words)
            again = ["--force"] if any("--force" in option.opts for option in command.params) else []
            done = run(*words, *again)
            assert done.code in ({0} if words[0] == "verify" else {0, 1, 3}), f"{shlex.join(words)}: {done.err}"
