import { html, nothing } from "lit";

import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { filesIn, pastedFiles } from "./shared/given-files.js";

const EDITABLE = "textarea, input, select, [contenteditable]";

/**
 * Files that are dragged over the conversation, or pasted anywhere in the page, go to the message that is being written, while
 * `may` says so. Tells `hub-attach` {files, folders}.
 */
export class HubDrop extends HubElement {
  static properties = {
    may: { attribute: false },
    label: { attribute: false },
    over: { state: true },
  };

  #stops = [];

  constructor() {
    super();
    this.over = false;
  }

  connectedCallback() {
    super.connectedCallback();
    const listen = (target, type, handler) => {
      target.addEventListener(type, handler);
      this.#stops.push(() => target.removeEventListener(type, handler));
    };
    const pane = this.parentElement;
    for (const type of ["dragenter", "dragover"]) listen(pane, type, (event) => this.#enter(event));
    // It leaves one part of the conversation when it enters another.
    listen(pane, "dragleave", (event) => pane.contains(event.relatedTarget) || (this.over = false));
    listen(pane, "drop", (event) => this.#drop(event));
    // Anywhere else the browser would leave the page and open the file.
    listen(window, "dragover", (event) => this.#hover(event));
    listen(window, "drop", (event) => hasFiles(event) && event.preventDefault());
    listen(document, "paste", (event) => this.#paste(event));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
  }

  render() {
    if (!this.over) return nothing;
    return html`<div class="drop-here"><div>${icon("upload")}<b dir="auto">${this.label}</b></div></div>`;
  }

  get #may() {
    return this.may() && !document.querySelector("dialog[open]");
  }

  #enter(event) {
    if (hasFiles(event) && this.#may) this.over = true;
  }

  #hover(event) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = this.over ? "copy" : "none";
  }

  #drop(event) {
    this.over = false;
    if (!hasFiles(event) || !this.#may) return;
    event.preventDefault();
    this.tell("hub-attach", filesIn(event.dataTransfer));
  }

  #paste(event) {
    if (event.defaultPrevented || event.target.closest?.(EDITABLE) || !this.#may) return;
    const files = pastedFiles(event.clipboardData);
    if (!files.length) return;
    event.preventDefault();
    this.tell("hub-attach", { files });
  }
}

const hasFiles = ({ dataTransfer }) => Boolean(dataTransfer?.types.includes("Files"));

customElements.define("hub-drop", HubDrop);
