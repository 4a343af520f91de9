const loading = new Map();

/** Load a style sheet that only a part of the page needs, once. Settles when it holds, or never will. */
export function useStyles(address) {
  const href = String(address);
  if (!loading.has(href)) {
    loading.set(href, new Promise((settle) => {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: settle, onerror: settle });
      document.head.append(link);
    }));
  }
  return loading.get(href);
}
