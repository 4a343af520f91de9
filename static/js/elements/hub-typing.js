import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { HubElement } from "./shared/element.js";
import { boldNames, rich } from "./shared/words.js";

/** The line under the composer: up to three names of who types. */
export class HubTyping extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
  };

  #watch = watch(this);
  #stop = null;

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop?.();
    this.#stop = null;
  }

  willUpdate(changed) {
    this.#watch.set(this.client.people);
    if (!changed.has("room") && this.#stop) return;
    this.#stop?.();
    this.#stop = this.room.on("typing", () => this.requestUpdate());
  }

  render() {
    return html`<div class="typing">${this.#text(this.room.typing)}</div>`;
  }

  #text(people) {
    if (!people.length) return nothing;
    if (people.length > 3) return t("composer.typingMany");
    return rich("composer.typing", "names", boldNames(people.map((user) => user.name)), { count: people.length });
  }
}

customElements.define("hub-typing", HubTyping);
