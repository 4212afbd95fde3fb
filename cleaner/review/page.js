// The review page. Everything that comes from documents is put in as text nodes; nothing is ever parsed as HTML.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const LEVELS = ["display", "unsafe", "safe"];
const SIGNS = { accept: "✓", reject: "✗", replace: "✎", ignore: "⊘", word: "✓W", baseline: "≡" };
const SAID = {
  accept: "accepted",
  reject: "rejected",
  replace: "reworded",
  ignore: "ignored here",
  word: "accepted as a word",
  baseline: "known from now on",
};
const SILENT = ["ignore", "word", "baseline"]; // right as it is, and cleaner is to say so no more
const LINES_FOLDED = 6; // an unchanged stretch of more lines, or of more than
const LENGTH_FOLDED = 1500; // so many characters, is folded but for the lines next to suggestions
const AROUND = 60; // characters of context shown with the current suggestion
const CHUNK = 30; // blocks that are drawn together

// ---------------------------------------------------------------- what there is

const files = data.files.map(([path, digest, encoding, field]) => ({ path, digest, encoding, field }));
const items = [];
const drafts = data.drafts.map((raw, number) => {
  const draft = { number, file: raw.file, record: raw.record, text: raw.text, items: [] };
  draft.at = places(raw.text, raw.points);
  const first = items.length;
  for (const [start, end, edits, rules, level, findings, alternatives, rivals] of raw.items) {
    const item = { number: items.length, draft, points: [start, end], rawEdits: edits, level, alternatives };
    item.start = draft.at(start);
    item.end = draft.at(end);
    item.edits = [];
    for (let i = 0; i < edits.length; i += 3) {
      item.edits.push({ start: draft.at(edits[i]), end: draft.at(edits[i + 1]), text: edits[i + 2] });
    }
    item.rules = rules.map((i) => data.said[i]);
    item.rule = item.rules.join(", ");
    item.findings = findings.map(([rule, message, evidence]) => ({
      rule: data.said[rule],
      message: data.said[message],
      evidence: evidence.map((i) => data.said[i]),
    }));
    item.rivals = rivals.map((i) => first + i);
    item.answer = null; // {answer, text}
    draft.items.push(item);
    items.push(item);
  }
  return draft;
});

// Offsets come as code points and are needed as UTF-16.
function places(text, points) {
  if (points === text.length) return (offset) => offset;
  const at = new Uint32Array(points + 1);
  let i = 0;
  for (let n = 0; n < points; n++) {
    at[n] = i;
    i += text.codePointAt(i) > 0xffff ? 2 : 1;
  }
  at[points] = i;
  return (offset) => at[offset];
}

function nameOf(draft) {
  return files[draft.file].path + (draft.record ? ":" + draft.record : "");
}

// ---------------------------------------------------------------- what was decided

const undecided = new Map(); // how many, by rule
const undone = []; // batches of [item, answer before]

// What an answer does to the text.
function editsOf(item, answer = item.answer) {
  if (answer?.answer === "accept") return item.edits;
  if (answer?.answer === "replace") return [{ start: item.start, end: item.end, text: answer.text }];
  return [];
}

function collide(a, b) {
  if (a.start === a.end || b.start === b.end) return a.start <= b.end && b.start <= a.end;
  return a.start < b.end && b.start < a.end;
}

// True if what an item suggests would change words that another answer changes.
function isTaken(item) {
  return item.rivals.some((number) => editsOf(items[number]).some((a) => item.edits.some((b) => collide(a, b))));
}

// Give an answer, and take back those to other items that would change the same words.
function answer(item, given, batch) {
  const edits = editsOf(item, given);
  for (const number of item.rivals) {
    const rival = items[number];
    if (editsOf(rival).some((a) => edits.some((b) => collide(a, b)))) set(rival, null, batch);
  }
  set(item, given, batch);
}

function set(item, given, batch) {
  batch.push([item, item.answer]);
  item.answer = given;
}

function decide(chosen, given) {
  const batch = [];
  for (const item of chosen) answer(item, given, batch);
  finish(batch);
  return batch.length;
}

function finish(batch) {
  if (batch.length) undone.push(batch);
  refresh(batch.map(([item]) => item));
}

function undo() {
  const batch = undone.pop();
  if (!batch) return say("Nothing to undo.");
  for (const [item, before] of batch.slice().reverse()) item.answer = before;
  refresh(batch.map(([item]) => item));
  go(batch.at(-1)[0]);
  say(`Undone: ${counted(batch.length, "decision")}.`);
}

// Show what changed. Many blocks are not drawn one by one but when they are looked at.
function refresh(changed) {
  const blocks = new Set(changed.map((item) => item.block).filter(Boolean));
  count();
  keep();
  if (blocks.size > 3 * CHUNK) layOut();
  else for (const block of blocks) draw(block);
}

function count() {
  const done = Object.fromEntries(Object.keys(SAID).map((given) => [given, 0]));
  undecided.clear();
  for (const { answer: given, rule } of items) {
    if (given) done[given.answer]++;
    else undecided.set(rule, (undecided.get(rule) ?? 0) + 1);
  }
  const decided = Object.values(done).reduce((sum, number) => sum + number);
  const silent = SILENT.reduce((sum, given) => sum + done[given], 0);
  $("progress").textContent =
    `${decided} of ${items.length} decided: ${done.accept} accepted, ${done.reject} rejected, ${done.replace} reworded` +
    (silent ? `, ${silent} silenced` : "");
  $("bar").max = Math.max(1, items.length);
  $("bar").value = decided;
  $("undo").disabled = !undone.length;
}

// ---------------------------------------------------------------- decisions in this browser, and as a file

const KEY = "cleaner-review:" + fingerprint();
let timer = 0;
let canKeep = true;

function fingerprint() {
  // Two pages over the same texts, suggestions and earlier decisions share their progress. FNV-1a; nothing hangs on
  // its strength.
  let hash = 0x811c9dc5;
  for (const part of [...files.map((f) => f.path + f.digest), ...items.map((i) => i.points + i.rules), ...data.decided.map(String)]) {
    for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(16) + "-" + items.length;
}

function keep() {
  clearTimeout(timer);
  timer = setTimeout(keepNow, 200);
}

function keepNow() {
  if (!canKeep) return;
  const kept = {};
  for (const { number, answer } of items) if (answer) kept[number] = [answer.answer, answer.text];
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    canKeep = false;
    say("This browser keeps nothing for this page: export your decisions before you close it.");
  }
}

function restore() {
  let kept = Object.fromEntries(data.decided.map(([number, given, text]) => [number, [given, text]]));
  try {
    kept = JSON.parse(localStorage.getItem(KEY)) ?? kept;
  } catch {
    // What was read from a file of decisions stands.
  }
  for (const [number, [given, text]] of Object.entries(kept)) {
    if (items[number] && given in SIGNS) items[number].answer = { answer: given, text };
  }
}

const EXPORTED = { path: null, digest: null, encoding: "utf-8", field: "text" };

function exported() {
  const line = (value) => "\n" + JSON.stringify(value);
  const reviewed = files.map((file) =>
    line(Object.fromEntries(Object.entries(file).filter(([name, value]) => EXPORTED[name] !== value))),
  );
  const decisions = items.filter((item) => item.answer).map((item) => line(record(item)));
  return `{"version": ${data.version}, "files": [${reviewed.join(",")}\n], "decisions": [${decisions.join(",")}\n]}\n`;
}

function record(item) {
  const [start, end] = item.points;
  const edits = [];
  for (let i = 0; i < item.rawEdits.length; i += 3) {
    edits.push({ start: item.rawEdits[i], end: item.rawEdits[i + 1], text: item.rawEdits[i + 2] });
  }
  const before = item.draft.text.slice(item.start, item.end);
  const value = { path: files[item.draft.file].path, start, end, before, edits, rules: item.rules };
  value.decision = item.answer.answer;
  if (item.answer.answer === "replace") value.text = item.answer.text;
  if (item.draft.record) value.record = item.draft.record;
  return value;
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([exported()], { type: "application/json" }));
  link.download = "decisions.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  const decided = items.filter((item) => item.answer).length;
  say(`${counted(decided, "decision")} exported as decisions.json.`);
}

async function load(file) {
  const key = (path, number, start, end, rules) => JSON.stringify([path, number, start, end, rules]);
  const known = new Map(
    items.map((item) => [key(files[item.draft.file].path, item.draft.record, ...item.points, item.rules), item]),
  );
  let given;
  try {
    given = JSON.parse(await file.text());
    if (given.version !== data.version || !Array.isArray(given.decisions)) throw new Error();
  } catch {
    return say(`${file.name} is not a file of decisions.`);
  }
  const batch = [];
  const digests = new Map(given.files.map((one) => [one.path, one.digest]));
  let strange = 0;
  for (const one of given.decisions) {
    const item = known.get(key(one.path, one.record ?? 0, one.start, one.end, one.rules));
    if (item && one.decision in SIGNS && digests.get(one.path) === files[item.draft.file].digest) {
      answer(item, { answer: one.decision, text: one.text }, batch);
    } else strange++;
  }
  finish(batch);
  go(current);
  say(`${counted(batch.length, "decision")} read` + (strange ? `; ${strange} belong to other texts.` : "."));
}

// ---------------------------------------------------------------- what is shown

const wanted = { rule: "", file: "", answer: "", levels: new Set([0, 1, 2]) };
let shown = items; // those that the filters let pass
let current = null;

function passes(item) {
  const { rule, file, answer: given, levels } = wanted;
  return (
    levels.has(item.level) &&
    (!file || item.draft.file === Number(file)) &&
    (!rule || item.rules.some((name) => name === rule || name.startsWith(rule + "."))) &&
    (!given || (item.answer ? item.answer.answer : "open") === given)
  );
}

const watcher = new IntersectionObserver(
  (entries) => entries.forEach((entry) => entry.isIntersecting && fill(entry.target)),
  { root: $("documents"), rootMargin: "1200px" },
);
const contents = new WeakMap(); // chunks that are not drawn yet, and their blocks

// Lay all out anew: one article for each text, in it chunks that are drawn when they come near.
function layOut() {
  shown = items.filter(passes);
  shown.forEach((item, i) => (item.place = i));
  watcher.disconnect();
  for (const item of items) item.block = item.chunk = null;
  const byDraft = new Map();
  for (const item of shown) {
    if (!byDraft.has(item.draft)) byDraft.set(item.draft, []);
    byDraft.get(item.draft).push(item);
  }
  const articles = [];
  for (const [draft, chosen] of byDraft) {
    const article = make("article", { lang: data.lang, "aria-labelledby": "draft-" + draft.number });
    const heading = make("h2", { id: "draft-" + draft.number, lang: "en" }, nameOf(draft));
    heading.append(" ", make("span", { class: "why" }, `(${chosen.length})`));
    article.append(heading);
    const blocks = blocksOf(draft, new Set(chosen));
    for (let i = 0; i < blocks.length; i += CHUNK) {
      const chunk = make("div", { class: "chunk" });
      const part = blocks.slice(i, i + CHUNK);
      contents.set(chunk, part);
      for (const block of part) for (const item of block.items ?? []) item.chunk = chunk;
      chunk.style.minHeight = part.reduce((sum, block) => sum + height(block), 0) + "px";
      article.append(chunk);
    }
    articles.push(article);
  }
  const nothing = make("p", { class: "empty" }, items.length ? "No suggestion passes the filters." : "Nothing to review.");
  $("documents").replaceChildren(...(articles.length ? articles : [nothing]));
  let ahead = 0;
  for (const chunk of document.querySelectorAll(".chunk")) {
    if (ahead < innerHeight) fill(chunk);
    else watcher.observe(chunk);
    ahead += parseFloat(chunk.style.minHeight) || 200;
  }
  const others = shown.length < items.length;
  $("accept-all").textContent = others ? "Accept all shown" : "Accept all";
  if (current && shown[current.place] !== current) current = null;
  go(current ?? shown.find((item) => !item.answer) ?? shown[0] ?? null, { quiet: true });
}

function height(block) {
  return block.fold ? 30 : 28 * Math.ceil(Math.max(1, block.end - block.start) / 85);
}

// Cut a text into blocks: stretches of whole lines that hold items, lines around them, folds between.
function blocksOf(draft, chosen) {
  const { text } = draft;
  const blocks = [];
  let at = 0;
  const between = (until) => {
    if (until > at) blocks.push(...stretch(draft, at, until, at > 0, until < text.length));
    at = until;
  };
  let open = null;
  for (const item of draft.items) {
    if (open && item.start < open.end) {
      open.items.push(item);
      open.end = Math.max(open.end, lastLineEnd(item));
      open.wanted ||= chosen.has(item);
    } else {
      if (open?.wanted) push(open);
      open = { draft, start: text.lastIndexOf("\n", item.start - 1) + 1, end: lastLineEnd(item), items: [item] };
      if (item.start === 0) open.start = 0;
      open.wanted = chosen.has(item);
    }
  }
  if (open?.wanted) push(open);
  between(text.length);
  return blocks;

  function push(block) {
    between(block.start);
    blocks.push(block);
    at = block.end;
  }
}

function lineEnd(text, from) {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end + 1;
}

// An item that ends with its line does not reach into the next.
function lastLineEnd(item) {
  return lineEnd(item.draft.text, Math.max(item.start, item.end - 1));
}

function stretch(draft, start, end, hasBefore, hasAfter) {
  const lines = [];
  for (let at = start; at < end; at = lines.at(-1).end) {
    lines.push({ draft, start: at, end: lineEnd(draft.text, at) });
  }
  if (lines.length <= LINES_FOLDED && end - start <= LENGTH_FOLDED) return lines;
  const first = hasBefore ? 1 : 0;
  const last = hasAfter ? lines.length - 1 : lines.length;
  const folded = lines.slice(first, last);
  if (folded.length < 2) return lines;
  return [...lines.slice(0, first), { draft, fold: folded }, ...lines.slice(last)];
}

function fill(chunk) {
  watcher.unobserve(chunk);
  const blocks = contents.get(chunk);
  if (!blocks) return;
  contents.delete(chunk);
  chunk.style.minHeight = "";
  chunk.append(...blocks.map((block) => (block.fold ? fold(block) : draw(block))));
}

function fold(block) {
  const button = make("button", { type: "button", class: "gap" }, `… ${counted(block.fold.length, "line")} as they are`);
  button.addEventListener("click", () => button.replaceWith(...block.fold.map(draw)));
  return button;
}

// Draw a block, in the place of what it was.
function draw(block) {
  const { text } = block.draft;
  const element = make("div", { class: "block", dir: "auto" });
  const put = (start, end) => start < end && element.append(text.slice(start, end));
  // Those that will change the text have the first right to show how.
  const pieces = [];
  const free = (a) => !pieces.some((b) => (a.start < b.end && b.start < a.end) || collide({ ...a }, b));
  const rank = (item) => (editsOf(item).length ? 0 : item.edits.length ? 1 : 2);
  for (const item of (block.items ?? []).slice().sort((a, b) => rank(a) - rank(b) || a.number - b.number)) {
    item.block = block;
    const parts = item.answer?.answer === "replace" ? editsOf(item) : item.edits;
    const own = parts.length ? parts : [{ start: item.start, end: item.end }];
    if (own.every(free)) own.forEach((part, i) => pieces.push({ ...part, item, first: i === 0 }));
    else pieces.push({ start: item.end, end: item.end, item, first: true, hidden: true });
  }
  pieces.sort((a, b) => a.start - b.start || a.end - b.end || a.item.number - b.item.number);
  let at = block.start;
  for (const piece of pieces) {
    const start = Math.max(piece.start, at);
    put(at, start);
    element.append(drawPiece(piece, text.slice(start, Math.max(start, piece.end))));
    at = Math.max(at, piece.end);
  }
  let end = block.end;
  if (text[end - 1] === "\n") end -= text[end - 2] === "\r" ? 2 : 1;
  put(at, Math.max(at, end));
  block.element?.replaceWith(element);
  block.element = element;
  return element;
}

function drawPiece({ item, first, hidden, text: after }, before) {
  const given = item.answer?.answer;
  const stays = given === "reject" || SILENT.includes(given) ? " stays" : "";
  const span = make("span", { class: "item " + (given ?? "open") + stays, "data-item": item.number });
  if (first) {
    span.tabIndex = -1;
    span.setAttribute("role", "group");
    span.setAttribute("aria-label", described(item));
  }
  if (item === current) span.classList.add("here");
  if (hidden || after === undefined) {
    span.append(make("span", { class: "note" }, hidden ? "" : before ? visible(before) : ""));
    if (first && !given) span.append(make("span", { class: "sign", "aria-hidden": "true" }, "※"));
  } else {
    if (before) span.append(make("del", {}, visible(before)));
    if (after) span.append(make("ins", {}, visible(after)));
  }
  if (first && given) span.append(make("span", { class: "sign", "aria-hidden": "true" }, SIGNS[given]));
  return span;
}

function described(item) {
  const given = item.answer ? SAID[item.answer.answer] : "undecided";
  return `Suggestion ${item.number + 1}, ${LEVELS[item.level]}, ${item.rule}, ${given}`;
}

const BLANKS = { " ": ["␣", "space"], "\t": ["⇥", "tab"], "\n": ["¶", "line end"] };

// What cannot be seen is shown by a sign where it is all there is, and always if it has no width.
function visible(text) {
  const blank = /^\s+$/.test(text);
  const out = document.createDocumentFragment();
  const sign = (shape, name) => out.append(make("span", { class: "symbol", role: "img", "aria-label": name }, shape));
  for (const part of text.split(/([\n\t\p{Cf}\p{Cc}\p{Zs}\u2028\u2029])/u)) {
    if (part === "") continue;
    if (Object.hasOwn(BLANKS, part)) {
      if (blank) sign(...BLANKS[part]);
      if (!blank || part === "\n") out.append(part);
    } else if (part !== "\r" && /^[\p{Cf}\p{Cc}\p{Zs}\u2028\u2029]$/u.test(part)) {
      const name = "U+" + part.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      sign(`⟨${name}⟩`, name);
    } else out.append(part);
  }
  return out;
}

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function counted(number, what) {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function say(text) {
  $("status").textContent = text;
}

// ---------------------------------------------------------------- the current one

function go(item, { quiet = false } = {}) {
  const before = current;
  current = item;
  if (before?.block) for (const span of spansOf(before)) span.classList.remove("here");
  showPanel();
  if (!item) return;
  if (item.chunk && contents.has(item.chunk)) fill(item.chunk);
  const spans = spansOf(item);
  for (const span of spans) span.classList.add("here");
  const [span] = spans;
  if (!span) return;
  if (!quiet) {
    const { top, bottom } = span.getBoundingClientRect();
    const frame = $("documents").getBoundingClientRect();
    if (top < frame.top + 40 || bottom > frame.bottom - 80) span.scrollIntoView({ block: "center" });
    span.focus({ preventScroll: true });
  }
}

function spansOf(item) {
  return item.block?.element?.querySelectorAll(`[data-item="${item.number}"]`) ?? [];
}

function step(by, { open = false } = {}) {
  if (!shown.length) return;
  let at = current ? current.place : -1;
  do at += by;
  while (open && shown[at]?.answer);
  if (shown[at]) return go(shown[at]);
  go(current);
  say(open ? "No undecided suggestion further on." : by > 0 ? "That was the last one." : "That was the first one.");
}

function give(given) {
  if (!current) return;
  if (given?.answer === "accept" && !current.edits.length) {
    return say("There is nothing to accept here: take an alternative, type a text (e), or reject it (r).");
  }
  const item = current;
  const taken = decide([item], given) - 1;
  const what = given ? SAID[given.answer] : "undecided";
  say(`Suggestion ${item.number + 1} ${what}.` + (taken ? ` ${counted(taken, "other")} on the same words taken back.` : ""));
  if (given && shown[item.place + 1]) step(1);
  else go(item);
}

// What is right here, or known: a comment in the line, or an entry in the baseline.
function silence(given) {
  if (!current) return;
  if (current.draft.record) return say("A record has no comments and no baseline: reject it, or leave out the rule.");
  give({ answer: given });
}

// A word is accepted wherever it is in doubt and nothing was decided.
function acceptWord() {
  if (!current) return;
  const wordOf = (item) => item.draft.text.slice(item.start, item.end);
  const word = wordOf(current);
  if (!/^[\p{L}\p{N}][\p{L}\p{N}_’'-]*$/u.test(word)) return say(`“${word}” is not one word.`);
  const item = current;
  const same = items.filter((other) => other === item || (!other.answer && wordOf(other) === word));
  decide(same, { answer: "word" });
  say(`“${word}” ${SAID.word}: ${counted(same.length, "suggestion")}.`);
  if (shown[item.place + 1]) step(1);
  else go(item);
}

// Many at once: those above display, so that “accept all” is what fix --unsafe-fixes does.
function giveAll(given, ofRule) {
  const chosen = shown.filter(
    (item) =>
      !item.answer &&
      !isTaken(item) &&
      (ofRule ? item.rule === current?.rule : true) &&
      (given.answer !== "accept" || (item.level > 0 || ofRule) && item.edits.length),
  );
  decide(chosen, given);
  say(`${counted(chosen.length, "suggestion")} ${SAID[given.answer]}` + (ofRule ? ` of ${current?.rule}.` : "."));
  if (current) go(current);
}

function edit() {
  if (!current) return;
  const { draft, start, end } = current;
  const old = draft.text.slice(start, end);
  let text = current.answer?.answer === "replace" ? current.answer.text : "";
  if (!text) {
    let at = start;
    for (const change of current.edits) {
      text += draft.text.slice(at, change.start) + change.text;
      at = change.end;
    }
    text += draft.text.slice(at, end);
  }
  $("editor-old").replaceChildren("Now: ", make("span", { class: "change" }, visible(old)));
  $("editor-text").value = text;
  $("editor").returnValue = "";
  $("editor").showModal();
  $("editor-text").select();
}

function showPanel() {
  const panel = $("panel");
  const item = current;
  if (!item) return panel.replaceChildren(make("p", { class: "why" }, "No suggestion chosen."));
  const { draft } = item;
  const parts = [];
  const place = `${item.place + 1} of ${shown.length}`;
  const head = make("p", { class: "why" }, `${place} · ${nameOf(draft)} · `);
  head.append(item.answer ? `${SIGNS[item.answer.answer]} ${SAID[item.answer.answer]}` : "undecided");
  parts.push(head);
  const title = make("h2", {}, item.rule, " ");
  title.append(make("span", { class: "level l" + item.level }, LEVELS[item.level]));
  parts.push(title);
  parts.push(changeOf(item));
  for (const message of new Set(item.findings.map((finding) => finding.message))) parts.push(make("p", {}, message));
  if (!item.findings.length) parts.push(make("p", {}, "It follows from other repairs of this text."));
  if (item.alternatives.length) {
    parts.push(make("p", { class: "why" }, "Alternatives"));
    const list = make("div", { class: "buttons" });
    item.alternatives.slice(0, 9).forEach((text, i) => {
      const button = make("button", { type: "button" }, make("kbd", { "aria-hidden": "true" }, String(i + 1)), " ", visible(text));
      button.addEventListener("click", () => give({ answer: "replace", text }));
      list.append(button);
    });
    parts.push(list);
  }
  const actions = make("div", { class: "buttons" });
  const action = (name, key, act, off = false) => {
    const button = make("button", { type: "button", "aria-keyshortcuts": key }, name, " ", make("kbd", { "aria-hidden": "true" }, key));
    button.disabled = off;
    button.addEventListener("click", act);
    actions.append(button);
  };
  action("Accept", "a", () => give({ answer: "accept" }), !item.edits.length);
  action("Reject", "r", () => give({ answer: "reject" }));
  action("Edit", "e", edit);
  if (item.answer) action("Clear", "c", () => give(null));
  action("Ignore here", "i", () => silence("ignore"), item.draft.record > 0);
  action("Add word", "w", acceptWord);
  action("Add to baseline", "b", () => silence("baseline"), item.draft.record > 0);
  if (undecided.get(item.rule) > 1) {
    action("Accept all of this rule", "A", () => giveAll({ answer: "accept" }, true), !item.edits.length);
    action("Reject all of it", "R", () => giveAll({ answer: "reject" }, true));
  }
  parts.push(actions);
  const reasons = make("ul", { class: "why" });
  for (const { evidence } of item.findings) {
    for (const [kind, detail, weight] of evidence) {
      const measured = weight ? ` (${weight > 0 ? "+" : "−"}${Math.abs(weight).toFixed(1)})` : "";
      reasons.append(make("li", {}, `${kind}: ${detail}${measured}`));
    }
  }
  if (reasons.childElementCount) parts.push(make("p", { class: "why" }, "Why"), reasons);
  panel.replaceChildren(...parts);
}

function changeOf(item) {
  const line = make("p", { class: "change", lang: data.lang });
  const { text } = item.draft;
  const edits = item.answer?.answer === "replace" ? editsOf(item) : item.edits;
  const before = text.slice(Math.max(text.lastIndexOf("\n", item.start - 1) + 1, item.start - AROUND), item.start);
  const after = text.slice(item.end, Math.min(lineEnd(text, item.end), item.end + AROUND)).trimEnd();
  line.append(make("span", { class: "around" }, before.slice(before.length < AROUND ? 0 : before.indexOf(" ") + 1)));
  let at = item.start;
  for (const change of edits) {
    line.append(text.slice(at, change.start));
    if (change.start < change.end) line.append(make("del", {}, visible(text.slice(change.start, change.end))));
    if (change.text) line.append(make("ins", {}, visible(change.text)));
    at = change.end;
  }
  line.append(text.slice(at, item.end));
  const cut = after.length < AROUND ? after.length : after.lastIndexOf(" ");
  line.append(make("span", { class: "around" }, after.slice(0, cut < 0 ? after.length : cut)));
  return line;
}

// ---------------------------------------------------------------- mouse and keyboard

const KEYS = {
  j: () => step(1),
  ArrowDown: () => step(1),
  k: () => step(-1),
  ArrowUp: () => step(-1),
  n: () => step(1, { open: true }),
  a: () => give({ answer: "accept" }),
  r: () => give({ answer: "reject" }),
  e: edit,
  c: () => give(null),
  i: () => silence("ignore"),
  w: acceptWord,
  b: () => silence("baseline"),
  A: () => current && giveAll({ answer: "accept" }, true),
  R: () => current && giveAll({ answer: "reject" }, true),
  u: undo,
  f: () => $("by-rule").focus(),
  x: save,
  "?": () => $("help").showModal(),
};

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (key === "Escape" && !document.querySelector("dialog[open]")) return go(current);
  if (document.querySelector("dialog[open]") || target.matches("input, select, textarea") || !$("keys-on").checked) return;
  if (/^[1-9]$/.test(key)) {
    const text = current?.alternatives[key - 1];
    if (text !== undefined) give({ answer: "replace", text });
  } else if (Object.hasOwn(KEYS, key)) {
    event.preventDefault();
    KEYS[key]();
  }
});

$("documents").addEventListener("click", (event) => {
  const span = event.target.closest("[data-item]");
  if (span) go(items[span.dataset.item]);
});

$("editor").addEventListener("close", () => {
  if ($("editor").returnValue === "save") give({ answer: "replace", text: $("editor-text").value });
  else go(current);
});
$("editor-text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("editor-save").click();
});

$("filters").addEventListener("submit", (event) => event.preventDefault());
$("filters").addEventListener("change", () => {
  wanted.rule = $("by-rule").value;
  wanted.file = $("by-file").value;
  wanted.answer = $("by-answer").value;
  wanted.levels = new Set([...document.querySelectorAll("[name=level]:checked")].map((box) => Number(box.value)));
  layOut();
  say(`${counted(shown.length, "suggestion")} shown.`);
});
$("accept-all").addEventListener("click", () => giveAll({ answer: "accept" }, false));
$("undo").addEventListener("click", undo);
$("export").addEventListener("click", save);
$("open").addEventListener("click", () => $("chosen-file").click());
$("chosen-file").addEventListener("change", (event) => event.target.files[0] && load(event.target.files[0]));
$("show-help").addEventListener("click", () => $("help").showModal());
addEventListener("pagehide", () => keepNow());

function fillFilters() {
  const count = new Map();
  for (const item of items) {
    for (const prefix of new Set(item.rules.flatMap(prefixes))) count.set(prefix, (count.get(prefix) ?? 0) + 1);
  }
  $("by-rule").append(make("option", { value: "" }, `any (${items.length})`));
  for (const [name, number] of [...count].sort(([a], [b]) => (a < b ? -1 : 1))) {
    $("by-rule").append(make("option", { value: name }, `${name} (${number})`));
  }
  const perFile = new Map();
  for (const item of items) perFile.set(item.draft.file, (perFile.get(item.draft.file) ?? 0) + 1);
  $("by-file").append(make("option", { value: "" }, `any (${perFile.size})`));
  for (const [file, number] of perFile) {
    $("by-file").append(make("option", { value: file }, `${files[file].path} (${number})`));
  }
}

function prefixes(rule) {
  const parts = rule.split(".");
  return parts.map((_, i) => parts.slice(0, i + 1).join("."));
}

restore();
fillFilters();
count();
layOut();
