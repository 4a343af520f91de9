import { Emitter } from "../lib/emitter.js";
import { Attachments } from "../models/attachments.js";
import { UploadQueue } from "../models/upload-queue.js";

/** A visitor has one conversation; attachments want rooms by number. */
const ROOM = 1;
/** As many as one message takes. */
const MOST = 10;
/** The server removes after a day what nobody has sent. */
const KEPT = 20 * 3_600_000;

/**
 * What goes with the visitor's next message: chosen, uploaded, kept through a reload, sent when all of it is there. What was
 * uploaded is the visitor's alone until then, so a picture may be the first word.
 *
 * It is to <hub-upload-tiles> what a client is. Events: "change"; "sent", when what was held back has gone.
 */
export class HelpFiles extends Emitter {
  #model;
  #queue;
  room = { id: ROOM };

  /**
   * @param {object} parts
   * @param {import("./model.js").HelpModel} parts.model
   * @param {import("../files.js").FileDoor} parts.door
   * @param {import("./kept.js").Kept} parts.kept
   * @param {() => number} [parts.random]
   */
  constructor({ model, door, kept, random }) {
    super();
    this.#model = model;
    this.connection = model.connection;
    this.#queue = new UploadQueue({ send: (...what) => door.send(...what), isOpen: () => this.connection.connected, random });
    this.kept = new KeptFiles(kept);
    this.attachments = new Attachments({ queue: this.#queue, drafts: this.kept, takeBack: (id) => door.takeBack(id), limits: () => this.limits });
    this.attachments.on("change", () => this.emit("change"));
    this.attachments.on("ready", ({ message }) => {
      this.#model.say(message.text, this.attachments.take(ROOM));
      this.emit("sent");
    });
    this.connection.on("change", () => this.connection.connected && this.#queue.wake());
  }

  get limits() {
    return { file_size: this.#model.welcome?.file_limit ?? 0, files: MOST };
  }

  /** Whether the visitor may attach anything: the server takes files, and nothing is asked of them first. */
  get may() {
    return this.limits.file_size > 0 && this.#model.required.length === 0 && !this.held;
  }

  get any() {
    return this.attachments.list(ROOM).length > 0;
  }

  get held() {
    return this.attachments.held(ROOM);
  }

  get failed() {
    return this.attachments.failed(ROOM);
  }

  /** @param {{blob: Blob, name: string}[]} chosen @returns {number} how many were too many */
  add(chosen) {
    return this.attachments.add(ROOM, chosen);
  }

  /** Say something with what is attached, once it is there. @returns {boolean} whether it is on its way already */
  say(text) {
    if (this.held || this.failed) return false;
    if (!this.attachments.busy(ROOM)) return this.#model.say(text, this.attachments.take(ROOM));
    this.attachments.hold(ROOM, { text });
    return false;
  }
}

/** As `Attachments` wants drafts: what is uploaded and not sent, in this browser. */
class KeptFiles extends Emitter {
  #kept;

  constructor(kept) {
    super();
    this.#kept = kept;
  }

  files() {
    const { at = 0, files = [] } = this.#kept.get("files") ?? {};
    return Date.now() - at < KEPT ? files : [];
  }

  withFiles() {
    return this.files().length ? [ROOM] : [];
  }

  setFiles(_room, files) {
    this.#kept.set("files", files.length ? { at: Date.now(), files } : null);
  }

  /** Another window of this browser has kept something. */
  heard() {
    this.emit("files", ROOM);
  }
}
