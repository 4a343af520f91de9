import { later } from "../../lib/later.js";

/**
 * What was decided about me is shown over all else as soon as the server tells: a warning, or that this is the end.
 *
 * @param {object} client
 * @param {() => void} redraw
 * @returns {() => void} stops it
 */
export function showDecided(client, redraw) {
  const show = async () => {
    if (isBanned(client)) await later(() => import("../hub-banned.js")).then(redraw);
    else if (client.sanctions.warnings.length) (await later(() => import("../hub-warning.js"))).showWarnings(client);
  };
  // What can't be loaded now is tried again with the next word of the server.
  const look = () => void show().catch(() => {});
  const stops = [client.sanctions.on("change", look), client.on("change", look)];
  look();
  return () => stops.forEach((stop) => stop());
}

/** Whether nothing is left of the page: there is no way back but by signing in. */
export const isBanned = (client) => client.connection.state === "ended" && client.connection.reason === "banned";
