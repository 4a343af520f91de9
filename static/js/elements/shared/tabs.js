import { html } from "lit";

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

/**
 * Tabs of lists that take turns in one panel; one of them is a stop for Tab, and arrow keys show the next.
 *
 * @param {{label: string, names: string[], text: (name: string) => any, chosen: string, panel: string, choose: (name: string) => void}} about
 *   `panel` is the id of what they show, which is labelled by `tabId(chosen)`
 */
export function tabs({ label, names, text, chosen, panel, choose }) {
  const onKey = (event) => {
    if (!(event.key in STEPS)) return;
    const items = [...event.currentTarget.children];
    const next = items[(items.indexOf(event.target) + STEPS[event.key] + items.length) % items.length];
    event.preventDefault();
    next.focus();
    next.click();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} @keydown=${onKey}>
    ${names.map((name) => html`<button type="button" role="tab" id=${tabId(name)} aria-selected=${chosen === name ? "true" : "false"} aria-controls=${panel}
      tabindex=${chosen === name ? 0 : -1} @click=${() => choose(name)}>${text(name)}</button>`)}
  </div>`;
}

export const tabId = (name) => `tab-${name}`;
