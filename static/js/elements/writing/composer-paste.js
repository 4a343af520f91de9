import { fenced, readPaste } from "../../lib/paste.js";
import { change, insert, selectedIn } from "./text-field.js";

/** Paste what a page, an editor or an address bar has put on the clipboard; what is left alone, the browser pastes. */
export function paste(event) {
  const field = event.currentTarget;
  const found = event.clipboardData && readPaste(event.clipboardData, selectedIn(field));
  if (!found) return;
  event.preventDefault();
  PASTES[found.is](field, found);
}

const PASTES = {
  async address(field, { address }) {
    const { linkTo } = await import("../../lib/markdown-edit.js");
    change(field, linkTo(selectedIn(field), address));
  },
  code(field, { code, language }) {
    const { text, start } = selectedIn(field);
    insert(field, fenced(code, language, text.slice(0, start)));
  },
  async html(field, { html, plain }) {
    insert(field, (await markdownOf(html)) ?? plain);
  },
};

/** @returns {Promise<string | null>} null where there is nothing better than the plain text */
async function markdownOf(html) {
  try {
    const { fromHtml } = await import("../../lib/from-html.js");
    return fromHtml(html) || null;
  } catch {
    return null;
  }
}
