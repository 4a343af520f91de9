import { html } from "lit";

/** Rows as they will look, while they are on their way. */
export const rowSkeletons = (count) =>
  html`<div aria-hidden="true">${Array.from({ length: count }, () => html`<div class="row-skeleton"><i></i><i></i><i></i><i></i></div>`)}</div>`;
