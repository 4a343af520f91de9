import { finder } from "../../lib/words.js";

const ELSEWHERE = ".code, pre, code, .edited, .mention, .spoiler:not(.shown), .own-word";

/** Mark in a message's text, outside of code, the words that call me. Those in a piece of one style are found, which is nearly all. */
export function markWords(body, words) {
  const find = finder(words);
  for (const text of textsOf(body)) {
    for (const { start, end } of find(text.data).reverse()) {
      const mark = document.createElement("mark");
      mark.className = "own-word";
      const word = text.splitText(start);
      word.splitText(end - start);
      word.replaceWith(mark);
      mark.append(word);
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
