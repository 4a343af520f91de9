/** The one event mechanism of the models. Handlers run at once, in the order in which they were added. */
export class Emitter {
  /** @type {Map<string, Set<Function>>} */
  #handlers = new Map();

  /**
   * @param {string} event
   * @param {(detail?: any) => void} handler
   * @returns {() => void} takes the handler away again
   */
  on(event, handler) {
    let handlers = this.#handlers.get(event);
    if (!handlers) this.#handlers.set(event, (handlers = new Set()));
    handlers.add(handler);
    return () => this.off(event, handler);
  }

  off(event, handler) {
    this.#handlers.get(event)?.delete(handler);
  }

  emit(event, detail) {
    const handlers = this.#handlers.get(event);
    if (!handlers) return;
    // A copy, because a handler may add or remove handlers.
    for (const handler of [...handlers]) {
      try {
        handler(detail);
      } catch (error) {
        // One broken listener must not keep a model from finishing its change.
        reportError(error);
      }
    }
  }
}

function reportError(error) {
  if (typeof globalThis.reportError === "function") globalThis.reportError(error);
  else queueMicrotask(() => { throw error; });
}
