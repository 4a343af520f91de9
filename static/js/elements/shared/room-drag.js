import { attempt } from "./attempt.js";

/** Rooms of the sidebar are dragged into sections, within them and out of them; menus do the same. */
export class RoomDrag {
  #host;
  #room = null;
  #marked = null;

  /** @param {import("../hub-sidebar.js").HubSidebar} host */
  constructor(host) {
    this.#host = host;
    host.addEventListener("dragstart", (event) => this.#start(event));
    host.addEventListener("dragover", (event) => this.#over(event));
    host.addEventListener("dragleave", (event) => host.contains(event.relatedTarget) || this.#mark(null));
    host.addEventListener("dragend", () => this.#end());
    host.addEventListener("drop", (event) => this.#drop(event));
  }

  #start(event) {
    // The browser gives the link's address along, for whatever else takes it.
    this.#room = event.target.closest?.("hub-room-link")?.room ?? null;
  }

  #over(event) {
    const place = this.#place(event);
    this.#mark(place);
    if (!place) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  }

  async #drop(event) {
    const place = this.#place(event);
    const room = this.#room;
    this.#end();
    if (!place) return;
    event.preventDefault();
    const { roomActions, sections } = this.#host.client;
    await attempt(async () => {
      if (place.key === "starred") return roomActions.star(room.id, true);
      if (place.section !== null || sections.of(room.id) !== null) await sections.put(room.id, place.section, place.before);
      if (room.starred) await roomActions.star(room.id, false);
    });
  }

  #end() {
    this.#room = null;
    this.#mark(null);
  }

  /** Where the room would go: into which group, and in a section before which other room. */
  #place({ target, clientY }) {
    const group = this.#room && target.closest?.(".room-group");
    if (!group) return null;
    const key = group.dataset.group;
    const home = this.#room.kind === "direct" ? "directs" : "named";
    const section = key.startsWith("section:") ? key.slice("section:".length) : null;
    if (section === null) return key === "starred" || key === home ? { key, section, before: null, element: group, edge: "into" } : null;
    const link = target.closest("hub-room-link");
    if (!link) return { key, section, before: null, element: group, edge: "into" };
    const box = link.getBoundingClientRect();
    const edge = clientY < box.top + box.height / 2 ? "before" : "after";
    const links = [...group.querySelectorAll("hub-room-link")].filter((one) => one.room !== this.#room);
    const before = edge === "before" ? link : links[links.indexOf(link) + 1];
    return link.room === this.#room ? null : { key, section, before: before?.room.id ?? null, element: link, edge };
  }

  #mark(place) {
    if (this.#marked && this.#marked !== place?.element) delete this.#marked.dataset.drop;
    this.#marked = place?.element ?? null;
    if (place) place.element.dataset.drop = place.edge;
  }
}
