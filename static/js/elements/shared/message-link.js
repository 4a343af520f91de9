import { html, nothing } from "lit";

import { fullTime, shortTime } from "../../lib/time.js";
import { avatar } from "./avatar.js";
import { roomPath } from "./route.js";
import { roomLabel } from "./words.js";

/**
 * The way to a message from a list of such: who said it, where and when, and some words of it. The face beside it opens their card.
 *
 * @param {object} client
 * @param {object} message
 * @param {{words: any, sign?: any, seen: boolean, open: (event: Event) => void}} parts `seen`: it is the one that was looked at last
 */
export function messageLink(client, message, { words, sign = nothing, seen, open }) {
  const room = client.rooms.get(message.room);
  const author = client.people.author(message.author);
  return html`<button type="button" class="face" data-person=${author.id} aria-haspopup="dialog" aria-label=${author.name}>${avatar(author, "small")}</button>
  <a class="hit ${seen ? "seen" : ""}" href=${roomPath(message.room, message.seq)} aria-current=${seen ? "true" : nothing} @click=${(event) => isPlain(event) && open(event)}>
    <span class="by"><b dir="auto">${author.name}</b><small dir="auto">${room ? roomLabel(room) : nothing}</small>${sign}<time datetime=${message.created_at} title=${fullTime(message.created_at)}>${shortTime(message.created_at)}</time></span>
    <span class="excerpt" dir="auto">${words}</span>
  </a>`;
}

/** Whether a click asks for the thing itself, not for it in a window of its own. */
const isPlain = (event) => !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
