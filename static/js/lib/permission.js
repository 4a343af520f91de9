/**
 * Whether this browser may show notifications: "none" (it has none, or not on such an address), "ask", "granted", "denied".
 */
export function permission(target = globalThis) {
  if (!("Notification" in target) || !target.isSecureContext) return "none";
  return target.Notification.permission === "default" ? "ask" : target.Notification.permission;
}

/** Ask the person. Only ever after a click. @returns {Promise<"granted" | "denied" | "ask" | "none">} */
export async function askPermission(target = globalThis) {
  if (permission(target) === "ask") await target.Notification.requestPermission();
  return permission(target);
}
