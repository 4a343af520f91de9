/** localStorage, where there is one: a browser may refuse it by throwing at the mere mention. */
export function availableStorage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
