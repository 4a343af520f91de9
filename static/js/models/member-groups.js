/** The members of a room as a list shows them: who leads it, who is here, who is not. */

/**
 * @param {{user: {id: number}, role: string}[]} members in their order
 * @param {(id: number) => string} statusOf
 * @returns {{name: "leaders" | "here" | "away", members: object[]}[]} without empty ones
 */
export function groupMembers(members, statusOf) {
  const groups = { leaders: [], here: [], away: [] };
  for (const member of members) groups[groupOf(member, statusOf)].push(member);
  return Object.entries(groups).filter(([, list]) => list.length).map(([name, list]) => ({ name, members: list }));
}

function groupOf({ user, role }, statusOf) {
  if (role !== "member") return "leaders";
  return statusOf(user.id) === "offline" ? "away" : "here";
}

/** Those whose name or username has `query` in it. */
export function membersLike(members, query) {
  const part = query.trim().replace(/^@/, "").toLocaleLowerCase();
  return members.filter(({ user }) => [user.name, user.username].some((name) => name.toLocaleLowerCase().includes(part)));
}
