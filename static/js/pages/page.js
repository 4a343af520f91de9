/** Small conveniences of the server's pages. Every page works without them. */

import { reveal } from "./reveal.js";
import { copy } from "./copy.js";
import { tint } from "./tint.js";
import { localTimes } from "./times.js";

for (const button of document.querySelectorAll("[data-reveal]")) reveal(button);
for (const button of document.querySelectorAll("[data-copy]")) copy(button);
for (const avatar of document.querySelectorAll("[data-avatar]")) tint(avatar);
localTimes(document.querySelectorAll("time[title]"));

// A live region that is there from the start is not read out; putting its words in again is a change that is.
for (const region of document.querySelectorAll("[role=alert], [role=status]")) {
  const words = [...region.childNodes];
  region.replaceChildren();
  requestAnimationFrame(() => region.replaceChildren(...words));
}
