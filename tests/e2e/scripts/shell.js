// Whether the worker keeps the page and the script that it runs.
async () => {
  if (!navigator.serviceWorker.controller) return false;
  const script = document.querySelector("script[type=module]").src;
  return Boolean((await caches.match("/?kept")) && (await caches.match(script)));
}
