/** In milliseconds: shorter than anybody sees. */
const PATIENCE = 100;
/** Whatever somebody does meanwhile is meant for the room that was gone to. */
const DEEDS = ["keydown", "beforeinput", "compositionstart", "paste", "pointerdown"];

/**
 * Wait for the first messages of a room that has been gone to, where they come at once: then the room is drawn one time
 * instead of two, and no skeletons flash by.
 *
 * @param {import("../../models/timeline.js").Timeline} timeline
 * @param {() => void} now - called where somebody does something meanwhile, before anything else hears of it
 */
export function firstMessages(timeline, now) {
  if (timeline.loading !== "first") return null;
  return new Promise((resolve) => {
    const done = () => {
      stop();
      clearTimeout(timer);
      for (const deed of DEEDS) removeEventListener(deed, hurry, true);
      resolve();
    };
    const hurry = () => {
      now();
      done();
    };
    const stop = timeline.on("change", () => timeline.loading === "first" || done());
    const timer = setTimeout(done, PATIENCE);
    for (const deed of DEEDS) addEventListener(deed, hurry, true);
  });
}
