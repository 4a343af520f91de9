/** Carries out what `parseSlash` has read: each command is an ordinary one of the protocol underneath. */

import { emojiNamed } from "./emoji.js";
import { parseStatus, statusOf } from "./statuses.js";

/** What ends a status, in either language. */
const CLEARING = ["clear", "清除"];
const SHRUG = "¯\\\\\\_(ツ)\\_/¯";
/** "@ada, @mira" at the beginning of a text. */
const CALLED = /^(?:@?([^\s,，、]+))((?:[\s,，、]+@[^\s,，、]+)*)[\s,，、]*([\s\S]*)$/;

/** A command that can't be carried out, for a reason that the server was not asked about: the text `slash.CODE`. */
export class SlashError extends Error {
  constructor(code, params = {}) {
    super(code);
    this.name = "SlashError";
    this.code = code;
    this.params = params;
  }
}

/**
 * @param {object} client the `Client`
 * @param {import("./room.js").Room} room where it was written
 * @param {{command: {name: string}, args: string}} parsed
 * @param {{replyTo?: number | null}} [options]
 * @returns {Promise<{sent?: string | null, open?: number, search?: string, help?: boolean, dialog?: string, told?: [string, object]}>} what the page
 *   does next: the cid of a message that was sent here (null while it waits for its files), a room to open, something to search, a dialog or a text to show
 * @throws {SlashError | import("../socket.js").CommandError}
 */
export function runSlash(client, room, { command, args }, options = {}) {
  return RUNS[command.name]({ client, room, args, ...options });
}

const RUNS = {
  help: async () => ({ help: true }),
  async join({ client, args }) {
    const room = await client.roomActions.join(args);
    return { open: room.id };
  },
  async leave({ client, room }) {
    await client.roomActions.leave(room.id);
    return {};
  },
  async topic({ client, room, args }) {
    await client.roomActions.update(room.id, { topic: args });
    return { told: ["slash.done.topic", {}] };
  },
  async invite({ client, room, args }) {
    const users = await peopleCalled(client, namesIn(args));
    await client.roomActions.invite(room.id, users);
    return { told: ["slash.done.invite", { count: users.length }] };
  },
  async msg({ client, args }) {
    const { names, text } = addressed(args);
    const room = await client.roomActions.openDirect(await peopleCalled(client, names));
    if (text) client.send(room, text);
    return { open: room.id };
  },
  me: async ({ client, room, args, replyTo }) => ({ sent: client.say(room, italic(args), { replyTo }) }),
  shrug: async ({ client, room, args, replyTo }) => ({ sent: client.say(room, args ? `${args} ${SHRUG}` : SHRUG, { replyTo }) }),
  async away({ client, args }) {
    const back = client.presence.mine === "away" && !args;
    const { emoji, text, until } = args ? await parseStatus(args, emojiNamed) : statusOf(client.me);
    if (args) await client.choices.setStatus("away", text, { emoji });
    else await client.choices.setStatus(back ? "online" : "away", text, { emoji, until });
    return { told: [back ? "slash.done.back" : "slash.done.away", {}] };
  },
  async status({ client, args }) {
    if (!args) return { dialog: "status" };
    const mine = client.presence.mine === "offline" ? "online" : client.presence.mine;
    if (CLEARING.includes(args.toLowerCase())) {
      await client.choices.setStatus("online");
      return { told: ["slash.done.cleared", {}] };
    }
    const { emoji, text } = await parseStatus(args, emojiNamed);
    await client.choices.setStatus(mine, text, { emoji });
    return { told: ["slash.done.status", {}] };
  },
  async mute({ client, room }) {
    const level = room.muted ? "everything" : "nothing";
    await client.roomActions.setInvolvement(room.id, level);
    return { told: [level === "nothing" ? "slash.done.mute" : "slash.done.unmute", {}] };
  },
  search: async ({ args }) => ({ search: args }),
};

/** Each line in italics, as emphasis does not go beyond a paragraph. */
export const italic = (text) => text.replace(/[^\n]*\S[^\n]*/g, (line) => `_${line.trim()}_`);

/** "@ada, @mira hello" as {names: ["ada", "mira"], text: "hello"}. */
export function addressed(args) {
  const [, first, others, text] = CALLED.exec(args);
  return { names: [first, ...namesIn(others)], text };
}

const namesIn = (text) => [...new Set(text.split(/[\s,，、]+/).map((word) => word.replace(/^@/, "")).filter(Boolean))];

/** @returns {Promise<number[]>} the ids of whoever has these usernames, or these names where nobody else has them */
function peopleCalled(client, names) {
  return Promise.all(names.map(async (name) => {
    const key = name.toLowerCase();
    const found = await client.people.find(name, 20);
    const named = found.filter((user) => user.name.toLowerCase() === key);
    const user = found.find((one) => one.username.toLowerCase() === key) ?? (named.length === 1 ? named[0] : null);
    if (!user) throw new SlashError("nobody", { name });
    return user.id;
  }));
}
