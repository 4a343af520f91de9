import { html, nothing } from "lit";

import { HubBeside, openBeside } from "./shared/beside.js";
import { icon } from "./shared/icon.js";
import { menuItemFor } from "./shared/menu-keys.js";

/**
 * A menu that lies over the page, at an element or at a point. Open it with `openMenu()`.
 *
 * @typedef {object} Item
 * @property {string} [icon]
 * @property {string} text
 * @property {string} [hint] what it means, below it
 * @property {boolean} [checked] given where it is one of several of which one holds
 * @property {boolean} [danger]
 * @property {boolean} [divided] whether a line stands above it
 * @property {string} [group] the heading over it and those beside it that have the same one, below a line
 * @property {() => void} act
 */
export class HubPopup extends HubBeside {
  static properties = { menu: { attribute: false } };

  render() {
    const { label, items } = this.menu;
    // By hand, because the browser would close it with the finger that is lifted after a long press.
    return html`<div class="popup choices" popover="manual" @keydown=${this.#onKey} @contextmenu=${(event) => event.preventDefault()}>
      <div role="menu" aria-label=${label}>${runs(items).map((run) => this.#run(run))}</div>
    </div>`;
  }

  begin() {
    // Where one of several holds, that is where to begin.
    const choice = this.menu.items.every((item) => item.checked !== undefined);
    this.querySelector(choice ? "[aria-checked=true]" : "button").focus();
  }

  #run(items) {
    const [{ group }] = items;
    const drawn = items.map((item) => this.#item(item));
    if (!group) return drawn;
    return html`<hr role="separator"><div role="group" aria-label=${group}><p class="heading" aria-hidden="true">${group}</p>${drawn}</div>`;
  }

  #item(item) {
    const radio = item.checked !== undefined;
    return html`${item.divided ? html`<hr role="separator">` : nothing}
      <button type="button" role=${radio ? "menuitemradio" : "menuitem"} aria-checked=${radio ? String(item.checked) : nothing} tabindex="-1"
        class=${item.danger ? "danger" : ""} @click=${() => this.#choose(item)}>
        ${item.icon ? icon(item.icon) : nothing}
        <span class="words"><span dir="auto">${item.text}</span>${item.hint ? html`<small>${item.hint}</small>` : nothing}</span>
        ${item.checked ? icon("check") : nothing}
      </button>`;
  }

  #onKey(event) {
    const items = [...this.querySelectorAll("button")];
    let next = menuItemFor(event, items);
    if (event.key === "Tab" || event.key === "Escape") this.close();
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && event.key !== " ") next = this.#beginsWith(event.key, items);
    else if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next?.focus();
  }

  #beginsWith(letter, items) {
    const at = items.indexOf(document.activeElement);
    const wanted = letter.toLocaleLowerCase();
    const round = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    return round.find((item) => item.querySelector(".words").textContent.trim().toLocaleLowerCase().startsWith(wanted));
  }

  #choose(item) {
    // First back to where the focus came from, so that a dialog that comes next takes that for its own way back.
    this.close();
    item.act();
  }
}

customElements.define("hub-popup", HubPopup);

/** The items in runs of one group each. @param {Item[]} items @returns {Item[][]} */
function runs(items) {
  const found = [];
  for (const item of items) {
    const run = found.at(-1);
    if (run && run[0].group === item.group) run.push(item);
    else found.push([item]);
  }
  return found;
}

/**
 * @param {{opener: HTMLElement, label: string, items: Item[], point?: {x: number, y: number}}} menu where there is no
 *   `point` the menu lies at its opener
 */
export function openMenu(menu) {
  // A second way to ask for the same, such as the browser's own event after a key or a long press.
  if (document.querySelector("hub-popup")) return;
  const popup = document.createElement("hub-popup");
  const { opener, point = null } = menu;
  openBeside(Object.assign(popup, { menu, opener, point, align: point ? "start" : "end" }));
}
