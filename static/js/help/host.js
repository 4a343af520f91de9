/**
 * The page that has this one in a frame. It is believed only from the origins that the server has named, and told things only
 * after it has said hello from one of them.
 */
export class Host {
  #origins;
  #origin = null;
  #heard;

  /** @param {{origins: string[], heard: (data: object) => void}} options */
  constructor({ origins, heard }) {
    this.#origins = new Set(origins);
    this.#heard = heard;
    addEventListener("message", (event) => this.#message(event));
  }

  /** Whether there is one at all; the page may be open by itself. */
  get framed() {
    return parent !== window;
  }

  tell(what) {
    if (this.#origin) parent.postMessage({ hubbub: 1, ...what }, this.#origin);
  }

  #message({ source, origin, data }) {
    if (source !== parent || !this.framed || !this.#origins.has(origin) || data?.hubbub !== 1) return;
    if (typeof data.hello === "string") this.#origin = origin;
    this.#heard(data);
  }
}
