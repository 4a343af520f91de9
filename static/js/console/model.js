import { Emitter } from "../lib/emitter.js";
import { Figures } from "./figures.js";

/** Why the server sends somebody away from here; the console then stays as it is. */
const FAREWELLS = new Set(["not_staff", "signed_out", "revoked", "expired", "banned"]);

/** The console's line to the server: it watches for as long as the page is seen. Event: "change". */
export class ConsoleModel extends Emitter {
  #socket;
  #page;

  figures = new Figures();
  /** Why there is no console any more: "not_staff", or "ended" for a session that is over. */
  lost = null;

  /**
   * @param {{socket: import("../socket.js").Socket, connection: import("../models/connection.js").Connection, page: import("../lib/page.js").Page}} parts
   */
  constructor({ socket, connection, page }) {
    super();
    this.#socket = socket;
    this.#page = page;
    this.connection = connection;
    this.request = (name, payload) => socket.command(name, payload);
    connection.on("change", () => this.emit("change"));
    connection.on("open", () => this.#watch());
    connection.on("refused", ({ code }) => this.#end(code === "forbidden" ? "not_staff" : "ended"));
    page.on("change", () => this.#watch());
    socket.on("fact", ({ name, payload }) => this.#heard(name, payload));
  }

  #heard(name, payload) {
    if (name === "stats") {
      this.figures.hear(payload, Date.now());
      this.emit("change");
    } else if (name === "session_ended" && FAREWELLS.has(payload.reason)) {
      this.#end(payload.reason === "not_staff" ? "not_staff" : "ended");
    }
  }

  async #watch() {
    if (!this.connection.connected) return;
    try {
      const { series = [] } = await this.#socket.command("stats_watch", { on: this.#page.visible });
      for (const one of series) this.figures.load(one);
      this.emit("change");
    } catch {
      // The next connection, or the next look at the page, asks again.
    }
  }

  #end(why) {
    if (this.lost) return;
    this.lost = why;
    this.connection.end(why);
    this.emit("change");
  }
}
