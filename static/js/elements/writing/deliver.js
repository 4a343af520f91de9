/** What becomes of a text that is more than words said now: a command, a call for many people, a message for a later time. */

import { t } from "../../lib/i18n.js";
import { errorText } from "../../lib/errors.js";
import { callOf, shouldAsk } from "../../models/called.js";
import { parseSlash } from "../../models/slash.js";
import { runSlash, SlashError } from "../../models/slash-run.js";
import { aheadText } from "../../lib/ahead.js";
import { scheduledOf } from "../../models/scheduled.js";
import { secondsToWait } from "../../models/slow-mode.js";
import { ask } from "../hub-confirm.js";
import { toast } from "../hub-toast.js";
import { showScheduled } from "../shared/show-scheduled.js";
import { roomLabel } from "../shared/words.js";

/**
 * @typedef {object} Outcome
 * @property {boolean} kept whether the text stays in the field, since nothing came of it
 * @property {object} [notice] what to say at the field
 * @property {string} [said] the text that was sent as a message
 */

/**
 * @param {{client: object, room: import("../../models/room.js").Room, text: string, replyTo: number | null, plainly?: boolean, at?: Date}} written
 *   `plainly`: it is no command, whatever it begins with; `at`: the server sends it then
 * @param {HTMLElement} host tells the page what is next
 * @returns {Promise<Outcome>}
 */
export async function deliver({ client, room, text, replyTo, plainly = false, at }, host) {
  const parsed = plainly ? null : parseSlash(text);
  if (parsed && parsed.is !== "text" && parsed.is !== "command") return { kept: true, notice: { kind: parsed.is, name: parsed.name } };
  if (parsed?.is === "command" && parsed.command.named && room.kind === "help") return { kept: true, notice: { kind: "unknown", name: parsed.command.name } };
  if (at && parsed?.is === "command") return { kept: true, notice: { kind: "error", text: t("later.noCommands") } };
  if (parsed?.is === "command") return run({ client, room, parsed, replyTo }, host);
  const said = parsed?.text ?? text;
  if (at) return schedule({ client, room, said, replyTo, at }, host);
  const held = await heldUp(client, room, said);
  if (held) return held;
  return client.say(room, said, { replyTo }) ? { kept: false, said } : { kept: true };
}

async function schedule({ client, room, said, replyTo, at }, host) {
  if (client.attachments.list(room.id).length) return { kept: true, notice: { kind: "error", text: t("later.noFiles") } };
  if (shouldAsk(client.me, room, said) && !(await sure(room, said))) return { kept: true };
  let scheduled;
  try {
    scheduled = await scheduledOf(client).add({ room: room.id, text: said, at: at.toISOString(), replyTo });
  } catch (error) {
    return { kept: true, notice: { kind: "error", text: errorText(error) } };
  }
  client.typing.sent(room.id);
  toast({ text: t("later.done", { time: aheadText(scheduled.at) }), action: t("later.see"), run: () => showScheduled(client, host) });
  return { kept: false };
}

/** What holds up words that are said in the room: slow mode, or second thoughts about whom they call. */
async function heldUp(client, room, said) {
  if (secondsToWait(client, room)) return { kept: true, notice: { kind: "slow" } };
  return shouldAsk(client.me, room, said) && !(await sure(room, said)) ? { kept: true } : null;
}

async function run({ client, room, parsed, replyTo }, host) {
  const held = parsed.command.says ? await heldUp(client, room, parsed.args) : null;
  if (held) return held;
  let done;
  try {
    done = await runSlash(client, room, parsed, { replyTo });
  } catch (error) {
    const text = error instanceof SlashError ? t(`slash.${error.code}`, error.params) : errorText(error);
    return { kept: true, notice: { kind: "error", text } };
  }
  const { open, search, help, dialog, told, sent } = done;
  if (open) host.tell("hub-open", { room: open });
  if (search !== undefined) host.tell("hub-search", { query: search });
  if (dialog) host.tell("hub-dialog", { name: dialog });
  if (help) await showHelp();
  if (sent === null) return { kept: true };
  return { kept: false, said: sent ? parsed.args : undefined, notice: told ? { kind: "done", text: t(...told) } : undefined };
}

function sure(room, text) {
  const call = callOf(text);
  return ask({
    heading: t(`call.${call}.heading`, { count: room.memberCount }),
    text: t(`call.${call}.text`, { count: room.memberCount - 1, room: roomLabel(room) }),
    confirm: t("call.send"),
    harmless: true,
  });
}

async function showHelp() {
  await import("../hub-command-help.js");
  const dialog = document.createElement("hub-command-help");
  dialog.addEventListener("hub-done", () => dialog.remove());
  document.body.append(dialog);
}
