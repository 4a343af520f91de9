import { html, nothing } from "lit";

import { errorText } from "../../lib/errors.js";
import "../hub-people-picker.js";
import { HubDialog } from "../shared/dialog.js";

/** A dialog in which people are picked for something that may be refused. */
export class PeopleDialog extends HubDialog {
  static properties = {
    client: { attribute: false },
    users: { state: true },
    error: { state: true },
    busy: { state: true },
  };

  closedBy = "closerequest";

  constructor() {
    super();
    this.users = [];
    this.error = null;
    this.busy = false;
  }

  /** @param {{exclude: Set<number>, label: string, hint: string, most?: number}} options */
  picker({ exclude, label, hint, most = 100 }) {
    return html`<hub-people-picker autofocus .offers=${true} .client=${this.client} .exclude=${exclude} .most=${most} .label=${label} .hint=${hint} @hub-picked=${this.#onPicked}></hub-people-picker>
      <p class="error" role="alert">${this.error ? errorText(this.error) : nothing}</p>`;
  }

  /** Do something with the people: what fails is said, and the dialog stays. */
  async attempt(work) {
    this.busy = true;
    try {
      await work();
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }

  #onPicked(event) {
    this.users = event.detail;
    this.error = null;
  }
}
