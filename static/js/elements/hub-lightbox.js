import { html, nothing } from "lit";
import PhotoSwipe from "photoswipe";

import { contentOf, downloadOf, sightOf } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { addStyles } from "../lib/later.js";
import { fullTime, shortTime } from "../lib/time.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { isGone, picturesIn } from "./shared/pictures.js";

const STEP = 1.5;
const STYLES = new URL("../../vendor/photoswipe/photoswipe.css", import.meta.url);
let styled = null;
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Open a picture over everything, with others before and after it.
 *
 * @param {{client: object, room: object, message: number, file: number, pictures?: import("./shared/pictures.js").Picture[]}} what
 *   the picture by its message and its file; `pictures` are those of the room that are loaded, unless told otherwise
 */
export async function openLightbox({ client, room, message, file, pictures = picturesIn(client, room) }) {
  const index = pictures.findIndex((one) => one.message === message && one.file.id === file);
  if (index < 0) return;
  await (styled ??= addStyles(STYLES).catch((error) => {
    styled = null;
    throw error;
  }));
  // A second click came while this was loaded.
  if (document.querySelector("hub-lightbox")) return;
  const lightbox = Object.assign(document.createElement("hub-lightbox"), { client, room, pictures, index });
  (document.querySelector("hub-app") ?? document.body).append(lightbox);
}

/** Pictures, one at a time: zoomed by wheel, fingers and keys, moved about, left by Escape. PhotoSwipe knows the gestures. */
export class HubLightbox extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    pictures: { attribute: false },
    index: { attribute: false },
    /** Whether there is nothing but the picture, as a tap asks for. */
    bare: { state: true },
    /** How large the picture is drawn, and how large it may be. */
    zoom: { state: true },
  };

  #watch = watch(this);
  #viewer = null;

  willUpdate() {
    this.#watch.set(this.client.rooms, this.room, this.room.timeline, this.room.files);
  }

  render() {
    const { pictures, index, zoom, bare } = this;
    const { file, name, when } = pictures[index];
    const last = pictures.length - 1;
    return html`<dialog class="lightbox ${bare ? "bare" : ""}" aria-label=${file.name} @cancel=${this.#onCancel} @keydown=${this.#onKey}>
      <div class="stage"></div>
      <div class="top">
        <p aria-live="polite"><b dir="auto">${file.name}</b>
          <small><span dir="auto">${name}</span> · <time datetime=${when} title=${fullTime(when)}>${shortTime(when)}</time>${last ? html` · ${t("files.place", { place: index + 1, count: pictures.length })}` : nothing}</small></p>
        <span class="zooms">${this.#button("zoom-out", "files.zoomOut", () => this.#zoomBy(1 / STEP), zoom?.now > zoom?.least)}
          ${this.#button("zoom-in", "files.zoomIn", () => this.#zoomBy(STEP), zoom?.now < zoom?.most)}</span>
        ${this.#button("message-square", "files.toMessage", () => this.#toMessage())}
        <a class="icon-button wide" href=${contentOf(file)} target="_blank" rel="noopener" aria-label=${t("files.original")} title=${t("files.original")}>${icon("external-link")}</a>
        <a class="icon-button" href=${downloadOf(file)} download=${file.name} aria-label=${t("files.download", { name: file.name })} title=${t("files.download", { name: file.name })}>${icon("download")}</a>
        ${this.#button("x", "app.close", () => this.#viewer.close())}
      </div>
      ${index > 0 ? html`<button type="button" class="turn back" aria-label=${t("files.previous")} title=${t("files.previous")} @click=${() => this.#viewer.prev()}>${icon("chevron-left")}</button>` : nothing}
      ${index < last ? html`<button type="button" class="turn" aria-label=${t("files.next")} title=${t("files.next")} @click=${() => this.#viewer.next()}>${icon("chevron-right")}</button>` : nothing}
    </dialog>`;
  }

  firstUpdated() {
    const dialog = this.querySelector("dialog");
    dialog.showModal();
    this.#viewer = this.#view(dialog.querySelector(".stage"));
    dialog.querySelector(".top > .icon-button:last-child").focus({ preventScroll: true });
  }

  updated() {
    const { client, room, pictures, index } = this;
    if (client.rooms.get(room.id) !== room || isGone(room, pictures[index])) this.#viewer?.close();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#viewer?.destroy();
  }

  #view(stage) {
    const viewer = new PhotoSwipe({
      dataSource: this.pictures.map(({ file }) => ({ src: contentOf(file), msrc: sightOf(file, { still: true }), width: file.width, height: file.height, alt: file.name })),
      index: this.index, appendToEl: stage, loop: false, bgOpacity: 0.97, wheelToZoom: true, trapFocus: false, returnFocus: false,
      arrowPrev: false, arrowNext: false, close: false, zoom: false, counter: false,
      // It hears no keys before its own way of appearing has ended; the dialog has another.
      showHideAnimationType: "none", zoomAnimationDuration: calm.matches ? 0 : 180,
      paddingFn: ({ x }) => ({ top: 64, bottom: 24, left: x < 640 ? 0 : 64, right: x < 640 ? 0 : 64 }),
      secondaryZoomLevel: ({ fit }) => Math.max(1, fit * 2.5),
      maxZoomLevel: ({ fit }) => Math.max(4, fit * 4),
      imageClickAction: false, doubleTapAction: "zoom", bgClickAction: "close", tapAction: () => (this.bare = !this.bare),
      errorMsg: t("files.broken"),
    });
    viewer.on("change", () => {
      this.index = viewer.currIndex;
    });
    const measured = () => this.#measured(viewer);
    for (const event of ["change", "zoomPanUpdate", "firstZoomPan", "resize"]) viewer.on(event, measured);
    viewer.on("destroy", () => this.#closed());
    viewer.init();
    // The dialog around it is the one that has a name.
    viewer.element.removeAttribute("role");
    measured();
    stage.addEventListener("dblclick", (event) => event.target.closest(".pswp__img") && viewer.toggleZoom({ x: event.clientX, y: event.clientY }));
    return viewer;
  }

  /** Only here does the browser give the focus back to where it came from. */
  #closed() {
    this.#viewer = null;
    this.querySelector("dialog")?.close();
    this.remove();
  }

  #measured(viewer) {
    const { currZoomLevel: now, zoomLevels } = viewer.currSlide ?? {};
    if (!zoomLevels || (this.zoom?.now === now && this.zoom.least === zoomLevels.min)) return;
    this.zoom = { now, least: zoomLevels.min, most: zoomLevels.max };
  }

  #button(sign, label, act, on = true) {
    return html`<button type="button" class="icon-button" aria-label=${t(label)} title=${t(label)} aria-disabled=${on ? "false" : "true"} @click=${() => on && act()}>${icon(sign)}</button>`;
  }

  #zoomBy(step) {
    const { now, least, most } = this.zoom;
    this.#zoomTo(Math.min(most, Math.max(least, now * step)));
  }

  #zoomTo(level) {
    this.#viewer.zoomTo(level, undefined, calm.matches ? 0 : 140);
  }

  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { "+": () => this.#zoomBy(STEP), "=": () => this.#zoomBy(STEP), "-": () => this.#zoomBy(1 / STEP), 0: () => this.#zoomTo(this.zoom.least) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Escape, or a phone's way back. */
  #onCancel(event) {
    event.preventDefault();
    this.#viewer?.close();
  }

  #toMessage() {
    const { seq } = this.pictures[this.index];
    const app = this.parentElement;
    this.#viewer.on("destroy", () => app.dispatchEvent(new CustomEvent("hub-show", { detail: { seq } })));
    this.#viewer.close();
  }
}

customElements.define("hub-lightbox", HubLightbox);
