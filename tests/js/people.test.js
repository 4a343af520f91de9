/** How people appear: what a status is, when it ends, what time it is where they are, and how members are listed. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { offsetBetween, timeIn } from "../../static/js/lib/zones.js";
import { groupMembers, membersLike } from "../../static/js/models/member-groups.js";
import { Members } from "../../static/js/models/members.js";
import { People } from "../../static/js/models/people.js";
import { endOf, parseStatus, PRESETS, SPANS, statusOf } from "../../static/js/models/statuses.js";
import { ANN, BEN, user } from "./support.js";

/** A Wednesday afternoon. */
const NOW = new Date(2026, 6, 8, 15, 20);
const local = (date) => [date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes()];

test("a status ends after a span, with the day or with the week", () => {
  const ends = Object.fromEntries(SPANS.map((span) => [span, endOf(span, NOW) && local(endOf(span, NOW))]));
  assert.deepEqual(ends, { never: null, "30min": [7, 8, 15, 50], "1h": [7, 8, 16, 20], "4h": [7, 8, 19, 20], today: [7, 9, 0, 0], week: [7, 13, 0, 0], custom: null });
  assert.deepEqual(local(endOf("week", new Date(2026, 6, 12, 9))), [7, 13, 0, 0], "a Sunday belongs to its week");
  assert.deepEqual(local(endOf("week", new Date(2026, 6, 13, 9))), [7, 20, 0, 0], "a Monday begins one");
});

test("what has ended is not shown, told or not", () => {
  const said = { status_emoji: "🍜", status_text: "At lunch", status_until: NOW.toISOString() };
  assert.deepEqual(statusOf(said, NOW.getTime() - 1), { emoji: "🍜", text: "At lunch", until: said.status_until });
  assert.deepEqual(statusOf(said, NOW.getTime()), { emoji: "", text: "", until: null });
  assert.deepEqual(statusOf({ id: 1, name: "Kept by an earlier build" }), { emoji: "", text: "", until: null });
});

test("words may begin with an emoji, or with its name", async () => {
  const named = async (name) => ({ ":our_boat:": ":our_boat:", ":palm_tree:": "🌴" })[name] ?? null;
  const parsed = [
    ["🍜 At lunch", "🍜", "At lunch"],
    ["👩🏽‍💻", "👩🏽‍💻", ""],
    ["At lunch 🍜", "", "At lunch 🍜"],
    ["1 more", "", "1 more"],
    [":our_boat: At sea", ":our_boat:", "At sea"],
    [":palm_tree: off", "🌴", "off"],
    [":no_boat: At sea", "", ":no_boat: At sea"],
  ];
  for (const [words, emoji, text] of parsed) assert.deepEqual(await parseStatus(words, named), { emoji, text });
  for (const { emoji, span } of PRESETS) assert.ok((await parseStatus(emoji, named)).emoji && SPANS.includes(span));
});

test("the time elsewhere is told, and how far it is from here", () => {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  assert.equal(offsetBetween(here, NOW), 0);
  assert.equal(offsetBetween("Asia/Kolkata", NOW) - offsetBetween("Asia/Shanghai", NOW), -150);
  assert.match(timeIn("Asia/Shanghai", new Date("2026-07-08T06:30:00Z")), /14:30|02:30/);
  assert.equal(timeIn("Mars/Olympus", NOW), null);
});

test("members are listed by who leads and who is here", () => {
  const member = (id, name, role = "member") => ({ user: user(id, name), role });
  const list = [member(1, "ann", "owner"), member(3, "cho", "moderator"), member(2, "ben"), member(4, "dee")];
  const groups = groupMembers(list, (id) => (id === 2 ? "dnd" : "offline"));
  assert.deepEqual(groups.map(({ name, members }) => [name, members.map((one) => one.user.id)]), [["leaders", [1, 3]], ["here", [2]], ["away", [4]]]);
  assert.deepEqual(groupMembers([], () => "online"), []);
  assert.deepEqual(membersLike(list, " @BE").map((one) => one.user.id), [2]);
});

test("who leaves while the members are on their way is not listed", async () => {
  let answer;
  const members = new Members(7, () => new Promise((resolve) => (answer = resolve)));
  const loaded = members.load();
  members.heard([{ user: BEN, role: "member", gone: true }]);
  answer({ members: [{ user: ANN, role: "owner" }, { user: BEN, role: "member" }] });
  await loaded;
  assert.deepEqual(members.list.map((member) => member.user.id), [ANN.id]);
});

test("a search among members asks for those who are not loaded", async () => {
  const asked = [];
  const members = new Members(7, async (name, payload) => {
    asked.push([name, payload]);
    return { members: [{ user: BEN, role: "member", gone: false }] };
  });
  const heard = [];
  members.on("users", (users) => heard.push(...users));
  assert.deepEqual((await members.find(" be ")).map((one) => one.user.id), [BEN.id]);
  assert.deepEqual(asked, [["room_members", { room: 7, query: "be" }]]);
  assert.deepEqual(heard, [BEN]);
  assert.deepEqual(members.list, []);
});

test("a profile tells only news, so that whoever follows it does not ask for ever", async () => {
  const people = new People(async () => ({ user: { ...ANN }, about: "Writes", time_zone: null, rooms: 2 }));
  let told = 0;
  people.on("put", () => (told += 1));
  assert.deepEqual(await people.profile(ANN.id), { about: "Writes", time_zone: null, rooms: 2 });
  await people.profile(ANN.id);
  assert.equal(told, 1);
});
