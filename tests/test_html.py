"""The page for an auditor: in a real browser it reads well, and nothing of what somebody else wrote acts in it."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.example_traffic import PLANTED
from telemetry_audit.formats.escape import shown
from telemetry_audit.formats.html.printing import sentence, wrapped
from tests.browser import hostile
from tests.browser.hostile import EMAIL
from tests.browser.looking import Look, look, missing
from tests.conftest import Run
from tests.journal.observed import journal, of_the_example
from tests.recordings import CLICK, SEGMENT, USER, har, request, track

GOLDEN = Path(__file__).parents[1] / "reports" / "example" / "report.html"
VIEWS = ("desk, light", "telephone, light", "desk, dark", "telephone, dark")
ELEMENTS = set(
    re.findall(
        r"\S+",
        """html head meta title style body a nav main header section article figure figcaption details summary h1 h2 h3 h4 p ol ul li dl dt dd div span
        strong em br wbr bdi code time table caption thead tbody tr th td svg desc defs pattern rect line path circle text""",
    )
)
ATTRIBUTES = set(
    re.findall(
        r"\S+",
        """lang charset http-equiv content name class id href role scope colspan tabindex datetime data-label aria-hidden aria-label aria-labelledby
        viewBox preserveAspectRatio width height x y x1 x2 y1 y2 cx cy r d patternUnits patternTransform""",
    )
)


class Text(HTMLParser):
    """The text of a page as a reader sees it, and the elements around it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.elements: set[str] = set()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's signature
        self.elements.add(tag)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def __str__(self) -> str:
        return "".join(self.parts)


@pytest.mark.xdist_group("browser")
class TestInABrowser:
    @pytest.fixture(scope="class", params=["the example", "hostile input"])
    def seen(self, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Look:
        if reason := missing():
            pytest.skip(reason)
        return look(GOLDEN if request.param == "the example" else written(tmp_path_factory.mktemp("hostile")))

    def test_it_is_read_without_a_script_and_loads_nothing_but_itself(self, seen: Look) -> None:
        assert set(seen.asked) == {"the page"}
        assert (set(seen.made.elements) - ELEMENTS, set(seen.made.attributes) - ATTRIBUTES) == (set(), set())

    def test_nothing_in_it_acts(self, seen: Look) -> None:
        assert (seen.dialogs, seen.said, seen.opened) == ([], [], 0)
        assert set(seen.pwned) == {None}

    def test_its_policy_would_stop_what_slips_into_it_and_lets_its_own_style_pass(self, seen: Look) -> None:
        assert seen.policed
        assert seen.styled

    def test_axe_core_objects_to_nothing_in_light_and_in_dark_on_a_desk_and_on_a_telephone(self, seen: Look) -> None:
        assert seen.checked > 50
        assert seen.violations == {view: [] for view in VIEWS}

    def test_it_never_scrolls_sideways(self, seen: Look) -> None:
        assert seen.overflow == dict.fromkeys(VIEWS, 0)

    def test_it_prints(self, seen: Look) -> None:
        assert seen.printed == "%PDF-"

    def test_its_links_lead_to_places_in_it_and_every_id_stands_once(self, seen: Look) -> None:
        assert (seen.made.astray, seen.made.twice) == ([], [])

    def test_no_character_in_it_is_invisible_or_reorders_others(self, seen: Look) -> None:
        assert [each for each in seen.made.text if not each.isprintable() and each != "\n"] == []


def written(folder: Path) -> Path:
    """The report on hostile input, made by the program as a user starts it."""
    recording, configuration = hostile.recording(folder), hostile.configuration(folder)
    command = [sys.executable, "-m", "telemetry_audit", "check", recording.name, "--config", configuration.name]
    done = subprocess.run([*command, "-o", "x.html"], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    return folder / "x.html"


def table(decision: dict[str, str]) -> str:
    """A decision as a table of `audit.toml`."""
    lines = (f"{key} = {value if key == 'until' else json.dumps(value)}" for key, value in decision.items())
    return "\n".join(("[[accepted]]", *lines, ""))


class TestWhatItSays:
    def test_hostile_texts_stand_in_it_as_they_are_and_as_nothing_else(self, tmp_path: Path) -> None:
        read = Text(written(tmp_path).read_text())
        assert read.elements <= ELEMENTS
        assert "1337" not in str(read)  # 7 * 191
        for text in (hostile.NAME, *hostile.ACTS):
            assert shown(text)[:1_000] in str(read)

    def test_no_value_of_the_example_stands_in_it_even_where_it_may_be_broken(self) -> None:
        read = str(Text(GOLDEN.read_text())).lower()
        assert [value for value in PLANTED if value.lower() in read] == []

    def test_it_is_the_default_of_its_suffixes_and_the_same_bytes_anywhere(self, run: Run, tmp_path: Path) -> None:
        recording = har(tmp_path / "r", [request(SEGMENT, track("x", {"a": EMAIL}, userId=USER))])
        assert run("check", recording.name, "-o", "one.html", TZ="Asia/Tokyo", PYTHONHASHSEED="1", LC_ALL="C").code == 1
        assert run("check", recording.name, "-o", "two.htm", TZ="America/Lima", PYTHONHASHSEED="2").code == 1
        printed = run("check", recording.name, "--format", "html").out
        assert (tmp_path / "one.html").read_text() == (tmp_path / "two.htm").read_text() == printed

    def test_it_tells_an_auditor_where_each_breach_stands_and_how_to_look_it_up(self, run: Run, tmp_path: Path) -> None:
        recording = har(tmp_path / "it's r", [request(SEGMENT, track("x", {"a": EMAIL}, userId=USER))])
        data = run("check", recording.name, "--format", "json").report
        (breach,) = [each for each in data["findings"] if each["level"] == "breach"]
        page = str(Text(run("check", recording.name, "--format", "html").out))
        assert data["inputs"][0]["sha256"] in page
        (place,) = breach["places"]
        for said in (breach["pointer"], breach["says"], place["where"], place["shape"], place["fingerprint"]):
            assert said in page
        assert f"telemetry-audit show {shlex.quote(recording.name)} {breach['id']}" in page

    def test_a_finding_of_a_journal_is_looked_up_in_the_recording_beside_it(self, run: Run, tmp_path: Path) -> None:
        kept = journal(tmp_path / "one.journal", of_the_example(bytes(32)))
        page = str(Text(run("report", kept, "--format", "html").out))
        assert "telemetry-audit show RECORDING TA-" in page
        assert "telemetry-audit show 'one" not in page

    def test_it_tells_an_auditor_what_the_verdicts_rest_on(self) -> None:
        report = json.loads(GOLDEN.with_suffix(".json").read_text())
        seen = str(Text(GOLDEN.read_text("utf-8").partition('<section id="seen"')[2].partition("</section>")[0]))
        assert [each["name"] for each in report["unseen"] if each["name"] not in seen] == []
        assert [each["why"] for each in report["editions"] if each["why"] not in seen] == []
        libraries = {source["library"] for side in report["sides"] for source in side["sources"]}
        assert [library for library in libraries if library not in seen] == []

    def test_instances_stand_in_it_where_there_are_several(self, run: Run, tmp_path: Path) -> None:
        pings = (track("Instance Active", {"instanceId": f"659cf0bd504813315c336bf{each}"}) for each in range(3))
        page = run("check", har(tmp_path / "r", [request(SEGMENT, ping) for ping in pings]), "--format", "html").out
        assert page.partition('id="instances-table"')[2].partition("</table>")[0].count('<th scope="row">') == 3

    def test_accepted_findings_stand_apart_with_who_and_why_and_until_when(self, run: Run, tmp_path: Path) -> None:
        decision = {"rule": "personal-data", "event": "x", "pointer": "/properties/a"}
        decided = {"reason": "a test account", "who": "the operator", "until": "2999-12-31"}
        stale = {
            "rule": "consent",
            "event": "x",
            "pointer": "/nowhere",
            "reason": "of last year",
            "until": "2001-01-01",
        }
        (tmp_path / "audit.toml").write_text("\n".join(table(each) for each in (decision | decided, stale)))
        recording = har(tmp_path / "r", [request(SEGMENT, track("x", {"a": EMAIL, "b": EMAIL}, userId=USER))])
        page = run("check", recording, "--format", "html").out
        sections = {
            name: str(Text(part)) for name, part in re.findall(r'<section id="(\w+)"(.*?)</section>', page, re.DOTALL)
        }
        assert ("/properties/a" in sections["breaches"], "/properties/b" in sections["breaches"]) == (False, True)
        for said in ("/properties/a", *decided.values(), "In force", "of last year", "Expired"):
            assert said in sections["accepted"]

    @pytest.mark.parametrize(
        ("entries", "headline"),
        [
            ([request(SEGMENT, CLICK)], "No promise was seen broken."),
            ([request("https://www.example.com/")], "The audit is inconclusive."),
            ([request(SEGMENT, CLICK), request(SEGMENT, "{broken")], "The audit is inconclusive."),
            ([], "The audit is inconclusive."),
        ],
    )  # fmt: skip
    def test_it_begins_with_what_it_comes_to(
        self, run: Run, tmp_path: Path, entries: list[dict[str, Any]], headline: str
    ) -> None:
        page = run("check", har(tmp_path / "r", entries), "--format", "html").out
        assert f'<p class="headline">{headline}</p>' in page
        assert f"<title>Telemetry audit: {headline}</title>" in page

    def test_thousands_of_findings_leave_it_small_and_it_says_how_many_it_leaves_out(
        self, run: Run, tmp_path: Path
    ) -> None:
        events = [track("x", {f"{name}_{number}": EMAIL for number in range(1_000)}, userId=USER) for name in "abc"]
        recording = har(tmp_path / "r", [request(SEGMENT, event) for event in events for _ in range(12)])
        page = run("check", recording, "--format", "html").out
        assert len(page) < 2_000_000
        assert "And 2,800 breaches more: the JSON report" in str(Text(page))
        assert "And 2 places more: the JSON report" in str(Text(page))


@given(st.text())
def test_a_name_that_may_be_broken_reads_as_it_is(text: str) -> None:
    for html in (wrapped(text), wrapped(text, prose=True)):
        read = Text(html)
        assert (str(read), read.elements - {"wbr"}) == (shown(text), set())
        assert max(map(len, re.split("<wbr>|[ ]", html)), default=0) <= 24 * len("&#34;")


@given(st.text(max_size=80))
def test_a_sentence_reads_as_it_is(text: str) -> None:
    read = Text(sentence(text))
    assert str(read) == shown(text[:1].upper() + text[1:])
    assert read.elements <= {"code"}


def test_a_sentence_keeps_the_options_that_it_names_whole() -> None:
    assert sentence("no users (--known-users)") == 'No users (<code class="option">--known-users</code>)'
