import { nothing } from "lit";

import { t } from "../../lib/i18n.js";
import { later } from "../../lib/later.js";
import { toast } from "../hub-toast.js";
import { dialogTemplate } from "./dialog-templates.js";

export const loadDialogs = () => later(() => import("../dialogs/all.js"));

/** The page's dialogs, one at a time: the one that is open closes first, and with it the focus goes back. */
export class Dialogs {
  #host;
  #dialog = null;

  /** @param {import("../hub-app.js").HubApp} host draws `template()` */
  constructor(host) {
    this.#host = host;
  }

  template({ client, boot }) {
    const dialog = this.#dialog;
    // The "close" of a dialog that made room for another comes when the other is already there.
    const done = () => {
      if (this.#dialog === dialog) this.#put(null);
    };
    return dialog ? dialogTemplate(dialog, { client, boot, done }) : nothing;
  }

  /** @param {{name: string}} dialog with what it is about @param {() => Promise<void>} makeRoom done before it opens */
  async show(dialog, makeRoom) {
    try {
      await loadDialogs();
    } catch {
      toast({ text: t("error.disconnected") });
      return;
    }
    this.#host.querySelector("dialog[open]")?.close();
    this.#put(null);
    await this.#host.updateComplete;
    await makeRoom();
    this.#put({ room: this.#host.client.current, ...dialog });
  }

  #put(dialog) {
    this.#dialog = dialog;
    this.#host.requestUpdate();
  }
}
