/*
 * Hubbub's live help, on any web site: <script src="https://chat.example.com/help/widget.js" data-site="KEY" async></script>
 *
 * It waits until the page is idle, puts a launcher into the corner, and opens the conversation beside it: two frames of the
 * server, which share nothing with this page but the messages below. `hubbubHelp.open()` and `.close()` do as the button.
 */
(() => {
  const script = document.currentScript;
  const site = script?.dataset.site;
  if (!site || window.hubbubHelp) return;

  const home = new URL(".", script.src);
  const phone = matchMedia("(max-width: 480px), (max-height: 480px)");
  const LAUNCHER = 64;
  const GAP = 16;
  // Above what web sites lay over themselves.
  const TOP = 2147483000;

  let side = "right";
  let texts = {};
  let launcher = null;
  let win = null;
  let isOpen = false;
  /** What had the focus before the conversation took it. */
  let before = null;

  const frame = (name, style) => {
    const made = document.createElement("iframe");
    made.src = new URL(`${name}?site=${encodeURIComponent(site)}`, home).href;
    // The scheme of the page inside, or browsers would lay an opaque ground under it.
    Object.assign(made.style, { position: "fixed", border: "0", margin: "0", padding: "0", maxWidth: "none", maxHeight: "none", zIndex: String(TOP), visibility: "hidden", colorScheme: "light dark", background: "transparent", ...style });
    made.addEventListener("load", () => say(made, { hello: location.origin + location.pathname }));
    document.body.append(made);
    return made;
  };

  const say = (to, what) => to.contentWindow?.postMessage({ hubbub: 1, ...what }, home.origin);

  /** Which frames have answered: before that there may be another page in one. */
  const answered = new Set();
  const tell = (to, what) => answered.has(to) && say(to, what);

  const place = () => {
    const across = { left: "auto", right: "auto", [side]: `${GAP}px` };
    Object.assign(launcher.style, across, { bottom: `${GAP}px` });
    if (!win) return;
    const whole = { inset: "0", width: "100%", height: "100%", borderRadius: "0", boxShadow: "none" };
    const beside = {
      inset: "auto", ...across, bottom: `${GAP + LAUNCHER + 8}px`, width: "380px", borderRadius: "16px",
      height: `min(600px, calc(100vh - ${LAUNCHER + 3 * GAP}px))`, boxShadow: "0 8px 32px rgb(0 0 0 / 22%)",
    };
    Object.assign(win.style, phone.matches ? whole : beside, { zIndex: String(TOP + 1) });
  };

  /** The conversation is loaded once, and lives on while it is hidden. */
  const load = () => {
    if (win) return;
    win = frame("window", {});
    win.title = texts.window ?? "";
    win.tabIndex = -1;
    place();
  };

  const show = (on) => {
    if (on === isOpen || !launcher) return;
    isOpen = on;
    if (on) {
      before = document.activeElement;
      load();
      win.style.visibility = "visible";
      win.removeAttribute("tabindex");
      win.focus();
    } else {
      win.style.visibility = "hidden";
      win.tabIndex = -1;
      (before?.isConnected && before !== document.body ? before : launcher).focus();
    }
    tell(win, { shown: on });
    tell(launcher, { open: on, focus: !on && document.activeElement === launcher });
  };

  addEventListener("message", ({ source, origin, data }) => {
    if (origin !== home.origin || data?.hubbub !== 1 || !source) return;
    if (source === launcher?.contentWindow) {
      if (data.ready) {
        answered.add(launcher);
        ({ side, texts } = data.ready);
        launcher.title = texts.launcher;
        launcher.style.visibility = "visible";
        place();
        if (data.ready.known) load();
      }
      if (data.toggle) show(!isOpen);
      if (data.close) show(false);
    } else if (source === win?.contentWindow) {
      if (data.ready) {
        answered.add(win);
        // A frame that has just been loaded has lost the focus that it was given.
        if (isOpen) win.focus();
        tell(win, { shown: isOpen });
      }
      if (data.close) show(false);
      if (typeof data.unread === "number") tell(launcher, { unread: data.unread });
    }
  });

  addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && show(false));
  phone.addEventListener("change", () => launcher && place());
  window.hubbubHelp = { open: () => show(true), close: () => show(false) };

  const begin = () => {
    launcher = frame("launcher", { width: `${LAUNCHER}px`, height: `${LAUNCHER}px` });
    place();
  };
  const whenIdle = () => (window.requestIdleCallback ?? ((work) => setTimeout(work, 200)))(begin, { timeout: 5000 });
  if (document.readyState === "complete") whenIdle();
  else addEventListener("load", whenIdle, { once: true });
})();
