import assert from "node:assert/strict";
import { it } from "node:test";

import { HubHelpRating } from "../../../static/js/help/hub-help-rating.js";
import texts from "../../../static/js/help/texts/en.js";
import { setMessages } from "../../../static/js/lib/i18n.js";

setMessages("en", texts);

const words = (part) => (part?.strings ? part.strings.map((string, at) => string + words(part.values[at])).join("") : Array.isArray(part) ? part.map(words).join("") : typeof part === "string" ? part : "");

/** What it shows once it has heard where the conversation stands. */
function heard(rating, conversation) {
  const changed = new Map([["conversation", rating.conversation]]);
  rating.conversation = { state: "resolved", ...conversation };
  rating.willUpdate?.(changed);
  return words(rating.render());
}

it("a visitor is asked how it was each time that a conversation ends", async () => {
  const rating = new HubHelpRating();
  const given = [];
  Object.assign(rating, { model: { close: async (what) => given.push(what) }, querySelector: () => ({ value: "Kind" }), tell: () => {} });
  assert.match(heard(rating, { rating: null }), /How was it/);
  rating.chosen = 5;
  const [submit] = rating.render().values;
  await submit.call(rating, { preventDefault: () => {} });
  assert.deepEqual(given, [{ rating: 5, comment: "Kind" }]);
  assert.match(heard(rating, { rating: 5 }), /Thank you/);
  // Reopened and ended once more, perhaps while nobody looked.
  assert.match(heard(rating, { rating: null }), /How was it/);
  assert.equal(rating.chosen, null);
});
