import assert from "node:assert/strict";
import { beforeEach, describe, it, mock } from "node:test";
import { Search, everywhere, isIdle, isUnfinished, problemOf } from "../../static/js/models/search.js";
import { CommandError } from "../../static/js/socket.js";
import { FakeStorage, settle } from "./support.js";

let asked, answers, storage, search;

const hits = (...ids) => ids.map((id) => ({ message: { id, room: 1, seq: id }, excerpt: ["a ", "word"] }));
const found = () => search.hits?.map((hit) => hit.message.id) ?? null;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  asked = [];
  answers = [];
  storage = new FakeStorage();
  search = make();
});

function make(options = {}) {
  const request = (name, payload) => {
    asked.push([name, payload]);
    return new Promise((resolve, reject) => answers.push({ resolve, reject }));
  };
  return new Search({ request, storage, user: 1, ...options });
}

async function ask(query, answer, options) {
  const done = search.ask(query, options);
  answers.at(-1).resolve(answer);
  await done;
}

describe("a search", () => {
  it("asks with the fields of the contract, page after page", async () => {
    const page = Array.from({ length: 20 }, (_, n) => 30 - n);
    await ask("  word from:ben ", { hits: hits(...page), next: 11 });
    assert.deepEqual(found(), page);
    const more = search.more();
    search.more();
    answers.at(-1).resolve({ hits: hits(5) });
    await more;
    assert.deepEqual(found(), [...page, 5]);
    await search.more();
    assert.deepEqual(asked, [
      ["search", { query: "word from:ben", limit: 20 }],
      ["search", { query: "word from:ben", limit: 20, before: 11 }],
    ]);
    assert.deepEqual([search.loading, search.error, search.next], [false, null, null]);
  });

  it("goes on by itself where the server had no time to find a whole page", async () => {
    const asking = search.ask("rare");
    for (const answer of [{ hits: [], next: 900 }, { hits: hits(700), next: 600 }, { hits: [], next: 300 }, { hits: [] }]) {
      assert.equal(search.loading, true);
      answers.at(-1).resolve(answer);
      await settle();
    }
    await asking;
    assert.deepEqual(asked.map(([, { before }]) => before), [undefined, 900, 600, 300]);
    assert.deepEqual([found(), search.next, search.loading], [[700], null, false]);
  });

  it("stops going on when something else is asked", async () => {
    const asking = search.ask("rare");
    answers.at(-1).resolve({ hits: [], next: 900 });
    await settle();
    const other = search.ask("other");
    answers[1].resolve({ hits: hits(800), next: 700 });
    answers[2].resolve({ hits: hits(3) });
    await Promise.all([asking, other]);
    assert.deepEqual([found(), asked.length], [[3], 3]);
  });

  it("in a conversation names its room", async () => {
    await ask("word", { hits: [] }, { room: 7 });
    assert.deepEqual(asked, [["search", { query: "word", limit: 20, room: 7 }]]);
    assert.deepEqual(found(), []);
  });

  it("keeps what was found until the newer answer comes, and drops an answer that comes too late", async () => {
    await ask("one", { hits: hits(1) });
    const late = search.ask("two");
    const [, slow] = answers;
    const now = search.ask("three");
    assert.deepEqual([found(), search.loading], [[1], true]);
    answers.at(-1).resolve({ hits: hits(3) });
    await now;
    slow.resolve({ hits: hits(2), next: 2 });
    await late;
    assert.deepEqual([found(), search.next], [[3], null]);
  });

  it("for nothing but a place asks nobody, and shows nothing", async () => {
    await ask("one", { hits: hits(1) });
    for (const query of ["", "  ", "in:#launch", "in:#launch ", 'IN:"two words"', "in:"]) {
      assert.ok(isIdle(query), query);
      await search.ask(query);
      assert.deepEqual([found(), search.loading, asked.length], [null, false, 1]);
    }
    for (const query of ["in:#launch x", "from:ben", "has:file", "begin:it"]) assert.ok(!isIdle(query), query);
  });

  it("knows an operator that still lacks something", () => {
    const lacking = ["from:", "a from:@", "in:", "x in:#", "has:", "has:fil", "before:", "after:2026-01-3", "FROM:", "from："];
    const whole = ["", "word", "from:ben", "in:#launch ", "has:file", "before:2026-01-31", "after:2026-01-31 x", "begin:", "has: it"];
    assert.deepEqual(lacking.filter((query) => !isUnfinished(query)), []);
    assert.deepEqual(whole.filter(isUnfinished), []);
  });

  it("is widened by leaving its rooms out", () => {
    assert.equal(everywhere('one in:#launch two in:"a b" in：设计'), "one  two");
    assert.equal(everywhere("begin:it"), "begin:it");
  });

  it("that fails says so, and can be asked again", async () => {
    const failing = search.ask("one");
    answers.at(-1).reject(new CommandError({ code: "unavailable", retryable: true }));
    await failing;
    assert.deepEqual([search.error.code, found(), search.loading], ["unavailable", null, false]);
    const again = search.retry();
    answers.at(-1).resolve({ hits: hits(1) });
    await again;
    assert.deepEqual([search.error, found()], [null, [1]]);
    await search.retry();
    assert.equal(asked.length, 2);
  });

  it("that fails on its second page keeps the first, and goes on from there", async () => {
    const failing = search.ask("one");
    answers.at(-1).resolve({ hits: hits(9), next: 9 });
    await settle();
    answers.at(-1).reject(new CommandError({ code: "disconnected", retryable: true }));
    await failing;
    assert.deepEqual([search.error.code, found()], ["disconnected", [9]]);
    const again = search.retry();
    answers.at(-1).resolve({ hits: hits(8) });
    await again;
    assert.deepEqual([found(), asked.at(-1)[1].before], [[9, 8], 9]);
  });

  it("that was too fast comes back when it is told to", async () => {
    const failing = search.ask("one");
    answers.at(-1).reject(new CommandError({ code: "rate_limited", retry_after: 2, retryable: true }));
    await failing;
    mock.timers.tick(1_999);
    assert.equal(asked.length, 1);
    mock.timers.tick(1);
    assert.equal(asked.length, 2);
    answers.at(-1).resolve({ hits: hits(1) });
    await settle();
    assert.deepEqual([search.error, found()], [null, [1]]);
  });

  it("that was given up does not come back", async () => {
    const failing = search.ask("one");
    answers.at(-1).reject(new CommandError({ code: "rate_limited", retry_after: 2, retryable: true }));
    await failing;
    await search.ask("");
    mock.timers.tick(5_000);
    assert.equal(asked.length, 1);
  });
});

describe("earlier searches", () => {
  it("are those that were meant: the last first, each once, eight of them", async () => {
    for (const query of ["a", "b", "a", "c", "in:#launch"]) {
      search.ask(query);
      search.remember();
    }
    assert.deepEqual(search.recent, ["c", "a", "b"]);
    for (let n = 1; n <= 9; n += 1) {
      search.ask(`n${n}`);
      search.remember();
    }
    assert.deepEqual([search.recent.length, search.recent[0]], [8, "n9"]);
  });

  it("are remembered by looking at what was found, and for the next page", async () => {
    await ask("word", { hits: hits(4) });
    assert.deepEqual(search.recent, []);
    search.look(search.hits[0]);
    assert.deepEqual([search.seen, make().recent, make({ user: 2 }).recent], [4, ["word"], []]);
    search.forget();
    assert.deepEqual([search.recent, storage.length], [[], 0]);
  });

  it("that are damaged, or can't be kept, are none", () => {
    for (const damage of ["{", '"x"', "[1, null]"]) {
      storage.setItem("hubbub.searches.1", damage);
      assert.deepEqual(search.recent, []);
    }
    const refusing = { getItem: () => { throw new Error("no"); }, setItem: () => { throw new Error("full"); } };
    for (const none of [null, refusing]) {
      search = make({ storage: none });
      search.ask("word");
      search.remember();
      assert.deepEqual(search.recent, []);
    }
  });
});

describe("what is wrong with a query", () => {
  for (const [query, problem] of [
    ["boats before:never", "day"],
    ["after：2026-1-1 boats", "day"],
    ["before:2026-02-31", "day"],
    ["has:wings boats", "has"],
    ["boats from: ada", "value"],
    ["in: ", "value"],
    ["🎉", "words"],
    ["has:link !", "words"],
  ]) {
    it(`${query}: ${problem}`, () => assert.equal(problemOf(query), problem));
  }
});
