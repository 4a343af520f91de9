import { html, nothing } from "lit";

import { pastedName } from "../lib/files.js";
import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "../elements/shared/element.js";
import { pastedFiles } from "../elements/shared/given-files.js";
import { icon } from "../elements/shared/icon.js";
import { enterOf, isComposing } from "../elements/writing/composer-keys.js";
import "../elements/hub-upload-tiles.js";

/** The server counts so, whatever it takes in UTF-16. */
const characters = (text) => [...text].length;

/** Where the visitor writes and attaches files. What is written stays while the connection is away. */
export class HubHelpField extends HubElement {
  static properties = {
    model: { attribute: false },
    files: { attribute: false },
    live: { attribute: false },
    over: { state: true },
    wrong: { state: true },
  };

  #watch = watch(this);
  #touch = matchMedia("(pointer: coarse)");
  #stop = null;

  constructor() {
    super();
    this.over = 0;
    /** What can't be attached, or sent. */
    this.wrong = null;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#stop = this.files.on("sent", () => this.#clear());
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop();
  }

  willUpdate() {
    this.#watch.set(this.files, this.model);
  }

  get field() {
    return this.querySelector("textarea");
  }

  render() {
    const { files } = this;
    return html`<form @submit=${this.#submitted}>
      <hub-upload-tiles .client=${files} .room=${files.room}></hub-upload-tiles>
      ${files.limits.file_size > 0
        ? html`<button type="button" class="icon-button" aria-label=${t("files.attach")} title=${t("files.attach")} aria-disabled=${files.held ? "true" : nothing} @click=${() => files.held || this.querySelector("input").click()}>${icon("paperclip")}</button>
          <input type="file" multiple hidden @change=${this.#chosen}>`
        : nothing}
      <textarea rows="1" dir="auto" aria-label=${t("help.label")} placeholder=${t("help.place")} enterkeyhint=${this.#touch.matches ? "enter" : "send"}
        aria-invalid=${this.over > 0} ?readonly=${files.held} @input=${this.#written} @keydown=${this.#pressed} @paste=${this.#pasted}></textarea>
      <button class="button" aria-label=${t("help.send")} aria-disabled=${files.held ? "true" : nothing}>${icon("send")}</button>
      ${this.over > 0 || this.wrong ? html`<p class="error" role="alert">${this.over > 0 ? t("help.over", { count: this.over }) : this.wrong}</p>` : nothing}
    </form>`;
  }

  /** @param {{files: File[], folders?: boolean}} given what is no file can't be sent */
  attach({ files, folders = false }) {
    if (!this.files.may) return;
    const over = this.files.add(files.map((blob) => ({ blob, name: pastedName(blob) })));
    this.wrong = over ? t("files.tooMany", { count: this.files.limits.files }) : folders ? t("files.noFolders") : null;
    // On a phone, the keyboard would come up over what was chosen.
    if (!this.#touch.matches) this.field.focus({ preventScroll: true });
  }

  #chosen({ currentTarget: input }) {
    this.attach({ files: [...input.files] });
    // The same file may be chosen once more.
    input.value = "";
  }

  #pasted(event) {
    const files = this.files.may ? pastedFiles(event.clipboardData) : [];
    if (!files.length) return;
    event.preventDefault();
    this.attach({ files });
  }

  #written() {
    const { value } = this.field;
    this.over = Math.max(0, characters(value) - (this.model.welcome?.text_limit ?? Infinity));
    this.wrong = null;
    this.model.input(value);
  }

  #pressed(event) {
    if (event.key !== "Enter" || isComposing(event)) return;
    if (enterOf(event, { enterSends: true, touch: this.#touch.matches }) !== "send") return;
    event.preventDefault();
    if (!event.repeat) this.#send();
  }

  #submitted(event) {
    event.preventDefault();
    this.#send();
  }

  #send() {
    this.wrong = this.files.failed ? t("files.failedFirst") : null;
    if (this.over === 0 && this.files.say(this.field.value)) this.#clear();
    this.field.focus();
  }

  #clear() {
    this.field.value = "";
    this.wrong = null;
  }
}

customElements.define("hub-help-field", HubHelpField);
