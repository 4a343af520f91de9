import { html, nothing } from "lit";

import { t } from "../lib/i18n.js";
import { watch } from "../lib/watch.js";
import { askPermission, permission } from "../lib/permission.js";
import { HubElement } from "./shared/element.js";
import { icon } from "./shared/icon.js";
import { toast } from "./hub-toast.js";

/**
 * The offer to show notifications, made once, after somebody has called me for the first time. The browser itself is only asked
 * by the click.
 */
export class HubNotifyOffer extends HubElement {
  static properties = { client: { attribute: false }, device: { attribute: false } };

  #watch = watch(this);
  #stop = () => {};

  willUpdate() {
    const { client, device } = this;
    this.#watch.set(device, client?.updates);
    this.#stop();
    this.#stop = client?.rooms.on("counts", () => this.requestUpdate()) ?? this.#stop;
  }

  render() {
    return html`<div role="status">${this.#due() ? this.#card() : nothing}</div>`;
  }

  #due() {
    const { client, device } = this;
    if (!client || !device || device.asked || device.notify || client.updates.offer) return false;
    return client.rooms.mentions > 0 && ["ask", "granted"].includes(permission());
  }

  #card() {
    return html`<div class="update-offer notify-offer">
      ${icon("bell")}
      <p><strong>${t("notify.offer")}</strong> <span>${t("notify.offerText")}</span></p>
      <button type="button" class="button small" @click=${this.#accept}>${t("notify.turnOn")}</button>
      <button type="button" class="icon-button" aria-label=${t("notify.later")} title=${t("notify.later")} @click=${this.#decline}>${icon("x")}</button>
    </div>`;
  }

  async #accept() {
    const answer = await askPermission();
    if (answer === "granted") this.device.set("notify", true);
    this.device.set("asked", true);
    toast({ text: t(answer === "granted" ? "notify.isOn" : "notify.isBlocked"), ...this.#toSettings() });
    this.#leave();
  }

  #decline() {
    this.device.set("asked", true);
    toast({ text: t("notify.inSettings"), ...this.#toSettings() });
    this.#leave();
  }

  #toSettings() {
    return { action: t("notify.settings"), run: () => location.assign("/settings#notifications") };
  }

  /** The button goes, and the focus must not go with it. On a touch screen that would call up the keyboard. */
  #leave() {
    if (matchMedia("(hover: hover)").matches) this.tell("hub-write");
  }
}

customElements.define("hub-notify-offer", HubNotifyOffer);
