import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";

const STAYS = 6_000;
const MOST = 3;

/**
 * Show a short word to the person: {text} or {error}, and optionally {action, run}: a button's label and what it does. One with a
 * `tag` takes the place of the one that has it.
 */
export function toast(detail) {
  document.dispatchEvent(new CustomEvent("hub-toast", { detail }));
}

/** The place where toasts appear. They leave by themselves, but not while the pointer or the focus is on them. */
export class HubToast extends HubElement {
  static properties = { shown: { state: true } };

  #count = 0;
  #onToast = (event) => this.#add(event.detail);

  constructor() {
    super();
    this.shown = [];
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener("hub-toast", this.#onToast);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener("hub-toast", this.#onToast);
  }

  render() {
    return html`<div role="status">
      ${repeat(this.shown, (toast) => toast.key, (toast) => html`<div class="toast" data-key=${toast.key}>
        <span>${toast.text ?? errorText(toast.error)}</span>
        ${toast.action ? html`<button type="button" class="act" @click=${() => this.#act(toast)}>${toast.action}</button>` : nothing}
        <button type="button" class="icon-button" aria-label=${t("app.close")} @click=${() => this.#drop(toast)}>${icon("x")}</button>
      </div>`)}
    </div>`;
  }

  #add(detail) {
    const toast = { ...detail, key: ++this.#count };
    const others = this.shown.filter(({ tag }) => tag === undefined || tag !== toast.tag);
    this.shown = [...others, toast].slice(-MOST);
    this.#leaveLater(toast);
    this.#stand();
  }

  /** At the top of the messages, whatever stands over them at the moment; below a header's height where there are none. */
  #stand() {
    const top = document.querySelector("hub-messages")?.getBoundingClientRect().top;
    this.style.setProperty("--head", top ? `${top}px` : "");
  }

  #leaveLater(toast) {
    setTimeout(() => {
      if (this.querySelector(`[data-key="${toast.key}"]:is(:hover, :focus-within)`)) this.#leaveLater(toast);
      else this.#drop(toast);
    }, STAYS);
  }

  #act(toast) {
    this.#drop(toast);
    toast.run();
  }

  #drop(toast) {
    this.shown = this.shown.filter((other) => other.key !== toast.key);
  }
}

customElements.define("hub-toast", HubToast);
