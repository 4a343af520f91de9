import assert from "node:assert/strict";
import { test } from "node:test";

import { setMessages } from "../../static/js/lib/i18n.js";
import { byName } from "../../static/js/lib/order.js";

test("names stand in the order of the page's language", () => {
  setMessages("en", {});
  assert.deepEqual(["room 10", "Zoe", "room 9", "Émile", "eva"].sort(byName), ["Émile", "eva", "room 9", "room 10", "Zoe"]);
  setMessages("zh-Hans", {});
  assert.deepEqual(["闲聊", "发布", "大厅", "支持"].sort(byName), ["大厅", "发布", "闲聊", "支持"]);
  setMessages("en", {});
});
