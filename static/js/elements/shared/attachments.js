import { html, nothing } from "lit";

import { contentOf, downloadOf, iconOf, kindOf, sightOf, sizeText, typeText } from "../../lib/files.js";
import { t } from "../../lib/i18n.js";
import { icon } from "./icon.js";

const WIDEST = 480;
const TALLEST = 360;
/** Of a picture that is all length, so much is shown of the other side. */
const LEAST = 96;
const GRID = 3;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
/** Pictures that could not be shown; they stay cards as long as the page lasts. */
const broken = new Set();

/**
 * The files of a message. Pictures have their size before they are there, so that nothing moves when they come.
 *
 * @param {object[]} files
 * @param {{show: (file: object) => void, redraw: () => void, tallest?: number}} how `show` opens a picture; `redraw` draws the row again;
 *   a single picture is at most so many pixels tall
 */
export function attachments(files, { show, redraw, tallest = TALLEST }) {
  if (!files?.length) return nothing;
  const pictures = files.filter((file) => kindOf(file) === "picture" && !broken.has(file.id));
  const others = files.filter((file) => !pictures.includes(file));
  const failed = (file) => {
    broken.add(file.id);
    redraw();
  };
  return html`<div class="attachments">
    ${pictures.length === 1 ? picture(pictures[0], { show, failed, style: place(pictures[0], tallest) }) : nothing}
    ${pictures.length > 1 ? html`<div class="grid ${pictures.length % GRID && pictures.length < 5 && pictures.length % 2 === 0 ? "of-two" : ""}">${pictures.map((file) => picture(file, { show, failed }))}</div>` : nothing}
    ${others.map(other)}
  </div>`;
}

/** A picture as a button that opens it. The style is set as a property: the security policy forbids the attribute. */
export function picture(file, { show, failed, style = "" }) {
  const tiny = Math.max(file.width, file.height) < LEAST;
  return html`<button type="button" class="picture ${tiny ? "tiny" : ""}" .style=${style} aria-label=${t("files.open", { name: file.name })} title=${file.name} @click=${() => show(file)}>
    <img src=${sightOf(file, { still: calm.matches })} alt=${file.name} loading="lazy" decoding="async" draggable="false" @error=${() => failed(file)}></button>`;
}

/** The box of a single picture: as large as fits, never larger than it is, and never a mere line. */
function place({ width, height }, tallest) {
  const scale = Math.min(1, WIDEST / width, tallest / height);
  const across = Math.round(Math.max(width * scale, Math.min(LEAST, WIDEST)));
  const down = Math.round(Math.max(height * scale, Math.min(LEAST, tallest)));
  return `inline-size: ${across}px; aspect-ratio: ${across} / ${down}`;
}

function other(file) {
  const kind = kindOf(file);
  if (kind === "video") return html`<figure class="player"><video controls preload="metadata" playsinline src=${contentOf(file)} aria-label=${file.name}></video>${line(file)}</figure>`;
  if (kind === "audio") return html`<figure class="player"><audio controls preload="metadata" src=${contentOf(file)} aria-label=${file.name}></audio>${line(file)}</figure>`;
  return card(file);
}

/** Below what plays by itself: what it is, and a way to keep it. */
const line = (file) => html`<figcaption><span class="name" dir="auto" title=${file.name}>${file.name}</span><small>${sizeText(file.size)}</small>${download(file)}</figcaption>`;

/** A file as a card: its name, what it is, how large, and a way to keep it. */
export const card = (file) => html`<div class="card">
  ${named(file, html`${typeText(file)} · ${sizeText(file.size)}`)}
  ${download(file)}
</div>`;

/** What a file is, in two lines beside its sign; a click keeps it. */
export const named = (file, about) => html`<a class="named" title=${file.name} href=${downloadOf(file)} download=${file.name}>
  <span class="sign">${icon(iconOf(file))}</span>
  <span class="what"><span class="name" dir="auto">${file.name}</span><small>${about}</small></span>
</a>`;

export const download = (file) => html`<a class="icon-button" href=${downloadOf(file)} download=${file.name} aria-label=${t("files.download", { name: file.name })} title=${t("files.download", { name: file.name })}>${icon("download")}</a>`;
