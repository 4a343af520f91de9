import { html, nothing } from "lit";

import { errorText } from "../lib/errors.js";
import { t } from "../lib/i18n.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { mayInvite } from "./shared/rights.js";
import { boldNames, rich, roomLabel } from "./shared/words.js";

/**
 * A word at the field, to whoever writes and nobody else: why nothing was sent, or who was not reached.
 * Tells `hub-notice-done`, and `hub-send-plainly` where a text that begins like a command is to be sent as it is.
 *
 * @typedef {{kind: "error" | "done", text: string} | {kind: "unknown" | "missing" | "surplus", name: string}
 *   | {kind: "slow"} | {kind: "outsiders", users: object[]}} Notice
 */
export class HubComposerNotice extends HubElement {
  static properties = {
    client: { attribute: false },
    room: { attribute: false },
    notice: { attribute: false },
    error: { state: true },
    busy: { state: true },
  };

  willUpdate(changed) {
    if (!changed.has("notice")) return;
    this.error = null;
    this.busy = false;
  }

  render() {
    const { notice } = this;
    if (!notice) return nothing;
    const calm = notice.kind === "outsiders" || notice.kind === "done";
    return html`<div class="notice ${calm ? "" : "trouble"}" role=${calm ? "status" : "alert"}>
      ${icon(calm ? "info" : "triangle-alert", "small")}
      <span class="words">${this.#words()}</span>
      ${this.#action()}
      <button type="button" class="icon-button" aria-label=${t("app.close")} title=${t("app.close")} @click=${() => this.tell("hub-notice-done")}>${icon("x")}</button>
    </div>`;
  }

  #words() {
    const { notice, room, error } = this;
    if (error) return errorText(error);
    switch (notice.kind) {
      case "unknown":
        return t("slash.unknown", { name: notice.name });
      case "missing":
        return html`${t("slash.missing")} <code>/${notice.name} ${t(`slash.${notice.name}.args`)}</code>`;
      case "surplus":
        return t("slash.surplus", { name: notice.name });
      case "slow":
        return t("composer.slowWait");
      case "outsiders":
        return rich("outsiders.text", "names", boldNames(notice.users.map((user) => user.name)), { count: notice.users.length, room: roomLabel(room) });
      default:
        return notice.text;
    }
  }

  #action() {
    const { notice, client, room, busy } = this;
    if (notice.kind === "unknown") {
      return html`<button type="button" class="link-button" @click=${() => this.tell("hub-send-plainly")}>${t("slash.sendPlainly")}</button>`;
    }
    if (notice.kind === "outsiders" && mayInvite(client.me, room)) {
      return html`<button type="button" class="link-button" ?disabled=${busy} @click=${this.#invite}>${t("outsiders.add")}</button>`;
    }
    return nothing;
  }

  async #invite() {
    const { client, room, notice } = this;
    this.busy = true;
    try {
      await client.roomActions.invite(room.id, notice.users.map((user) => user.id));
      this.tell("hub-notice-done", { text: t("toast.added", { count: notice.users.length, room: roomLabel(room) }) });
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }
}

customElements.define("hub-composer-notice", HubComposerNotice);
