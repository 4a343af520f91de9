import { t } from "../../lib/i18n.js";
import { toast } from "../hub-toast.js";

/** Give each block of code in a message's body its language and a button that copies it. */
export function dressCode(body) {
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

/** Copy, and say whether it worked. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast({ text: t("toast.copied") });
  } catch {
    toast({ text: t("toast.notCopied") });
  }
}
