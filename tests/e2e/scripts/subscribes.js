// Stands for the browser's way to its push service, which can't be reached from here: what it is given when it subscribes.
(given) => {
  const KEPT = "test.subscribed";
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const made = (key) => ({
    options: { applicationServerKey: bytes(key).buffer },
    toJSON: () => given,
    unsubscribe: async () => localStorage.removeItem(KEPT),
  });
  PushManager.prototype.getSubscription = async () => {
    const key = localStorage.getItem(KEPT);
    return key && made(key);
  };
  PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
    if (!userVisibleOnly || bytes(applicationServerKey).length !== 65) throw new DOMException("no key", "InvalidAccessError");
    localStorage.setItem(KEPT, applicationServerKey);
    return made(applicationServerKey);
  };
}
