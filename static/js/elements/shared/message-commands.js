import { contentOf, downloadOf } from "../../lib/files.js";
import { t } from "../../lib/i18n.js";
import { later } from "../../lib/later.js";
import { ask } from "../hub-confirm.js";
import { toast } from "../hub-toast.js";
import { attempt } from "./attempt.js";
import { copyText } from "./code.js";
import { excerpt } from "./excerpt.js";
import { mayDelete, mayEdit, mayPin, mayReact, mayReply, mayReport, maySave, maySeeReaders } from "./rights.js";
import { roomPath } from "./route.js";

/**
 * What can be done with a message: one list for the row's toolbar, its menu, the sheet on phones and the keys.
 *
 * `key` is pressed on the focused row; `may` says whether it is offered; `run` does it, given {client, room, message, row}.
 *
 * @typedef {{name: string, icon: string, key?: string, danger?: boolean, may: Function, run: Function}} MessageCommand
 * @type {MessageCommand[]}
 */
const COMMANDS = [
  { name: "react", icon: "smile", key: "+", may: ({ client, room, message }) => mayReact(client, room, message), run: ({ row }) => row.openMenu("react") },
  { name: "reply", icon: "reply", key: "r", may: ({ client, room, message }) => mayReply(client, room, message), run: ({ row, message }) => row.tell("hub-reply", { message }) },
  { name: "edit", icon: "pencil", key: "e", may: ({ client, room, message }) => mayEdit(client, room, message), run: ({ row, message }) => row.tell("hub-edit", { message }) },
  { name: "copy", icon: "copy", key: "c", may: ({ message }) => isWritten(message), run: ({ message }) => copyText(message.text) },
  { name: "link", icon: "link", may: () => true, run: ({ room, message }) => copyText(new URL(roomPath(room.id, message.seq), location.href).href) },
  { name: "fileLink", icon: "paperclip", may: hasFiles, run: ({ message }) => copyText(message.files.map((file) => new URL(contentOf(file), location.href).href).join("\n")) },
  { name: "download", icon: "download", may: hasFiles, run: ({ message }) => downloadAll(message.files) },
  { name: "forward", icon: "forward", may: ({ message }) => isWritten(message) || hasFiles({ message }), run: ({ row, room, message }) => row.tell("hub-dialog", { name: "forward", room, message }) },
  { name: "pin", icon: "pin", key: "p", may: ({ client, room, message }) => mayPin(client, room, message) && !message.pinned, run: (about) => pin(about, true) },
  { name: "unpin", icon: "pin-off", key: "p", may: ({ client, room, message }) => mayPin(client, room, message) && message.pinned, run: (about) => pin(about, false) },
  { name: "save", icon: "bookmark", key: "s", may: ({ client, message }) => maySave(message) && !client.saved.has(message.id), run: (about) => save(about, true) },
  { name: "unsave", icon: "bookmark-x", key: "s", may: ({ client, message }) => maySave(message) && client.saved.has(message.id), run: (about) => save(about, false) },
  { name: "remind", icon: "alarm-clock", key: "h", may: ({ message }) => maySave(message), run: remindMe },
  { name: "unread", icon: "message-square-dot", key: "u", may: () => true, run: markUnread },
  { name: "reacted", icon: "users", may: ({ message }) => message.reactions.length > 0, run: ({ row, room, message }) => row.tell("hub-dialog", { name: "reacted", room, message }) },
  { name: "readers", icon: "check-check", may: ({ room, message }) => maySeeReaders(room, message), run: ({ row, room, message }) => row.tell("hub-dialog", { name: "readers", room, message }) },
  { name: "report", icon: "flag", may: ({ client, room, message }) => mayReport(client.me, room, message), run: ({ row, room, message }) => row.tell("hub-dialog", { name: "report", room, message }) },
  { name: "delete", icon: "trash-2", key: "Delete", danger: true, may: ({ client, room, message }) => mayDelete(client.me, room, message), run: remove },
];

const IN_TOOLBAR = new Set(["react", "reply", "edit"]);

/** What the menu of a message lists: everything, or what the toolbar has no button for. */
export function menuCommands(about, { everything }) {
  return COMMANDS.filter((command) => command.name !== "react" && (everything || !IN_TOOLBAR.has(command.name)) && command.may(about));
}

export const toolbarCommands = (about) => COMMANDS.filter((command) => IN_TOOLBAR.has(command.name) && command.may(about));

/** The command that a key on the focused row asks for, or null. */
export function commandOf(event, about) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  // The plus sign needs Shift on many keyboards.
  if (event.shiftKey && key !== "+") return null;
  return COMMANDS.find((command) => command.key === key && command.may(about)) ?? null;
}

/** The commands that have a key: {label, key}, each key once. */
export function messageKeys() {
  const keyed = COMMANDS.filter(({ key }, place) => key && COMMANDS.findIndex((command) => command.key === key) === place);
  return keyed.map(({ name, key }) => ({ label: t(`message.${name}`), key: keyName(key) }));
}

/** A key as it is written on keyboards. */
export const keyName = (key) => (key === "Delete" ? "Del" : key.toUpperCase());

/** Delete a message after asking once. @returns {Promise<boolean>} whether it is gone */
export async function remove({ client, message }) {
  const sure = await ask({ heading: t("message.deleteHeading"), text: excerpt(message), confirm: t("app.delete") });
  return sure && attempt(() => client.actions.delete(message));
}

export async function pin({ client, message }, on) {
  await attempt(() => client.actions.pin(message, on));
}

/** Put a message on my list, or take it off. */
export async function save({ client, message }, on) {
  if (!(await attempt(() => client.saved.set(message, on)))) return;
  toast(on ? { text: t("saved.on") } : { text: t("saved.off"), action: t("app.undo"), run: () => save({ client, message }, true) });
}

async function remindMe(about) {
  await attempt(async () => {
    const { remind } = await later(() => import("../remind.js"));
    await remind(about, about.row);
  });
}

function markUnread({ client, room, message }) {
  client.reads.markUnread(room.id, message.seq);
  toast({ text: t("toast.unread") });
}

/** One after the other, as if each had been clicked. */
function downloadAll(files) {
  for (const file of files) {
    const link = document.createElement("a");
    link.href = downloadOf(file);
    link.download = file.name;
    link.click();
  }
}

function hasFiles({ message }) {
  return !message.deleted && message.files.length > 0;
}

const isWritten = (message) => !message.deleted && message.kind !== "system" && message.text !== "";
