import { t } from "../../lib/i18n.js";
import { countCharacters } from "../../lib/text.js";
import { secondsToWait } from "../../models/slow-mode.js";

/** Only these texts may be more than words: a command, or a call for everybody. */
const SPECIAL = /^\s*\/|@(?:room|here)/i;

/** How long it is said that something is done, in milliseconds. What went wrong stays. */
const STAYS = 6_000;

/**
 * A reactive controller of the field for writing: sends what stands in it, and holds what is to be said about that.
 *
 * @typedef {object} Parts
 * @property {() => HTMLTextAreaElement | null} field
 * @property {(text: string) => void} put replaces what stands in the field
 * @property {() => number | null} replyTo the id of the message that is answered
 * @property {() => Promise<typeof import("../composing.js")>} load
 */
export class Sending {
  #host;
  #parts;
  #notice = null;
  #leaving = null;
  #busy = false;

  /** @param {import("../shared/element.js").HubElement} host with `client` and `room` @param {Parts} parts */
  constructor(host, parts) {
    this.#host = host;
    this.#parts = parts;
  }

  /** @returns {import("../hub-composer-notice.js").Notice | null} */
  get notice() {
    return this.#notice;
  }

  set notice(notice) {
    clearTimeout(this.#leaving);
    this.#notice = notice;
    if (notice?.kind === "done") this.#leaveLater();
    this.#host.requestUpdate();
  }

  /** As toasts do: not while the pointer or the focus is on it. */
  #leaveLater() {
    this.#leaving = setTimeout(() => {
      if (this.#host.querySelector("hub-composer-notice:is(:hover, :focus-within)")) this.#leaveLater();
      else this.notice = null;
    }, STAYS);
  }

  /** Whether something that was sent is still being thought about: a command by the server, a call by its author. */
  get busy() {
    return this.#busy;
  }

  /** What is typed answers what was said about it, but for who was not reached. */
  typed() {
    if (this.notice && this.notice.kind !== "outsiders") this.notice = null;
  }

  /** @param {{plainly?: boolean, at?: Date}} [options] `plainly`: it is no command, whatever it begins with; `at`: the server sends it then */
  async send({ plainly = false, at } = {}) {
    const { client, room } = this.#host;
    const text = this.#parts.field().value;
    const { attachments } = client;
    if (!text.trim() && !attachments.list(room.id).length) return;
    if (this.#busy || attachments.held(room.id) || countCharacters(text) > client.limits.text) return;
    if (attachments.failed(room.id)) {
      this.notice = { kind: "error", text: t("files.failedFirst") };
      return;
    }
    if (client.drafts.note(room.id) && attachments.list(room.id).length) {
      this.notice = { kind: "error", text: t("composer.noteFilesFirst") };
      return;
    }
    const written = { client, room, text, replyTo: this.#parts.replyTo(), plainly, at };
    if (at || SPECIAL.test(text)) return this.#deliver(written);
    if (secondsToWait(client, room)) {
      this.notice = { kind: "slow" };
      return;
    }
    if (client.say(room, text.trim() && text, { replyTo: written.replyTo })) this.#sent(room, text);
    else this.notice = null;
  }

  /** What is more than words takes its time: the text stays until something has come of it. */
  async #deliver(written) {
    const { client, room, text } = written;
    this.#busy = true;
    this.notice = null;
    try {
      const { deliver } = await this.#parts.load();
      const { kept, notice, said } = await deliver(written, this.#host);
      if (!kept) {
        if (client.drafts.get(room.id) === text) client.drafts.clear(room.id);
        this.#sent(room, said, text);
      }
      if (notice && room === this.#host.room) this.notice = notice;
    } catch {
      // It could not be loaded.
      this.notice = { kind: "error", text: t("error.disconnected") };
    }
    this.#busy = false;
    this.#host.requestUpdate();
    if (room === this.#host.room) this.#parts.field()?.focus();
  }

  /** @param {string} [said] the message that was sent, if one was @param {string} [typed] what stood in the field for it */
  #sent(room, said, typed = said) {
    if (room === this.#host.room && this.#parts.field()?.value === typed) this.#parts.put("");
    if (said === undefined) return;
    if (room !== this.#host.room) return;
    this.notice = null;
    this.#host.tell("hub-sent");
    if (said.includes("@")) this.#lookForOutsiders(room, said);
  }

  /** Whoever is named and is not in the room does not hear of it: say so, and offer to add them. */
  async #lookForOutsiders(room, text) {
    try {
      const { outsidersIn } = await this.#parts.load();
      const users = await outsidersIn(this.#host.client, room, text);
      if (users.length && room === this.#host.room) this.notice = { kind: "outsiders", users };
    } catch {
      // It is only a hint.
    }
  }
}
