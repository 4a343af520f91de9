import { sizeText } from "../lib/files.js";
import { language, t } from "../lib/i18n.js";
import { clockTime, dayKey, dayLabel, fullTime } from "../lib/time.js";

const PAGE = 100;
/** It loads nothing, whatever stands in it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";
const STYLE = `
body { max-width: 44rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 system-ui, sans-serif; color: #222; background: #fff; overflow-wrap: anywhere; }
h1 { margin-bottom: 0; font-size: 1.4rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1rem; color: #555; }
header p, time, small { color: #666; }
article { margin-bottom: 1rem; }
article p, pre { margin: .2rem 0; }
pre { overflow: auto; padding: .6rem; background: #f4f4f4; white-space: pre-wrap; }
blockquote { margin: 0; padding-left: .8rem; border-left: 3px solid #ddd; }
`;
const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => SIGNS[sign]);

/**
 * A conversation to keep: one page that needs nothing else, in the language and the time of whoever reads it.
 *
 * It is made of what its visitor is told, a page of it at a time, so there is nothing in it that they may not see.
 *
 * @param {object} of
 * @param {string} of.site the web site's name
 * @param {(before: number | null, limit: number) => Promise<{messages: object[], more: boolean}>} of.read as `help_history`
 * @returns {Promise<{name: string, blob: Blob}>}
 */
export async function transcript({ site, read }) {
  const pages = [];
  for (let found = { more: true, messages: [] }; found.more; pages.unshift(found.messages)) {
    found = await read(pages[0]?.[0].seq ?? null, PAGE);
  }
  const said = pages.flat().filter(({ kind, deleted }) => kind === "text" && !deleted);
  const parts = said.map((message, at) => dayBefore(message, said[at - 1]) + articleOf(message));
  const now = new Date().toISOString();
  const title = escaped(t("help.transcript", { site }));
  const head = `<!doctype html>
<html lang="${language()}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>${title}</title><style>${STYLE}</style></head>
<body><header><h1>${title}</h1><p>${escaped(fullTime(now))}</p></header>
`;
  const plain = site.replace(/[^\p{L}\p{N}._-]+/gu, " ").trim();
  return { name: `${plain || "chat"} ${dayKey(now)}.html`, blob: new Blob([head, ...parts, "</body></html>\n"], { type: "text/html" }) };
}

function dayBefore({ created_at: when }, before) {
  if (before && dayKey(before.created_at) === dayKey(when)) return "";
  // Always with the year, and never "today": it is read another day.
  return `<h2>${escaped(dayLabel(when, 0))}</h2>\n`;
}

function articleOf({ mine, agent, html, files, created_at: when, edited_at: edited }) {
  const name = escaped(mine ? t("help.you") : agent.name);
  const more = edited ? ` <small>${escaped(t("help.edited"))}</small>` : "";
  const listed = files.map((file) => `<p><small>${escaped(t("help.file", { name: `${file.name}, ${sizeText(file.size)}` }))}</small></p>\n`).join("");
  return `<article><b dir="auto">${name}</b> <time datetime="${when}">${escaped(clockTime(when))}</time>${more}\n<div dir="auto">${html}</div>\n${listed}</article>\n`;
}

/** Let the browser keep it. */
export function keepFile({ name, blob }) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
