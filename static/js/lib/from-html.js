/**
 * A piece of a web page as Markdown. The page is parsed inertly: nothing in it runs and nothing is fetched, and of what it
 * says only words, their formats and plain links are kept.
 */
import TurndownService from "turndown";
import { tables, taskListItems } from "turndown-plugin-gfm";

/** Work grows with the elements, and faster where they stand in each other; more of them nobody copies by hand. */
const MOST_ELEMENTS = 5_000;
const MOST_TEXT = 200_000;
const UNSEEN = "head, x-script, x-style, template, noscript, iframe, object, svg, math, title, meta, link, [hidden], [aria-hidden=true]";
const MARKS = [["**", "strong", "b"], ["*", "em", "i"], ["~~", "del", "s", "strike"]];
const ADDRESS = /^(?:https?:\/\/|mailto:|tel:)[^\s<>]+$/i;

/**
 * @param {string} html
 * @param {(html: string) => Document} [parse]
 * @returns {string | null} Markdown; null where there is too much of it
 */
export function fromHtml(html, parse = (source) => new DOMParser().parseFromString(source, "text/html")) {
  if ((html.match(/<[a-z]/gi) ?? []).length > MOST_ELEMENTS) return null;
  const { body } = parse(disarmed(html));
  prepare(body);
  const markdown = service().turndown(body);
  if (markdown.length > MOST_TEXT) return null;
  return markdown.replace(/\u00a0/g, " ").replace(/[ \t]+$/gm, "").trim();
}

/**
 * Without what the page's security policy would refuse and complain about, though nothing of it would be done anyway: the
 * parts are renamed, not taken out, so that what is inside of them can be told.
 */
function disarmed(html) {
  return html
    .replace(/<(\/?)(script|style)\b/gi, "<$1x-$2")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/([\s"'/])(style|on[a-z]+)(?=\s*=)/gi, "$1data-$2"));
}

function service() {
  const turndown = new TurndownService({
    headingStyle: "atx", codeBlockStyle: "fenced", bulletListMarker: "-", emDelimiter: "*", strongDelimiter: "**", hr: "---", br: "",
  });
  turndown.use([tables, taskListItems]);
  turndown.escape = escape;
  for (const [mark, ...names] of MARKS) turndown.addRule(names[0], { filter: names, replacement: (content) => marked(content, mark) });
  turndown.addRule("cell", { filter: ["th", "td"], replacement: cell });
  turndown.addRule("item", { filter: "li", replacement: item });
  turndown.addRule("block", { filter: "pre", replacement: (_content, node) => block(node) });
  turndown.addRule("link", { filter: (node) => node.nodeName === "A", replacement: (content, node) => link(content, node) });
  turndown.addRule("image", { filter: "img", replacement: (_content, node) => escape(node.getAttribute("alt") ?? "") });
  return turndown;
}

/** Only what would be taken for a format; people read and edit what is pasted. */
function escape(text) {
  return text
    .replace(/[\\`*[\]]|~~|\|\|/g, (sign) => [...sign].map((one) => `\\${one}`).join(""))
    .replace(/(^|[^\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (found) => found.replace("_", "\\_"))
    .replace(/^(\s*)([-+>]|#{1,6}|~~~|={3,})(?=\s|$)/, "$1\\$2")
    .replace(/^(\s*\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
}

/** Marks around each line, as they do not go beyond a paragraph. */
const marked = (content, mark) => content.replace(/[^\n]*\S[^\n]*/g, (line) => line.replace(line.trim(), (words) => `${mark}${words}${mark}`));

function cell(content, node) {
  const words = content.trim().replace(/\s+/g, " ").replace(/\\?\|/g, "\\|");
  return `${node.previousElementSibling ? "" : "|"} ${words} |`;
}

function item(content, node) {
  const list = node.parentNode;
  const numbered = list?.nodeName === "OL";
  const place = numbered ? [...list.children].filter((child) => child.nodeName === "LI").indexOf(node) : 0;
  const marker = numbered ? `${(Number.parseInt(list.getAttribute("start"), 10) || 1) + place}. ` : "- ";
  const inside = content.replace(/^\n+|\n+$/g, "").replace(/^(\[[ x]\]) +/, "$1 ").replace(/\n+(?=\s*(?:[-*]|\d+\.) )/g, "\n").replace(/\n/g, `\n${" ".repeat(marker.length)}`);
  return `${marker}${inside}${node.nextSibling ? "\n" : ""}`;
}

function block(node) {
  for (const br of [...node.getElementsByTagName("br")]) br.replaceWith("\n");
  const code = node.textContent.replace(/^\n|\s+$/g, "");
  const names = [node, node.parentNode, ...node.getElementsByTagName("code")].map((element) => element.getAttribute("class") ?? "").join(" ");
  const language = /\b(?:language|lang|brush|highlight-source)[-:]\s?([\w+#-]+)/.exec(names)?.[1] ?? "";
  const longest = Math.max(2, ...(code.match(/`+/g) ?? []).map((run) => run.length));
  const marks = "`".repeat(longest + 1);
  return `\n\n${marks}${language}\n${code}\n${marks}\n\n`;
}

function link(content, node) {
  const words = content.replace(/\s*\n\s*/g, " ").trim();
  const address = (node.getAttribute("href") ?? "").trim();
  if (!ADDRESS.test(address) || !words) return content;
  // Round brackets would end the address too early.
  const target = address.replaceAll("(", "%28").replaceAll(")", "%29");
  return node.textContent.trim() === address ? address : `[${words}](${target})`;
}

/** Bring a document of any origin into the few forms that the rules know. */
function prepare(body) {
  for (const element of body.querySelectorAll(UNSEEN)) element.remove();
  for (const element of [...body.querySelectorAll("[data-style]")]) styled(element);
  const found = [...body.querySelectorAll("table")].map((table) => ({ table, layout: isLayout(table) }));
  // The inner ones first.
  for (const { table, layout } of found.reverse()) {
    if (layout) takenApart(table);
    else headed(table);
  }
}

/** Word processors say by style what the rules expect as elements. */
function styled(element) {
  const style = element.getAttribute("data-style");
  if (/display:\s*none/i.test(style)) return element.remove();
  const bold = /font-weight:\s*(\w+)/i.exec(style)?.[1] ?? "";
  const plain = /^(?:normal|[1-4]00)$/i.test(bold);
  if (/^(?:B|STRONG)$/.test(element.nodeName)) {
    if (plain) element.replaceWith(...element.childNodes);
    return;
  }
  if (element.nodeName !== "SPAN") return;
  if (/^(?:bold|[6-9]00)$/i.test(bold)) within(element, "strong");
  if (/font-style:\s*italic/i.test(style)) within(element, "em");
  if (/text-decoration[\w-]*:[^;]*line-through/i.test(style)) within(element, "del");
}

function within(element, name) {
  const wrapper = element.ownerDocument.createElement(name);
  wrapper.append(...element.childNodes);
  element.append(wrapper);
}

/** A table that holds more than lines of words, or nothing beside each other, only lays things out. */
function isLayout(table) {
  const inside = "table, ul, ol, pre, blockquote, h1, h2, h3, h4, h5, h6";
  return table.querySelector(inside) !== null || [...table.rows].every((row) => row.children.length < 2);
}

function takenApart(table) {
  const lines = [...table.rows].map((row) => {
    const line = table.ownerDocument.createElement("div");
    for (const cell of [...row.children]) line.append(...cell.childNodes, " ");
    return line;
  });
  table.replaceWith(...lines);
}

/** In Markdown a table needs a heading row, and each cell is one line. */
function headed(table) {
  for (const block of [...table.querySelectorAll("p, div, br")]) block.replaceWith(...block.childNodes, " ");
  const rows = [...table.rows];
  for (const cell of [...rows[0].children].filter((one) => one.nodeName === "TD")) {
    const head = table.ownerDocument.createElement("th");
    head.append(...cell.childNodes);
    cell.replaceWith(head);
  }
  // The rules know a heading row by its place, the first of all.
  table.replaceChildren(...rows);
}
