import { finder } from "../../lib/words.js";

const ELSEWHERE = ".code, pre, code, .edited, .mention, .spoiler:not(.shown), .own-word";

/**
 * Mark in a message's text, outside of code, the words that call me; where they are not known yet, when they are. Those in a piece of one style
 * are found, which is nearly all.
 *
 * @param {HTMLElement} body
 * @param {import("../../models/choices.js").Choices} choices
 */
export function markWords(body, choices) {
  if (choices.known) return mark(body, choices.words);
  const stop = choices.on("change", () => {
    stop();
    mark(body, choices.words);
  });
}

function mark(body, words) {
  const find = finder(words);
  for (const text of textsOf(body)) {
    for (const { start, end } of find(text.data).reverse()) {
      const marked = document.createElement("mark");
      marked.className = "own-word";
      const word = text.splitText(start);
      word.splitText(end - start);
      word.replaceWith(marked);
      marked.append(word);
    }
  }
}

/** All at once, since marking changes what a walker would meet next. */
function textsOf(body) {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT, (text) => (text.parentElement.closest(ELSEWHERE) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}
