/** Formatting and line breaks in a text: "[" and "]" stand for the ends of what is selected, "|" for a caret. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { breaksHere, continued, fenceAt } from "../../static/js/lib/line-break.js";
import { FORMATS, isAddress, linkTo } from "../../static/js/lib/markdown-edit.js";
import { processorTime } from "./support.js";

const OPEN = "⟦";
const CLOSE = "⟧";

/** "a ⟦b⟧" or "a ¦b" as a `Selected`. */
function read(drawn) {
  const caret = drawn.indexOf("¦");
  if (caret >= 0) return { text: drawn.replace("¦", ""), start: caret, end: caret };
  const start = drawn.indexOf(OPEN);
  const end = drawn.indexOf(CLOSE) - 1;
  return { text: drawn.replace(OPEN, "").replace(CLOSE, ""), start, end };
}

function draw({ text, start, end }) {
  if (start === end) return `${text.slice(0, start)}¦${text.slice(start)}`;
  return text.slice(0, start) + OPEN + text.slice(start, end) + CLOSE + text.slice(end);
}

function apply(selected, edit) {
  return { text: selected.text.slice(0, edit.from) + edit.insert + selected.text.slice(edit.to), start: edit.start, end: edit.end };
}

const formatted = (drawn, name) => draw(apply(read(drawn), FORMATS[name](read(drawn))));

const broken = (drawn) => {
  const edit = continued(read(drawn));
  return edit && draw(apply(read(drawn), edit));
};

/** What a format makes of a text, and that the same format makes it undone. */
function toggles(name, off, on) {
  assert.equal(formatted(off, name), on, `${name} on`);
  assert.equal(formatted(on, name), off, `${name} off`);
}

test("marks go around what is selected and away again", () => {
  toggles("bold", "say ⟦it⟧ now", "say **⟦it⟧** now");
  toggles("italic", "say ⟦it⟧ now", "say *⟦it⟧* now");
  toggles("strike", "⟦all⟧", "~~⟦all⟧~~");
  toggles("spoiler", "⟦all⟧", "||⟦all⟧||");
  toggles("code", "run ⟦make⟧", "run `⟦make⟧`");
  toggles("bold", "请⟦注意⟧时间", "请**⟦注意⟧**时间");
});

test("bold and italic go around the same words", () => {
  assert.equal(formatted("**⟦it⟧**", "italic"), "***⟦it⟧***");
  assert.equal(formatted("***⟦it⟧***", "italic"), "**⟦it⟧**");
  assert.equal(formatted("***⟦it⟧***", "bold"), "*⟦it⟧*");
  assert.equal(formatted("⟦**it**⟧", "italic"), "*⟦**it**⟧*");
  assert.equal(formatted("⟦**it**⟧", "bold"), "⟦it⟧");
});

test("blanks at the ends of a selection stay outside of the marks", () => {
  assert.equal(formatted("a⟦ word ⟧b", "bold"), "a **⟦word⟧** b");
  assert.equal(formatted("⟦   ⟧", "bold"), "   **¦**");
});

test("without a selection there is a pair to write in", () => {
  assert.equal(formatted("so ¦", "bold"), "so **¦**");
  assert.equal(formatted("so **¦**", "bold"), "so ¦");
  assert.equal(formatted("so **much¦**", "bold"), "so **much**¦");
  assert.equal(formatted("so *¦*", "italic"), "so ¦");
  assert.equal(formatted("¦", "code"), "`¦`");
});

test("each line of a selection gets its own marks, behind what begins it", () => {
  assert.equal(formatted("⟦one\n\ntwo⟧", "bold"), "⟦**one**\n\n**two**⟧");
  assert.equal(formatted("⟦**one**\n\n**two**⟧", "bold"), "⟦one\n\ntwo⟧");
  assert.equal(formatted("⟦- one\n- [ ] two\n> three⟧", "italic"), "- ⟦*one*\n- [ ] *two*\n> *three*⟧");
  // What has the marks already keeps them.
  assert.equal(formatted("⟦**one**\ntwo⟧", "bold"), "⟦**one**\n**two**⟧");
});

test("code finds enough backticks", () => {
  assert.equal(formatted("⟦a`b⟧", "code"), "`` ⟦a`b⟧ ``");
  assert.equal(formatted("⟦`x`⟧", "code"), "⟦x⟧");
  assert.equal(formatted("⟦one\ntwo⟧", "code"), "```\n⟦one\ntwo⟧\n```");
});

test("a block is fenced and unfenced", () => {
  assert.equal(formatted("¦", "block"), "```\n¦\n```");
  assert.equal(formatted("see ⟦x = 1⟧ there", "block"), "see \n```\n⟦x = 1⟧\n```\n there");
  assert.equal(formatted("```py\nx = ¦1\n```\nafter", "block"), "x = ¦1\nafter");
  assert.equal(formatted("```\nnever clo¦sed", "block"), "never clo¦sed");
  assert.equal(formatted("⟦```\nin\n```⟧", "block"), "⟦in⟧");
  assert.equal(formatted("⟦a\n```\nb⟧", "block"), "````\n⟦a\n```\nb⟧\n````");
});

test("quotes and lists begin every line that is touched", () => {
  toggles("quote", "⟦one\n\ntwo⟧", "⟦> one\n> \n> two⟧");
  toggles("bullets", "⟦one\ntwo⟧", "⟦- one\n- two⟧");
  toggles("numbers", "⟦one\n\ntwo⟧", "⟦1. one\n\n2. two⟧");
  toggles("tasks", "⟦one\ntwo⟧", "⟦- [ ] one\n- [ ] two⟧");
  assert.equal(formatted("on¦e", "bullets"), "- on¦e");
  assert.equal(formatted("- on¦e", "bullets"), "on¦e");
  assert.equal(formatted("¦", "numbers"), "1. ¦");
  assert.equal(formatted("before\no⟦n⟧e\nafter", "quote"), "before\n⟦> one⟧\nafter");
  // A line of which only the beginning is selected is not touched.
  assert.equal(formatted("⟦one\n⟧two", "bullets"), "⟦- one⟧\ntwo");
});

test("one kind of list becomes another", () => {
  assert.equal(formatted("⟦- one\n- [x] two⟧", "numbers"), "⟦1. one\n2. two⟧");
  assert.equal(formatted("⟦1. one\n2) two⟧", "tasks"), "⟦- [ ] one\n- [ ] two⟧");
  assert.equal(formatted("⟦* one⟧", "tasks"), "⟦- [ ] one⟧");
  assert.equal(formatted("⟦- [ ] one⟧", "bullets"), "⟦- one⟧");
});

test("links are made and taken away", () => {
  assert.equal(formatted("see ⟦this⟧", "link"), "see [this](¦)");
  assert.equal(formatted("¦", "link"), "[¦]()");
  assert.equal(formatted("⟦https://example.org/a⟧", "link"), "[¦](https://example.org/a)");
  assert.equal(formatted("see [th¦is](https://example.org) now", "link"), "see ⟦this⟧ now");
  assert.equal(formatted("see [th¦is]() now", "link"), "see [this](¦) now");
});

test("an address is put under a selection", () => {
  assert.equal(draw(apply(read("see ⟦this⟧"), linkTo(read("see ⟦this⟧"), "https://example.org"))), "see [this](https://example.org)¦");
  assert.ok(isAddress("https://example.org/a?b=c"));
  assert.ok(!isAddress("https://example.org and more"));
  assert.ok(!isAddress("javascript:alert(1)"));
  // It would end too early between round brackets.
  assert.ok(!isAddress("https://example.org/a_(b)"));
});

test("a line break goes on with a list, and ends it where its item is empty", () => {
  assert.equal(broken("- one¦"), "- one\n- ¦");
  assert.equal(broken("- on¦e"), "- on\n- ¦e");
  assert.equal(broken("  * one¦"), "  * one\n  * ¦");
  assert.equal(broken("9. nine¦"), "9. nine\n10. ¦");
  assert.equal(broken("3) three¦"), "3) three\n4) ¦");
  assert.equal(broken("- [x] done¦"), "- [x] done\n- [ ] ¦");
  assert.equal(broken("- one\n- ¦"), "- one\n¦");
  assert.equal(broken("- [ ] ¦"), "¦");
  assert.equal(broken("- 你好¦"), "- 你好\n- ¦");
});

test("elsewhere a line break is only that", () => {
  for (const drawn of ["¦", "plain¦", "-no list¦", "¦- one", "> quoted¦", "1.5 metres¦", "- one\n\nplain¦"]) assert.equal(broken(drawn), null, drawn);
});

test("inside a fence, lines break and keep their indentation", () => {
  assert.equal(broken("```\n  if x:¦"), "```\n  if x:\n  ¦");
  assert.equal(broken("```\n- no list¦"), null);
  for (const drawn of ["```¦", "```py\nx¦", "~~~\n¦", "```\nx¦\n```\n", "- one¦", "a\n```\n¦\n```"]) assert.ok(breaksHere(read(drawn)), drawn);
  for (const drawn of ["```\nx\n```¦", "¦```\nx", "```one line```¦", "plain¦", "```\nx\n```\nafter¦"]) assert.ok(!breaksHere(read(drawn)), drawn);
});

test("a fence ends only with as many of the same marks", () => {
  assert.deepEqual(fenceAt("````\n```\nx\n````", 10), { from: 0, inner: 5, end: 10, to: 15 });
  assert.equal(fenceAt("~~~\n```\n~~~\nx", 13), null);
  assert.ok(fenceAt("```\n``` not closing\nx", 20));
});

test("a long text with many marks is looked at in no time", () => {
  const text = "```\n~~~\n- [ ] **a** `b` [c](d)\n".repeat(330);
  const took = processorTime(() => {
    for (const name of Object.keys(FORMATS)) FORMATS[name]({ text, start: 0, end: text.length });
    for (const name of Object.keys(FORMATS)) FORMATS[name]({ text, start: 5_000, end: 5_000 });
    continued({ text, start: text.length, end: text.length });
    FORMATS.link({ text: "[".repeat(10_000), start: 9_000, end: 9_000 });
    FORMATS.link({ text: "[a](".repeat(2_500), start: 9_000, end: 9_000 });
    FORMATS.code({ text: "`".repeat(10_000), start: 0, end: 10_000 });
  });
  assert.ok(took < 1_000);
});
