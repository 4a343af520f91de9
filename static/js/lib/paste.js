/**
 * What becomes of a pasting, decided at once, while the browser still waits: null leaves it to the browser, which pastes
 * plain text and can undo it.
 */

import { fenceAt } from "./line-break.js";

/** More of it than this is not looked at. */
const MOST = 200_000;
const FORMATTED = /<(?:a|b|strong|i|em|s|del|strike|code|pre|kbd|ul|ol|li|table|blockquote|h[1-6]|hr)\b|font-weight:\s*(?:bold|[6-9]00)|font-style:\s*italic|line-through/i;
/** Editors put what they show on the clipboard: a monospaced font that keeps its blanks. */
const FROM_EDITOR = /<(?:div|pre)\b[^>]*style="[^"]*font-family:[^"]*(?:mono|menlo|consolas|courier)[^"]*"/i;
const NO_CODE = new Set(["markdown", "plaintext", "text"]);

/**
 * @param {{types: readonly string[], getData: (type: string) => string}} clipboard
 * @param {import("./line-break.js").Selected} selected where it is to go
 * @returns {null | {is: "html", html: string, plain: string} | {is: "code", code: string, language: string} | {is: "address", address: string}}
 */
export function readPaste(clipboard, { text, start, end }) {
  if (fenceAt(text, start)) return null;
  const plain = clipboard.getData("text/plain");
  if (start !== end && /^(?:https?:\/\/|mailto:)[^\s()]+$/i.test(plain.trim()) && !text.slice(start, end).includes("\n")) {
    return { is: "address", address: plain.trim() };
  }
  const html = clipboard.getData("text/html");
  if (!html || html.length > MOST) return null;
  const editor = clipboard.types.includes("vscode-editor-data") ? modeOf(clipboard.getData("vscode-editor-data")) : null;
  if (editor !== null || isFromEditor(html)) {
    const several = plain.trim().includes("\n");
    return several && !NO_CODE.has(editor) ? { is: "code", code: plain.replace(/^(?:[ \t]*\n)+|\s+$/g, ""), language: editor ?? "" } : null;
  }
  return FORMATTED.test(html) ? { is: "html", html, plain } : null;
}

function isFromEditor(html) {
  const body = html.replace(/^[\s\S]*?<!--StartFragment-->/, "").trimStart();
  const first = /^(?:<\/?(?:html|head|body|meta)\b[^>]*>\s*)*(<[^>]*>)/i.exec(body)?.[1] ?? "";
  return FROM_EDITOR.test(first) && /white-space:\s*pre|^<pre/i.test(first);
}

/** The language of a piece out of VS Code; "" where it is not told. */
function modeOf(data) {
  try {
    const { mode } = JSON.parse(data);
    return typeof mode === "string" && /^[\w+#-]{1,30}$/.test(mode) ? mode : "";
  } catch {
    return "";
  }
}

/** A fence around code, with more marks than are in it. */
export function fenced(code, language, before) {
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map((run) => run.length));
  const marks = "`".repeat(longest + 1);
  const lead = before && !before.endsWith("\n") ? "\n" : "";
  return `${lead}${marks}${language}\n${code}\n${marks}\n`;
}
