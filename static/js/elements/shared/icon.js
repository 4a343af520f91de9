import { html } from "lit";

const SPRITE = new URL("../../../vendor/icons.svg", import.meta.url).pathname;

/** A Lucide icon from the sprite. It is decoration: the control around it carries the name. */
export const icon = (name, size = "") =>
  html`<svg class="icon ${size}" aria-hidden="true"><use href="${SPRITE}#${name}"></use></svg>`;
