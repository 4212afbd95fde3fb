"""The page for editors in a real Chromium: what it shows, what it lets do, and that nothing in a text can run."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from chromium import EXECUTABLE, Browser, BrowserError, browser
from shell import SELECT, cleaner

from cleaner import files
from cleaner.model import Applicability, Edit, Evidence, Finding, Span
from cleaner.review import decisions, page
from cleaner.review.decisions import Answer, Reviewed
from cleaner.review.items import Draft, Item

pytestmark = [
    pytest.mark.skipif(not EXECUTABLE, reason="no Chromium here: apt-get install chromium"),
    pytest.mark.xdist_group("chromium"),
]
SAFE, UNSAFE, DISPLAY = Applicability.SAFE, Applicability.UNSAFE, Applicability.DISPLAY

# All that a browser might take for more than text.
HOSTILE = [
    "</script><script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 2'>",
    "<!--<script>window.hit = 3",
    "<svg onload=window.hit=4>",
    "<style>*{display:none}</style>",
    "{data}{script}{style}{script-hash}",
    '<iframe srcdoc="<script>parent.hit = 5</script>">',
    "<a href='javascript:window.hit=6'>x</a>",
    "<base href=https://example.org/><link rel=stylesheet href=//example.org/x.css>",
    "\u2028\u2029\u202e\0x ]]> &lt;b&gt; \\u003cscript>",
]


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture(autouse=True)
def forgotten(chromium: Browser) -> Iterator[None]:
    """Leave nothing in the browser for the next test."""
    yield
    chromium.run("canKeep = false; localStorage.clear()")


def item(text: str, old: str, new: str | None, rule: str, level: Applicability, *others: str) -> Item:
    """An item that puts a text in the place of another; it only points at it if there is none."""
    start = text.index(old)
    span = Span(start, start + len(old))
    edits = () if new is None else (Edit(span.start, span.end, new),)
    evidence = (Evidence("document", f"“{old}” stands once", 1.5),)
    return Item(span, edits, (rule,), level, (Finding(rule, span, f"it says “{old}”", evidence=evidence),), others)


TEXT = "The 😀 cat sat sat on teh mat.\n" + "A line.\n" * 20 + "It  is a dog, a a dog and a bird.\n"
ITEMS = (
    item(TEXT, " sat on", " on", "en.twice", SAFE),
    item(TEXT, "teh", "the", "en.spelling", UNSAFE, "tea", "ten"),
    item(TEXT, "  ", " ", "any.space", SAFE),
    item(TEXT, "a a", "a", "en.twice", UNSAFE),
    item(TEXT, "bird", None, "en.names", DISPLAY, "Bird"),
)


def write(folder: Path, drafts: Sequence[Draft], name: str = "page.html") -> Path:
    """Write texts and the page on them."""
    reviewed = []
    for draft in drafts:
        (folder / draft.path).write_bytes(draft.text.encode())
        reviewed.append(Reviewed(draft.path, files.digest(draft.text.encode()).hex()))
    (folder / name).write_bytes(b"".join(page.render(reviewed, drafts)))
    return folder / name


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Browser:
    chromium.open(write(tmp_path, [Draft("a.txt", TEXT, ITEMS), Draft("b.txt", TEXT, ITEMS[:1])]))
    return chromium


def exported(chromium: Browser) -> decisions.Decisions:
    return decisions.parse(chromium.run("exported()").encode(), "exported")


def said(chromium: Browser, name: str) -> str:
    return str(chromium.run(f"document.getElementById('{name}').innerText"))


def answers(chromium: Browser) -> list[str]:
    return [d.decision + (f" {d.text}" if d.text else "") for d in exported(chromium).decisions]


def test_suggestions_are_tracked_changes_that_say_what_they_are_without_colour(opened: Browser) -> None:
    assert opened.run("[...document.querySelectorAll('main del')].map(e => e.innerText)") == [
        " sat on", "teh", "␣␣", "a a", " sat on",
    ]  # fmt: skip
    style = "(e => getComputedStyle(document.querySelector(e)).textDecorationLine)"
    assert [opened.run(f"{style}('main {tag}')") for tag in ("del", "ins")] == ["line-through", "underline"]
    assert opened.run("document.querySelector('article').innerText").startswith("a.txt (5)\nThe 😀 cat sat")
    assert opened.run("document.querySelector('.gap').innerText") == "… 18 lines as they are"
    opened.click("document.querySelector('.gap')")
    assert opened.run("document.querySelector('article').innerText").count("A line.") == 20
    assert not opened.complaints()


def test_keys_decide_and_the_counts_follow(opened: Browser) -> None:
    opened.press("a", "1", "j", "r", "k", "k", "r", "n")
    assert answers(opened) == ["accept", "replace tea", "reject", "reject"]
    assert said(opened, "progress") == "4 of 6 decided: 1 accepted, 2 rejected, 1 reworded"
    opened.press("u", "u")
    assert answers(opened) == ["accept", "replace tea"]
    opened.press("Tab", "f", "a")  # in a list, a letter is not a command
    assert answers(opened) == ["accept", "replace tea"]
    assert opened.run("document.activeElement.id") == "by-rule"
    opened.press("Escape")
    assert opened.run("document.activeElement.dataset.item") is not None


def test_a_text_can_be_typed_and_taken_back(opened: Browser) -> None:
    opened.press("e")
    assert opened.run("document.activeElement.value") == " on"
    opened.call("Input.insertText", text=" <b>“on”</b>")
    opened.click("document.getElementById('editor-save')")
    opened.wait("exported().includes('replace')")
    assert answers(opened) == ["replace  <b>“on”</b>"]
    opened.press("k", "c")
    assert answers(opened) == []
    opened.press("e", "Escape")
    assert answers(opened) == []


def test_what_has_no_repair_cannot_be_accepted_but_replaced(opened: Browser) -> None:
    opened.press("j", "j", "j", "j", "a")
    assert answers(opened) == []
    assert said(opened, "status").startswith("There is nothing to accept here")
    opened.press("1")
    assert answers(opened) == ["replace Bird"]


def test_the_mouse_decides(opened: Browser) -> None:
    opened.click("document.querySelectorAll('main .item')[2]")
    opened.click("[...document.querySelectorAll('#panel button')].find(e => e.innerText.startsWith('Reject'))")
    assert [(d.before, d.decision) for d in exported(opened).decisions] == [("  ", Answer.REJECT)]


def test_filters_by_rule_level_file_and_answer(opened: Browser) -> None:
    shown = "[...document.querySelectorAll('main .item')].length"

    def at(**chosen: str) -> int:
        for name in ("rule", "file", "answer"):
            opened.select(f"by-{name}", chosen.get(name, ""))
        return int(opened.run("shown.length"))

    assert [at(rule="en"), at(rule="en.twice"), at(file="1"), at(rule="any", file="1"), at()] == [5, 3, 1, 0, 6]
    opened.press("a")
    assert [at(answer="open"), at(answer="accept"), at(answer="reject")] == [5, 1, 0]
    at()
    opened.click("document.querySelector('[name=level][value=\"2\"]')")
    assert opened.run("shown.length") == 3
    assert opened.run(shown) > 0
    opened.click("document.querySelector('[name=level][value=\"2\"]')")
    # What is accepted with filters on is what they show.
    at(rule="en.twice", file="0")
    opened.click("document.getElementById('accept-all')")
    assert len(exported(opened).decisions) == 3


def test_all_of_one_rule_are_accepted_at_once(opened: Browser) -> None:
    opened.press("A")
    assert [(d.path, d.rules[0]) for d in exported(opened).decisions] == [
        ("a.txt", "en.twice"), ("a.txt", "en.twice"), ("b.txt", "en.twice"),
    ]  # fmt: skip
    opened.press("u")
    assert answers(opened) == []


def test_two_answers_on_the_same_words_cannot_both_stand(chromium: Browser, tmp_path: Path) -> None:
    text = "one two three"
    both = (item(text, "one two", "a", "x.one", UNSAFE), item(text, "two three", "b", "x.two", DISPLAY))
    chromium.open(write(tmp_path, [Draft("a.txt", text, both)]))
    chromium.press("a", "a")
    assert [d.rules for d in exported(chromium).decisions] == [("x.two",)]
    # An answer that was given by hand is not overruled by one that is given to all.
    chromium.click("document.getElementById('accept-all')")
    assert [d.rules for d in exported(chromium).decisions] == [("x.two",)]


def test_progress_is_kept_when_the_page_is_closed(opened: Browser, tmp_path: Path) -> None:
    opened.press("a", "2")
    opened.open(tmp_path / "page.html")
    assert answers(opened) == ["accept", "replace ten"]
    # Another text is another review.
    opened.open(write(tmp_path, [Draft("a.txt", TEXT + "x", ITEMS)]))
    assert answers(opened) == []


def test_decisions_are_exported_applied_and_read_again(opened: Browser, tmp_path: Path) -> None:
    opened.press("a", "1", "a", "r", "1")
    data = opened.download(tmp_path, "document.getElementById('export').click()")
    (tmp_path / "decisions.json").write_bytes(data)
    assert json.loads(data)["version"] == 1
    assert said(opened, "status") == "5 decisions exported as decisions.json."
    done = cleaner("apply", "decisions.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"4 changes in 1 file written\n")
    after = TEXT.replace(" sat on", " on").replace("teh", "tea").replace("  ", " ").replace("bird", "Bird")
    assert (tmp_path / "a.txt").read_bytes().decode() == after
    opened.press("u", "u", "u", "u", "u")
    opened.run(f"load(new File([{json.dumps(data.decode())}], 'decisions.json'))")
    assert opened.run("exported()").encode() == data
    opened.run("load(new File(['[1]'], 'other.json'))")
    assert said(opened, "status") == "other.json is not a file of decisions."
    assert not opened.complaints()


def test_what_is_right_as_it_is_can_be_ignored_a_word_or_known_and_apply_does_it(
    opened: Browser, tmp_path: Path
) -> None:
    opened.press("i", "w", "b")
    assert said(opened, "progress") == "3 of 6 decided: 0 accepted, 0 rejected, 0 reworded, 3 silenced"
    assert answers(opened) == ["ignore", "word", "baseline"]
    marked = "[...document.querySelectorAll('main .item.stays')].map(e => e.innerText)"
    assert opened.run(marked) == [" sat on⊘", "teh✓W", "␣␣≡"]
    opened.press("w")
    assert said(opened, "status") == "“a a” is not one word."
    (tmp_path / "decisions.json").write_bytes(opened.run("exported()").encode())
    done = cleaner("apply", "decisions.json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"1 change in 1 file written\n")
    assert (tmp_path / "a.txt").read_text() == "# cleaner: ignore-next-line en.twice\n" + TEXT
    assert (tmp_path / ".cleaner-words").read_text().split() == ["teh"]
    assert b"any.space" in (tmp_path / ".cleaner-baseline.json").read_bytes()


def test_a_word_is_accepted_wherever_it_is_in_doubt_but_in_a_record_nothing_is_ignored(
    chromium: Browser, tmp_path: Path
) -> None:
    text = "a teh and a teh"
    second = Span(12, 15)
    both = (item(text, "teh", "the", "x.y", UNSAFE), Item(second, (Edit(12, 15, "tea"),), ("x.y",), UNSAFE))
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": text}))
    drafts = [Draft("a.jsonl", text, both, 1)]
    (tmp_path / "page.html").write_bytes(b"".join(page.render([Reviewed("a.jsonl", "0")], drafts)))
    chromium.open(tmp_path / "page.html")
    chromium.press("i")
    assert said(chromium, "status").startswith("A record has no comments")
    chromium.press("b", "w")
    assert answers(chromium) == ["word", "word"]
    assert said(chromium, "status") == "“teh” accepted as a word: 2 suggestions."


def test_earlier_decisions_stand_on_the_page_those_on_changed_texts_are_dropped_and_told(
    chromium: Browser, tmp_path: Path
) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("He went to the the house. Of of it he knew.\n")
    review = ("review", *SELECT, "--html", "page.html", "a.txt", "b.txt")
    assert cleaner(*review, cwd=tmp_path).returncode == 0
    chromium.open(tmp_path / "page.html")
    chromium.press("a", "r", "i", "e")
    chromium.call("Input.insertText", text="of")
    chromium.click("document.getElementById('editor-save')")
    chromium.wait("exported().includes('replace')")
    given = answers(chromium)
    assert given == ["accept", "reject", "ignore", "replace of"]
    (tmp_path / "mine.json").write_bytes(chromium.run("exported()").encode())
    chromium.run("canKeep = false; localStorage.clear()")
    again = cleaner(*review, "--decisions", "mine.json", cwd=tmp_path)
    assert again.returncode == 0
    chromium.open(tmp_path / "page.html")
    assert answers(chromium) == given
    chromium.press("c")
    chromium.open(tmp_path / "page.html")
    assert answers(chromium) == given[1:]  # what is done on the page goes on from there
    (tmp_path / "b.txt").write_text("He went to the the barn.\n")
    changed = cleaner(*review, "--decisions", "mine.json", cwd=tmp_path)
    assert b"b.txt changed since it was reviewed: 2 decisions dropped\n" in changed.stderr
    chromium.open(tmp_path / "page.html")
    assert answers(chromium) == given[:2]
    missing = cleaner(*review, "--decisions", "none.json", cwd=tmp_path)
    assert (missing.returncode, missing.stderr[:18]) == (2, b"cleaner: none.json")


SEED = Path(__file__).resolve().parents[1] / "seeds" / "embassy.txt"


def test_to_accept_all_and_apply_is_to_fix(chromium: Browser, tmp_path: Path) -> None:
    faulty = "He went to to the the house\r\n\r\nnaïve 😀 the the end,, of of it .\r\n"
    texts = {
        "a.md": ("\ufeff" + faulty).encode(),
        "b.txt": SEED.read_bytes(),
        "c.jsonl": b'{"text": "Caf\\u00e9 the the"}\nbroken\n{"text": "of of it"}\n',
        "d.txt": faulty.encode("utf-16"),
    }
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        folder.mkdir()
        for name, data in texts.items():
            (folder / name).write_bytes(data)
    assert cleaner("review", "--html", "page.html", *texts, cwd=ours).returncode == 2  # a line is broken
    chromium.open(ours / "page.html")
    chromium.click("document.getElementById('accept-all')")
    (ours / "all.json").write_bytes(chromium.run("exported()").encode())
    assert cleaner("apply", "all.json", cwd=ours).returncode == 0
    cleaner("fix", "--unsafe-fixes", *texts, cwd=theirs)
    for name, data in texts.items():
        assert (ours / name).read_bytes() == (theirs / name).read_bytes() != data


def test_script_and_markup_in_texts_names_and_rules_are_text(chromium: Browser, tmp_path: Path) -> None:
    text = "\n".join(HOSTILE)
    hostile = [
        Item(Span(text.index(h), text.index(h) + len(h)), (), (h,), DISPLAY,
             (Finding(h, Span(0, 1), h, evidence=(Evidence(h, h),)),), (h,))
        for h in HOSTILE
    ]  # fmt: skip
    drafts = [Draft("<img src=x onerror=hit=7>.txt", text, tuple(hostile))]
    reviewed = [Reviewed(drafts[0].path, "</script>", "<b>", "<i>")]
    (tmp_path / "page.html").write_bytes(b"".join(page.render(reviewed, drafts)))
    chromium.open(tmp_path / "page.html")
    for _ in HOSTILE:
        chromium.press("1")
    chromium.press("k", "e", "Escape")
    assert chromium.run("window.hit === undefined")
    assert chromium.run("document.querySelectorAll('main img, main script, iframe, svg, base, link, a').length") == 0
    assert [d.text for d in exported(chromium).decisions] == HOSTILE
    assert chromium.requested() == [(tmp_path / "page.html").as_uri()]
    assert not chromium.complaints()


def test_the_policy_lets_nothing_run_but_the_page_itself(opened: Browser) -> None:
    for act in (
        "document.body.innerHTML += '<b>'",
        "document.createElement('script').text = 'window.hit = 1'",
        "eval('1')",
        "setTimeout('window.hit = 1')",
    ):
        with pytest.raises(BrowserError, match=r"Trusted|Content Security Policy"):
            opened.run(act)
    opened.run("document.body.append(Object.assign(document.createElement('img'), {src: 'https://example.org/x.png'}))")
    opened.run("document.body.append(Object.assign(document.createElement('iframe'), {src: 'https://example.org/'}))")
    opened.run("fetch('https://example.org/').catch(() => 0)")
    refused = [text for text in opened.complaints() if "Content Security Policy" in text]
    assert len(refused) >= 3
    assert opened.run("window.hit === undefined")
    assert [url for url in opened.requested() if not url.startswith("file:")] == []


def test_a_reader_of_the_screen_is_told_what_is_suggested(opened: Browser) -> None:
    opened.press("j")
    tree = opened.call("Accessibility.getFullAXTree")["nodes"]
    names = [(n["role"]["value"], n.get("name", {}).get("value", "")) for n in tree if not n["ignored"]]
    roles = {role for role, _ in names}
    assert {"main", "complementary", "search", "status", "insertion", "deletion", "heading", "article"} <= roles
    assert ("group", "Suggestion 2, unsafe, en.spelling, undecided") in names
    unnamed = [role for role, name in names if role in ("button", "combobox", "checkbox", "progressbar") and not name]
    assert not unnamed
    focused = opened.run("document.activeElement.getAttribute('aria-label')")
    assert focused == "Suggestion 2, unsafe, en.spelling, undecided"


def test_text_stands_out_from_its_ground_in_light_and_dark(opened: Browser, tmp_path: Path) -> None:
    opened.press("a", "r")
    for dark in (False, True):
        opened.look(tmp_path / "page.png", dark=dark)
        grounds = opened.run("getComputedStyle(document.querySelector('article')).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", grounds)[:3])) < 200) is dark
        worst = opened.run(CONTRAST)
        assert worst[0] >= 4.5, worst


# The least contrast (WCAG 2) between a text and what it stands on.
CONTRAST = """(() => {
  const channel = (v) => ((v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
  const light = (c) => c.reduce((sum, v, i) => sum + channel(v) * [.2126, .7152, .0722][i], 0);
  const colour = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = colour(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0) return c.slice(0, 3);
    }
    return [255, 255, 255];
  };
  let worst = [99];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.getClientRects().length) continue;
    if (e.closest("script, :disabled, dialog, option")) continue;
    const [a, b] = [light(colour(getComputedStyle(e).color).slice(0, 3)), light(ground(e))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < worst[0]) worst = [ratio, e.outerHTML.slice(0, 90)];
  }
  return worst;
})()"""


def test_ten_thousand_findings_fit(chromium: Browser, tmp_path: Path) -> None:
    """The times are printed by bench/page.py; here only that it works, and how large it is."""
    (tmp_path / "mine").mkdir()
    for number in range(20):
        lines = (f"In the year {n} they went to the the house of number {n} and came back.\n" for n in range(500))
        (tmp_path / "mine" / f"{number}.txt").write_text("".join(lines))
    done = cleaner("review", *SELECT, "--html", "page.html", "mine", cwd=tmp_path)
    assert done.stderr == b"page.html: 10000 findings in 20 files to review\n"
    texts = sum(file.stat().st_size for file in (tmp_path / "mine").iterdir())
    assert (tmp_path / "page.html").stat().st_size <= 3 * texts + (1 << 20)
    chromium.open(tmp_path / "page.html")
    drawn = chromium.run("document.querySelectorAll('.block').length")
    assert 10 < drawn < 500  # the rest when it comes near
    chromium.run("go(items[9000])")
    chromium.press("a")
    assert [(d.path, d.start) for d in exported(chromium).decisions] == [
        (items.path, items.start) for items in exported(chromium).decisions
    ]
    assert chromium.run("items[9000].block.element.isConnected")
    chromium.click("document.getElementById('accept-all')")
    assert said(chromium, "progress") == "10000 of 10000 decided: 10000 accepted, 0 rejected, 0 reworded"
