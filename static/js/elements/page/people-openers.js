import { later } from "../../lib/later.js";
import { attempt } from "../shared/attempt.js";

const OPENER = "[data-person]";

/**
 * Names, faces and mentions, wherever they stand in `host`, open the card of the person whose id they carry as `data-person`.
 *
 * @param {HTMLElement} host
 * @param {() => {client: object, room: object | null, settings: string}} about
 * @returns {() => void} stops it
 */
export function openPeople(host, about) {
  const onClick = (event) => {
    const opener = event.target.closest(OPENER);
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    // A face may lie in a link or a button that leads elsewhere.
    event.preventDefault();
    event.stopPropagation();
    open(opener, about());
  };
  const onKey = (event) => {
    const opener = event.target.closest(`${OPENER}[role=button]`);
    if (!opener || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    open(opener, about());
  };
  host.addEventListener("click", onClick, true);
  host.addEventListener("keydown", onKey, true);
  return () => {
    host.removeEventListener("click", onClick, true);
    host.removeEventListener("keydown", onKey, true);
  };
}

function open(opener, about) {
  attempt(async () => {
    const { openCard } = await later(() => import("../hub-person-card.js"));
    openCard({ ...about, opener, id: Number(opener.dataset.person) });
  });
}
