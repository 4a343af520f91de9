/** Small conveniences of the server's pages. Every page works without them. */

import { forgetPush } from "../notify/push.js";
import { ask } from "./ask.js";
import { copy } from "./copy.js";
import { crop } from "./crop.js";
import { forgetConversations } from "./forget.js";
import { hue } from "./hue.js";
import { notifications } from "./notifications.js";
import { reveal } from "./reveal.js";
import { localTimes } from "./times.js";
import { tint } from "./tint.js";
import { zone } from "./zone.js";

for (const form of document.querySelectorAll("[data-ask]")) ask(form);
for (const button of document.querySelectorAll("[data-reveal]")) reveal(button);
for (const button of document.querySelectorAll("[data-copy]")) copy(button);
for (const avatar of document.querySelectorAll("[data-avatar]")) tint(avatar);
for (const button of document.querySelectorAll("[data-zone]")) zone(button);
for (const form of document.querySelectorAll("[data-crop]")) crop(form);
for (const field of document.querySelectorAll("[data-hue]")) hue(field);
for (const part of document.querySelectorAll("[data-notifications]")) notifications(part);
if (document.querySelector("[data-signed-out]")) {
  forgetConversations();
  forgetPush();
}
document.querySelector(".desk-links [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
localTimes(document.querySelectorAll("time:is([title], [data-local])"));

// A live region that is there from the start is not read out; putting its words in again is a change that is.
for (const region of document.querySelectorAll("[role=alert], [role=status]")) {
  const words = [...region.childNodes];
  region.replaceChildren();
  requestAnimationFrame(() => region.replaceChildren(...words));
}
