import { html } from "lit";

import { avatar } from "./avatar.js";
import { presenceDot } from "./dot.js";

/** The most present comes first: a group is as present as the most present of its people. */
const RANKS = ["online", "dnd", "away", "offline"];

/** A person's tile with a dot at its corner. */
export const withPresence = (user, presence, size = "small", draw = avatar) =>
  html`<span class="with-dot">${draw(user, size)}${presenceDot(presence.statusOf(user.id))}</span>`;

export const mostPresent = (ids, presence) => RANKS.find((status) => ids.some((id) => presence.statusOf(id) === status)) ?? "offline";
