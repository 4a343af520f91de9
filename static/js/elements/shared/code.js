import { t } from "../../lib/i18n.js";
import { toast } from "../hub-toast.js";

const DRESSED = "pre, .spoiler, .task, .mention";

/** Give what stands in a message's text its words in the reader's language, and what can be done with it. */
export function dressText(body) {
  if (!body.querySelector(DRESSED)) return;
  dressCode(body);
  dressSpoilers(body);
  dressTasks(body);
  dressMentions(body);
}

/** Each block of code gets its language and a button that copies it. */
function dressCode(body) {
  for (const pre of body.querySelectorAll("pre:not(.code pre)")) {
    const frame = document.createElement("div");
    frame.className = "code";
    pre.replaceWith(frame);
    frame.append(head(pre), pre);
  }
}

function head(pre) {
  const language = /\blanguage-(\S+)/.exec(pre.querySelector("code")?.className ?? "")?.[1] ?? "";
  const bar = document.createElement("div");
  bar.className = "code-head";
  const name = document.createElement("span");
  name.textContent = language;
  const copy = document.createElement("button");
  copy.type = "button";
  copy.textContent = t("app.copy");
  copy.addEventListener("click", () => copyText(pre.textContent));
  bar.append(name, copy);
  return bar;
}

/** A hidden text is a button, whose name does not give it away, until it is shown for good. */
function dressSpoilers(body) {
  for (const spoiler of body.querySelectorAll(".spoiler:not(.shown, [role])")) {
    spoiler.tabIndex = 0;
    spoiler.setAttribute("role", "button");
    spoiler.setAttribute("aria-expanded", "false");
    spoiler.setAttribute("aria-label", t("messages.spoiler"));
    spoiler.addEventListener("click", reveal);
    spoiler.addEventListener("keydown", reveal);
  }
}

function reveal(event) {
  if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  event.stopPropagation();
  const spoiler = event.currentTarget;
  spoiler.removeEventListener("click", reveal);
  spoiler.removeEventListener("keydown", reveal);
  spoiler.classList.add("shown");
  for (const name of ["role", "aria-expanded", "aria-label"]) spoiler.removeAttribute(name);
  // The focus stays where it is, but nothing is left to be pressed.
  spoiler.tabIndex = -1;
}

/** The box of a task says whether it is done. */
function dressTasks(body) {
  for (const box of body.querySelectorAll(".task > .box:not([role])")) {
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", t(box.closest(".task").classList.contains("done") ? "messages.done" : "messages.open"));
  }
}

/** A person's name leads to their card. */
function dressMentions(body) {
  for (const name of body.querySelectorAll(".mention[data-user]:not([role])")) {
    name.tabIndex = 0;
    name.setAttribute("role", "button");
    name.dataset.person = name.dataset.user;
  }
}

/** Copy, and say whether it worked. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast({ text: t("toast.copied") });
  } catch {
    toast({ text: t("toast.notCopied") });
  }
}
