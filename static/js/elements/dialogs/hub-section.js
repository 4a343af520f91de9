import { html, nothing } from "lit";

import { errorText } from "../../lib/errors.js";
import { t } from "../../lib/i18n.js";
import { HubDialog } from "../shared/dialog.js";
import { toRoom } from "../shared/section-menu.js";
import { roomLabel } from "../shared/words.js";

const NEW = "new";
const NONE = "none";

/** In which section of my sidebar a room stands; or, with `section`, what that one is called. */
export class HubSection extends HubDialog {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    section: { attribute: false },
    choice: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  size = "small";
  closedBy = "closerequest";

  constructor() {
    super();
    this.section = null;
    this.error = "";
    this.busy = false;
  }

  connectedCallback() {
    super.connectedCallback();
    const { list } = this.client.sections;
    const at = list.findIndex(({ rooms }) => rooms.includes(this.room?.id));
    this.choice = at >= 0 ? at : list.length ? NONE : NEW;
  }

  heading() {
    return this.section ? t("section.rename") : t("section.moveHeading", { room: roomLabel(this.room) });
  }

  content() {
    return html`<form novalidate @submit=${this.#onSubmit}>
      ${this.section ? nothing : this.#choices()}
      ${this.section || this.choice === NEW ? this.#name() : nothing}
      <p class="error" id="section-error" role="alert">${this.error}</p>
      <div class="buttons">
        <button type="button" class="button quiet" @click=${this.close}>${t("app.cancel")}</button>
        <button class="button" ?disabled=${this.busy}>${t("app.save")}</button>
      </div>
    </form>`;
  }

  #choices() {
    const { list } = this.client.sections;
    const outside = t(this.room.kind === "direct" ? "sidebar.directs" : "sidebar.rooms");
    const choice = (value, words) => html`<label class="choice one-line">
      <input type="radio" name="section" .checked=${this.choice === value} @change=${() => Object.assign(this, { choice: value, error: "" })}><span dir="auto">${words}</span>
    </label>`;
    return html`<fieldset class="sections">
      <legend>${t("section.which")}</legend>
      ${choice(NONE, outside)}${list.map(({ name }, at) => choice(at, name))}${choice(NEW, t("section.new"))}
    </fieldset>`;
  }

  #name() {
    return html`<div class="field-row">
      <label for="section-name">${t("section.name")}</label>
      <input id="section-name" type="text" autocomplete="off" maxlength="40" dir="auto" required autofocus .value=${this.section ?? ""}
        aria-invalid=${this.error ? "true" : nothing} aria-describedby="section-error">
    </div>`;
  }

  updated(changed) {
    // Whoever chooses a new one is to name it.
    if (this.choice === NEW && changed.get("choice") !== undefined) this.querySelector("#section-name").focus();
  }

  async #onSubmit(event) {
    event.preventDefault();
    const { sections } = this.client;
    const name = this.querySelector("#section-name")?.value.trim();
    if (name === "") return this.#fail(t("section.noName"));
    if (this.section && name !== this.section && sections.has(name, this.section)) return this.#fail(t("section.taken"));
    this.busy = true;
    try {
      if (this.section) await sections.rename(this.section, name);
      else await sections.put(this.room.id, this.choice === NEW ? name : this.choice === NONE ? null : sections.list[this.choice].name);
      this.close();
      if (this.room) toRoom(this.room);
    } catch (error) {
      this.#fail(errorText(error));
    }
    this.busy = false;
  }

  #fail(words) {
    this.error = words;
    this.querySelector("#section-name")?.focus();
  }
}

customElements.define("hub-section", HubSection);
