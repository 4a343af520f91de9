/** The commands that a message may be instead: which there are, and how a text is read as one. */

/**
 * @typedef {object} SlashCommand
 * @property {string} name
 * @property {boolean} [args] whether something may stand behind it; what that is, `slash.NAME.args` says
 * @property {boolean} [needed] whether something must
 * @property {boolean} [lines] whether it may have several lines
 * @property {boolean} [says] whether it says something in the room
 * @property {boolean} [named] whether it is for rooms that have a name of their own, not for conversations with visitors
 */

/** @type {SlashCommand[]} */
export const COMMANDS = [
  { name: "help" },
  { name: "join", args: true, needed: true },
  { name: "leave", named: true },
  { name: "topic", args: true, named: true },
  { name: "invite", args: true, needed: true, named: true },
  { name: "msg", args: true, needed: true, lines: true },
  { name: "me", args: true, needed: true, lines: true, says: true },
  { name: "shrug", args: true, lines: true, says: true },
  { name: "away", args: true },
  { name: "status", args: true },
  { name: "mute" },
  { name: "search", args: true },
];

const LINE = /^\/(\S*)\s*([\s\S]*)$/;

/**
 * What a text is: a message (null where nothing about it is special, else as it is to be sent), a command, or the attempt at
 * one. Only what begins with "/" is looked at; "//" is how a message begins with one.
 *
 * @returns {null | {is: "text", text: string} | {is: "command", command: SlashCommand, args: string}
 *   | {is: "unknown" | "missing" | "surplus", name: string}}
 */
export function parseSlash(text) {
  const trimmed = text.trim();
  if (!trimmed.startsWith("/")) return null;
  if (trimmed.startsWith("//")) return { is: "text", text: trimmed.slice(1) };
  const [, name, rest] = LINE.exec(trimmed);
  const command = COMMANDS.find((one) => one.name === name.toLowerCase());
  if (!command) return { is: "unknown", name };
  if (command.needed && !rest) return { is: "missing", name: command.name };
  if (rest && !command.args) return { is: "surplus", name: command.name };
  return { is: "command", command, args: command.lines ? rest : rest.replace(/\s*\n\s*/g, " ") };
}

/** Those whose names begin as what is typed. */
export const commandsLike = (typed, { kind } = {}) => COMMANDS.filter(({ name, named }) => name.startsWith(typed.toLowerCase()) && !(named && kind === "help"));

/** The command that is being filled in, whose arguments are to be explained, or null. */
export function commandBeingFilled(text) {
  const name = /^\/([a-z]+)\s/i.exec(text)?.[1].toLowerCase();
  return COMMANDS.find((command) => command.name === name) ?? null;
}
