/**
 * The wire contract as the browser needs it: names, limits and types.
 * Generated from chat/events/ and chat/errors.py by `make generate`; a change here is lost.
 */

/** The version of the contract, sent when connecting. */
export const PROTOCOL = 1;

/** What a client may ask. */
export const COMMANDS = Object.freeze({
  ROOM_JOIN: "room_join",
  ROOM_LEAVE: "room_leave",
  ROOM_CREATE: "room_create",
  ROOM_UPDATE: "room_update",
  ROOM_LIST: "room_list",
  ROOM_MEMBERS: "room_members",
  ROOM_INVITE: "room_invite",
  ROOM_REMOVE: "room_remove",
  ROOM_ROLE: "room_role",
  ROOM_LINK: "room_link",
  ROOM_STAR: "room_star",
  INVOLVEMENT_SET: "involvement_set",
  DIRECT_OPEN: "direct_open",
  MESSAGE_SEND: "message_send",
  MESSAGE_EDIT: "message_edit",
  MESSAGE_DELETE: "message_delete",
  MESSAGE_GET: "message_get",
  MESSAGE_READERS: "message_readers",
  REACTION_ADD: "reaction_add",
  REACTION_REMOVE: "reaction_remove",
  PIN_ADD: "pin_add",
  PIN_REMOVE: "pin_remove",
  PREVIEW_REMOVE: "preview_remove",
  PIN_LIST: "pin_list",
  ROOM_FILES: "room_files",
  HISTORY: "history",
  ROOM_SYNC: "room_sync",
  READ_MARK: "read_mark",
  TYPING: "typing",
  SEARCH: "search",
  INBOX_LIST: "inbox_list",
  SAVED_SET: "saved_set",
  SAVED_LIST: "saved_list",
  SAVED_IDS: "saved_ids",
  REMINDER_SET: "reminder_set",
  REMINDERS_SEEN: "reminders_seen",
  SCHEDULED_ADD: "scheduled_add",
  SCHEDULED_LIST: "scheduled_list",
  SCHEDULED_CHANGE: "scheduled_change",
  SCHEDULED_REMOVE: "scheduled_remove",
  SCHEDULED_SEND: "scheduled_send",
  PRESENCE_SET: "presence_set",
  QUIET_SET: "quiet_set",
  WORDS_SET: "words_set",
  EMOJI_LIST: "emoji_list",
  EMOJI_REMOVE: "emoji_remove",
  DENSITY_SET: "density_set",
  SECTIONS_SET: "sections_set",
  MESSAGE_REPORT: "message_report",
  REPORT_LIST: "report_list",
  REPORT_CONTEXT: "report_context",
  REPORT_RESOLVE: "report_resolve",
  USER_MUTE: "user_mute",
  USER_UNMUTE: "user_unmute",
  USER_WARN: "user_warn",
  WARNING_SEEN: "warning_seen",
  ROOM_BAN: "room_ban",
  ROOM_UNBAN: "room_unban",
  SANCTION_LIST: "sanction_list",
  USER_LIST: "user_list",
  USER_PROFILE: "user_profile",
  TIME: "time",
  HELP_LIST: "help_list",
  HELP_LOOK_AT: "help_look_at",
  HELP_EARLIER: "help_earlier",
  HELP_ASSIGN: "help_assign",
  HELP_RESOLVE: "help_resolve",
  HELP_NOTE: "help_note",
  HELP_AGENTS: "help_agents",
  HELP_ANSWERS: "help_answers",
  HELP_ANSWER_SET: "help_answer_set",
  HELP_ANSWER_REMOVE: "help_answer_remove",
  HELP_FIGURES: "help_figures",
  STATS_WATCH: "stats_watch",
  CONNECTION_LIST: "connection_list",
  CONNECTION_CLOSE: "connection_close",
  ROOM_ACTIVITY: "room_activity",
  ACCOUNT_LIST: "account_list",
  USER_ROLE: "user_role",
  USER_DEACTIVATE: "user_deactivate",
  USER_REACTIVATE: "user_reactivate",
  USER_SIGN_OUT: "user_sign_out",
  USER_BAN: "user_ban",
  USER_UNBAN: "user_unban",
  SANCTION_SEARCH: "sanction_search",
  MESSAGE_REMOVE: "message_remove",
  ROOM_ARCHIVE: "room_archive",
  NOTICE_SEND: "notice_send",
  AUDIT_LIST: "audit_list",
  HELP_SEND: "help_send",
  HELP_HISTORY: "help_history",
  HELP_SYNC: "help_sync",
  HELP_TYPING: "help_typing",
  HELP_DETAILS: "help_details",
  HELP_CLOSE: "help_close",
});

/** What the server tells. */
export const FACTS = Object.freeze({
  WELCOME: "welcome",
  MESSAGE_NEW: "message_new",
  MESSAGE_CHANGED: "message_changed",
  CALLED: "called",
  ROOM_ADDED: "room_added",
  ROOM_CHANGED: "room_changed",
  ROOM_OWN: "room_own",
  ROOM_REMOVED: "room_removed",
  MEMBERS_CHANGED: "members_changed",
  USER_CHANGED: "user_changed",
  QUIET_CHANGED: "quiet_changed",
  WORDS_CHANGED: "words_changed",
  EMOJI_CHANGED: "emoji_changed",
  DENSITY_CHANGED: "density_changed",
  SECTIONS_CHANGED: "sections_changed",
  SAVED_CHANGED: "saved_changed",
  REMINDERS_CHANGED: "reminders_changed",
  SCHEDULED_CHANGED: "scheduled_changed",
  REPORT_CHANGED: "report_changed",
  HELP_QUEUE_CHANGED: "help_queue_changed",
  SANCTIONS_CHANGED: "sanctions_changed",
  ROOM_SANCTIONS_CHANGED: "room_sanctions_changed",
  PRESENCE: "presence",
  TYPING: "typing",
  READ: "read",
  HEADS: "heads",
  SESSION_ENDED: "session_ended",
  ANNOUNCEMENT: "announcement",
  NOTICE: "notice",
  STATS: "stats",
  AUDIT: "audit",
  HELP_WELCOME: "help_welcome",
  HELP_MESSAGE: "help_message",
  HELP_CHANGED: "help_changed",
  HELP_TYPING: "help_typing",
  HELP_STATUS: "help_status",
});

/** The codes of a refused command. */
export const ERROR_CODES = Object.freeze([
  "bad_request",
  "unauthenticated",
  "forbidden",
  "not_found",
  "conflict",
  "too_large",
  "rate_limited",
  "unavailable",
  "internal",
]);

/** The codes of a refused connection. */
export const REFUSALS = Object.freeze([
  "unauthenticated",
  "banned",
  "forbidden",
  "forbidden_origin",
  "too_many_connections",
  "protocol",
]);

/** Limits of the fields by command: characters of a text, items of a list, or the number itself, inclusive. */
export const LIMITS = Object.freeze({
  room_join: Object.freeze({
    room: Object.freeze({ min: 1, max: 80 }),
  }),
  room_create: Object.freeze({
    name: Object.freeze({ min: 1, max: 80 }),
    topic: Object.freeze({ max: 500 }),
    members: Object.freeze({ max: 100 }),
  }),
  room_update: Object.freeze({
    name: Object.freeze({ min: 1, max: 80 }),
    topic: Object.freeze({ max: 500 }),
    slow_mode: Object.freeze({ min: 0, max: 21600 }),
    keep_days: Object.freeze({ min: -1, max: 36500 }),
  }),
  room_list: Object.freeze({
    query: Object.freeze({ max: 200 }),
    after: Object.freeze({ max: 400 }),
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  room_members: Object.freeze({
    after: Object.freeze({ max: 400 }),
    limit: Object.freeze({ min: 1, max: 100 }),
    query: Object.freeze({ max: 200 }),
  }),
  room_invite: Object.freeze({
    users: Object.freeze({ min: 1, max: 100 }),
  }),
  room_link: Object.freeze({
    days: Object.freeze({ min: 1, max: 365 }),
    uses: Object.freeze({ min: 1, max: 1000 }),
  }),
  direct_open: Object.freeze({
    users: Object.freeze({ max: 8 }),
  }),
  message_send: Object.freeze({
    cid: Object.freeze({ min: 1, max: 64 }),
    text: Object.freeze({ max: 10000 }),
    files: Object.freeze({ max: 10 }),
  }),
  message_edit: Object.freeze({
    text: Object.freeze({ max: 10000 }),
  }),
  message_get: Object.freeze({
    messages: Object.freeze({ min: 1, max: 100 }),
  }),
  reaction_add: Object.freeze({
    emoji: Object.freeze({ min: 1, max: 40 }),
  }),
  reaction_remove: Object.freeze({
    emoji: Object.freeze({ min: 1, max: 40 }),
  }),
  preview_remove: Object.freeze({
    url: Object.freeze({ min: 1, max: 2000 }),
  }),
  room_files: Object.freeze({
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  history: Object.freeze({
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  room_sync: Object.freeze({
    limit: Object.freeze({ min: 1, max: 500 }),
  }),
  search: Object.freeze({
    query: Object.freeze({ max: 200 }),
    limit: Object.freeze({ min: 1, max: 50 }),
  }),
  inbox_list: Object.freeze({
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  saved_list: Object.freeze({
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  reminder_set: Object.freeze({
    at: Object.freeze({ max: 40 }),
  }),
  scheduled_add: Object.freeze({
    cid: Object.freeze({ min: 1, max: 64 }),
    text: Object.freeze({ max: 10000 }),
    at: Object.freeze({ max: 40 }),
  }),
  scheduled_change: Object.freeze({
    text: Object.freeze({ max: 10000 }),
    at: Object.freeze({ max: 40 }),
  }),
  presence_set: Object.freeze({
    text: Object.freeze({ max: 100 }),
    emoji: Object.freeze({ max: 40 }),
    until: Object.freeze({ max: 40 }),
  }),
  words_set: Object.freeze({
    words: Object.freeze({ max: 20 }),
  }),
  emoji_remove: Object.freeze({
    name: Object.freeze({ min: 1, max: 32 }),
  }),
  sections_set: Object.freeze({
    sections: Object.freeze({ max: 30 }),
  }),
  message_report: Object.freeze({
    comment: Object.freeze({ max: 500 }),
  }),
  report_list: Object.freeze({
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  user_mute: Object.freeze({
    until: Object.freeze({ max: 40 }),
    reason: Object.freeze({ max: 500 }),
  }),
  user_warn: Object.freeze({
    reason: Object.freeze({ min: 1, max: 500 }),
  }),
  room_ban: Object.freeze({
    until: Object.freeze({ max: 40 }),
    reason: Object.freeze({ max: 500 }),
  }),
  user_list: Object.freeze({
    query: Object.freeze({ max: 200 }),
    ids: Object.freeze({ max: 100 }),
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  help_list: Object.freeze({
    query: Object.freeze({ max: 200 }),
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  help_note: Object.freeze({
    cid: Object.freeze({ min: 1, max: 64 }),
    text: Object.freeze({ max: 10000 }),
  }),
  help_answer_set: Object.freeze({
    short: Object.freeze({ min: 1, max: 40 }),
    text: Object.freeze({ min: 1, max: 5000 }),
  }),
  help_figures: Object.freeze({
    days: Object.freeze({ min: 1, max: 90 }),
  }),
  connection_list: Object.freeze({
    query: Object.freeze({ max: 200 }),
    after: Object.freeze({ max: 400 }),
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  connection_close: Object.freeze({
    id: Object.freeze({ max: 64 }),
  }),
  room_activity: Object.freeze({
    hours: Object.freeze({ min: 1, max: 168 }),
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  account_list: Object.freeze({
    query: Object.freeze({ max: 200 }),
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  user_ban: Object.freeze({
    until: Object.freeze({ max: 40 }),
    reason: Object.freeze({ max: 500 }),
    remove: Object.freeze({ min: 0, max: 168 }),
  }),
  sanction_search: Object.freeze({
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  notice_send: Object.freeze({
    message: Object.freeze({ max: 500 }),
  }),
  audit_list: Object.freeze({
    action: Object.freeze({ max: 40 }),
    since: Object.freeze({ max: 40 }),
    until: Object.freeze({ max: 40 }),
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  help_send: Object.freeze({
    cid: Object.freeze({ min: 1, max: 64 }),
    text: Object.freeze({ max: 10000 }),
    files: Object.freeze({ max: 10 }),
    page: Object.freeze({ max: 500 }),
  }),
  help_history: Object.freeze({
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  help_sync: Object.freeze({
    limit: Object.freeze({ min: 1, max: 100 }),
  }),
  help_details: Object.freeze({
    name: Object.freeze({ max: 80 }),
    email: Object.freeze({ max: 200 }),
  }),
  help_close: Object.freeze({
    rating: Object.freeze({ min: 1, max: 5 }),
    comment: Object.freeze({ max: 500 }),
  }),
});

/**
 * Who wrote a message, with what is needed to draw the row.
 * @typedef {Object} Author
 * @property {number} id
 * @property {string} username
 * @property {string} name
 * @property {string | null} avatar
 */

/**
 * A person or a program, as others may see it. `status_until`: when the status, its emoji and its text end. `avatar` is the name of a picture at `/avatars/NAME-64.webp`, `-128` and `-256`.
 * @typedef {Object} User
 * @property {number} id
 * @property {string} username
 * @property {string} name
 * @property {"admin" | "bot" | "guest" | "member" | "owner" | "visitor"} role
 * @property {string | null} avatar
 * @property {"away" | "dnd" | "offline" | "online"} status
 * @property {string} status_text
 * @property {string} status_emoji
 * @property {string | null} status_until
 */

/**
 * What was decided about somebody: in a room, or everywhere. Without `until` it ends when it is lifted.
 * @typedef {Object} Sanction
 * @property {number} id
 * @property {"ban" | "mute" | "room_ban" | "warning"} kind
 * @property {number} user
 * @property {number | null} room
 * @property {string} reason
 * @property {string} created_at
 * @property {string | null} until
 */

/**
 * Where a room stands: its last message and its last change.
 * @typedef {Object} Head
 * @property {number} seq
 * @property {number} rev
 */

/**
 * One emoji under a message, with the ids of who chose it.
 * @typedef {Object} Reaction
 * @property {string} emoji
 * @property {Array<number>} users
 */

/**
 * A file: `type` is what its content says, `size` in bytes; pictures have `width` and `height` as they are seen. Its content is at `/files/<id>/<name>`; `thumb` is the path of a small picture of it, where it has one.
 * @typedef {Object} File
 * @property {number} id
 * @property {string} name
 * @property {string} type
 * @property {number} size
 * @property {number | null} width
 * @property {number | null} height
 * @property {string | null} thumb
 */

/**
 * What a page says of itself that a message links to: `url` is the link, `site` its own name for where it is. `picture` is the path of a small picture, where it has one.
 * @typedef {Object} Preview
 * @property {string} url
 * @property {string} title
 * @property {string} text
 * @property {string} site
 * @property {string | null} picture
 */

/**
 * What a system message tells: its author did this to the room. `value` is the new name or topic. With a visitor's conversation: it was `taken`, `assigned` to the agent of the name `value`, `released`, so that it waits again, `resolved`, `ended` by the visitor, or `resumed`.
 * @typedef {Object} Happening
 * @property {"archived" | "assigned" | "ended" | "private" | "released" | "renamed" | "reopened" | "resolved" | "resumed" | "taken" | "topic"} what
 * @property {string} value
 */

/**
 * A message as it is now. A deleted one keeps id, seq, rev, author and times, and nothing else. `mentions` are those whom it names; with `call` it calls everybody in the room, or everybody who was here. A system message has `happening`, in place of a text of somebody's own. `reply_author` wrote what it answers, if somebody else did. `previews` come a moment after the message, as a change of it.
 * @typedef {Object} Message
 * @property {number} id
 * @property {number} room
 * @property {number} seq
 * @property {number} rev
 * @property {Author} author
 * @property {string} cid
 * @property {"live" | "note" | "system" | "text"} kind
 * @property {string} text
 * @property {string} html
 * @property {string} created_at
 * @property {string | null} edited_at
 * @property {boolean} deleted
 * @property {number | null} reply_to
 * @property {Array<Reaction>} reactions
 * @property {Array<File>} files
 * @property {Array<number>} mentions
 * @property {boolean} pinned
 * @property {"here" | "room" | null} call
 * @property {Happening | null} happening
 * @property {number | null} reply_author
 * @property {Array<Preview>} previews
 */

/**
 * A room as one member sees it; `role` is None for someone who looks at a public room from outside. `unread` are the messages of others after `last_read`, `mentions` those of them that call the member, `replies` those that don't, but answer a message of the member. `users` are the people of a direct conversation, which has no name. What is said is deleted after `keep_days`; 0 is never, and without it the server's own `limits` say so.
 * @typedef {Object} Room
 * @property {number} id
 * @property {string} name
 * @property {"direct" | "help" | "private" | "public"} kind
 * @property {string} topic
 * @property {Head} head
 * @property {"member" | "moderator" | "owner" | null} role
 * @property {"everything" | "mentions" | "nothing"} involvement
 * @property {number} last_read
 * @property {number} unread
 * @property {number} mentions
 * @property {boolean} archived
 * @property {number} slow_mode
 * @property {number} member_count
 * @property {Array<number> | null} users
 * @property {boolean} starred
 * @property {number} replies
 * @property {number | null} keep_days
 */

/**
 * Somebody's membership of a room; `gone` marks who has just left, in `members_changed`.
 * @typedef {Object} Member
 * @property {User} user
 * @property {"member" | "moderator" | "owner"} role
 * @property {boolean} gone
 */

/**
 * Every week, from `start` to `end` ("22:00", in the time zone `zone`), on the days on which it begins. Monday is 1. What ends no later than it starts ends on the next day.
 * @typedef {Object} QuietHours
 * @property {string} start
 * @property {string} end
 * @property {Array<number>} days
 * @property {string} zone
 */

/**
 * Rooms that I have put together, by their ids, in the order that I gave them.
 * @typedef {Object} Section
 * @property {string} name
 * @property {Array<number>} rooms
 */

/**
 * What a client must stay within. `edit_seconds`: how long a message may be edited; 0, for ever. `keep_days`: after so many days messages are deleted, in rooms that don't say otherwise; 0 is never. Counts of what is unread go up to `unread`, which stands for "so many or more". `file_size` is in bytes, `files` how many a message can have.
 * @typedef {Object} Limits
 * @property {number} text
 * @property {number} room_name
 * @property {number} topic
 * @property {number} packet
 * @property {number} unread
 * @property {number} file_size
 * @property {number} files
 * @property {number} edit_seconds
 * @property {number} keep_days
 */

/**
 * What staff say to everybody here; a later one has a higher `id`, and no text where it was taken back.
 * @typedef {Object} Announcement
 * @property {number} id
 * @property {string} text
 */

/**
 * How far a member has read, and what has come since, as of the head that stands beside it.
 * @typedef {Object} Counts
 * @property {number} last_read
 * @property {number} unread
 * @property {number} mentions
 * @property {number} replies
 */

/**
 * A message that was found, and a piece of its text: parts that alternate, the first before the first match.
 * @typedef {Object} Hit
 * @property {Message} message
 * @property {Array<string>} excerpt
 */

/**
 * Done; there is nothing to tell.
 * @typedef {Object} Nothing
 */

/**
 * Why a command was refused. `retryable` stands there always.
 * @typedef {Object} Error
 * @property {string} code
 * @property {string} message
 * @property {boolean} retryable
 * @property {string | null} [field]
 * @property {number | null} [retry_after]
 */

/**
 * Become a member of a public room, by id or by name; with `create` the room is made where none has the name.
 * @typedef {Object} RoomJoin
 * @property {number | string} room
 * @property {boolean} [create]
 */

/**
 * Stop being a member.
 * @typedef {Object} RoomLeave
 * @property {number} room
 */

/**
 * Make a room and become its owner.
 * @typedef {Object} RoomCreate
 * @property {string} name
 * @property {"private" | "public"} kind
 * @property {string} [topic]
 * @property {Array<number>} [members]
 */

/**
 * Change what a room is called or about, how often each may speak (`slow_mode`, seconds), close it (`archived`), or keep it to its members from now on (`kind`: `private`). Its owners say after how many days what is said in it is deleted (`keep_days`): 0 is never, -1 as the server has it. A private room can't be made public: what was said in it was meant for those who were there.
 * @typedef {Object} RoomUpdate
 * @property {number} room
 * @property {string | null} [name]
 * @property {string | null} [topic]
 * @property {number | null} [slow_mode]
 * @property {boolean | null} [archived]
 * @property {"private" | null} [kind]
 * @property {number | null} [keep_days]
 */

/**
 * The directory: public rooms, and the private ones that I am in, by name; or those that are archived.
 * @typedef {Object} RoomList
 * @property {string} [query]
 * @property {string | null} [after]
 * @property {number} [limit]
 * @property {boolean} [archived]
 */

/**
 * Who is in a room, by name; with `query`, those who have it in theirs.
 * @typedef {Object} RoomMembers
 * @property {number} room
 * @property {string | null} [after]
 * @property {number} [limit]
 * @property {string} [query]
 */

/**
 * Add people to a room that I am in.
 * @typedef {Object} RoomInvite
 * @property {number} room
 * @property {Array<number>} users
 */

/**
 * Take somebody out of a room that I own or moderate.
 * @typedef {Object} RoomRemove
 * @property {number} room
 * @property {number} user
 */

/**
 * Say who owns and who moderates a room.
 * @typedef {Object} RoomRole
 * @property {number} room
 * @property {number} user
 * @property {"member" | "moderator" | "owner"} role
 */

/**
 * Make a link that lets whoever has it into the room. It can't be had again.
 * @typedef {Object} RoomLink
 * @property {number} room
 * @property {number} [days]
 * @property {number} [uses]
 */

/**
 * Keep a room among my favourites, or no longer.
 * @typedef {Object} RoomStar
 * @property {number} room
 * @property {boolean} on
 */

/**
 * How much of a room I want to hear of.
 * @typedef {Object} InvolvementSet
 * @property {number} room
 * @property {"everything" | "mentions" | "nothing"} level
 */

/**
 * The conversation with these people, made where there is none yet; without others, with myself.
 * @typedef {Object} DirectOpen
 * @property {Array<number>} users
 */

/**
 * @typedef {Object} RoomResult
 * @property {Room} room
 */

/**
 * `url` is whole; `expires_at` is when it ends by itself.
 * @typedef {Object} RoomLinkResult
 * @property {string} url
 * @property {string} expires_at
 */

/**
 * @typedef {Object} RoomListResult
 * @property {Array<Room>} rooms
 * @property {string | null} [next]
 */

/**
 * @typedef {Object} RoomMembersResult
 * @property {Array<Member>} members
 * @property {string | null} [next]
 */

/**
 * I am now a member of this room.
 * @typedef {Object} RoomAdded
 * @property {Room} room
 * @property {number} rev
 */

/**
 * The room itself changed. What is each member's own (role, involvement, reads) is not in it: see `RoomShared`.
 * @typedef {Object} RoomChanged
 * @property {RoomShared} room
 * @property {number} rev
 */

/**
 * The part of a room that every member sees alike.
 * @typedef {Object} RoomShared
 * @property {number} id
 * @property {string} name
 * @property {"direct" | "help" | "private" | "public"} kind
 * @property {string} topic
 * @property {Head} head
 * @property {boolean} archived
 * @property {number} slow_mode
 * @property {number} member_count
 * @property {number | null} keep_days
 */

/**
 * What is mine of a room has changed, told to my own connections.
 * @typedef {Object} RoomOwn
 * @property {number} room
 * @property {"everything" | "mentions" | "nothing"} involvement
 * @property {boolean} starred
 */

/**
 * @typedef {Object} RoomRemoved
 * @property {number} room
 * @property {"deleted" | "left" | "removed"} reason
 */

/**
 * @typedef {Object} MembersChanged
 * @property {number} room
 * @property {Array<Member>} members
 * @property {number} member_count
 */

/**
 * Say something. The ack comes after the commit; a repeated `cid` answers with the stored message. A `cid` that begins with the time, as a UUID of version 7 does, costs the server least. `files` are ids of my uploads, or of files that I can read; with them, the text may be empty.
 * @typedef {Object} MessageSend
 * @property {number} room
 * @property {string} cid
 * @property {string} text
 * @property {number | null} [reply_to]
 * @property {Array<number>} [files]
 */

/**
 * Say it in other words: my own message, within the server's time for that. It keeps its files.
 * @typedef {Object} MessageEdit
 * @property {number} message
 * @property {string} text
 */

/**
 * Take back a message of mine, or, as who leads the room, of anybody's. Its place stays.
 * @typedef {Object} MessageDelete
 * @property {number} message
 */

/**
 * Some messages by their ids; those that I may not read are left out.
 * @typedef {Object} MessageGet
 * @property {Array<number>} messages
 */

/**
 * Put an emoji under a message.
 * @typedef {Object} ReactionAdd
 * @property {number} message
 * @property {string} emoji
 */

/**
 * Take my emoji away again.
 * @typedef {Object} ReactionRemove
 * @property {number} message
 * @property {string} emoji
 */

/**
 * Keep a message at hand for everybody in the room.
 * @typedef {Object} PinAdd
 * @property {number} message
 */

/**
 * A message need not be at hand any more.
 * @typedef {Object} PinRemove
 * @property {number} message
 */

/**
 * A room's pinned messages, the last pinned first.
 * @typedef {Object} PinList
 * @property {number} room
 */

/**
 * Show no preview of this link under a message of mine, or, as who leads the room, of anybody's.
 * @typedef {Object} PreviewRemove
 * @property {number} message
 * @property {string} url
 */

/**
 * @typedef {Object} MessageResult
 * @property {Message} message
 * @property {boolean} duplicate
 */

/**
 * The message as it is now.
 * @typedef {Object} ChangedResult
 * @property {Message} message
 */

/**
 * @typedef {Object} MessagesResult
 * @property {Array<Message>} messages
 */

/**
 * @typedef {Object} MessageNew
 * @property {number} room
 * @property {number} rev
 * @property {Message} message
 */

/**
 * Whether a message calls me by one of my words, as of `rev`: told to me alone, before that message or its change. What calls me otherwise, everybody sees in the message itself.
 * @typedef {Object} Called
 * @property {number} room
 * @property {number} message
 * @property {number} rev
 * @property {boolean} on
 */

/**
 * The whole current state of a message that was edited, deleted, reacted to or pinned, or got a preview.
 * @typedef {Object} MessageChanged
 * @property {number} room
 * @property {number} rev
 * @property {Message} message
 */

/**
 * All emoji of this server's own, by name.
 * @typedef {Object} EmojiList
 */

/**
 * Take one away from everybody: what was written with it shows its name from then on.
 * @typedef {Object} EmojiRemove
 * @property {string} name
 */

/**
 * `:name:` in texts and as a reaction; `url` is the path of its picture.
 * @typedef {Object} CustomEmoji
 * @property {string} name
 * @property {string} url
 */

/**
 * `rev` counts their changes.
 * @typedef {Object} EmojiListResult
 * @property {number} rev
 * @property {Array<CustomEmoji>} emoji
 */

/**
 * Told to everybody: one was added, or removed by its name.
 * @typedef {Object} EmojiChanged
 * @property {number} rev
 * @property {CustomEmoji | null} added
 * @property {string | null} removed
 */

/**
 * The files in a room's messages, the newest first; `before` is where an earlier answer ended.
 * @typedef {Object} RoomFiles
 * @property {number} room
 * @property {number | null} [before]
 * @property {number} [limit]
 */

/**
 * A file in a message; the same file may be in others too, each with an `id` of its own.
 * @typedef {Object} RoomFile
 * @property {number} id
 * @property {File} file
 * @property {number} message
 * @property {number} seq
 * @property {number} author
 * @property {string} created_at
 */

/**
 * `next` is the `before` of the next page.
 * @typedef {Object} RoomFilesResult
 * @property {Array<RoomFile>} files
 * @property {number | null} [next]
 */

/**
 * A page of a room's messages: the newest, or those before, after or around a seq; fewer where they are long.
 * @typedef {Object} History
 * @property {number} room
 * @property {number | null} [before]
 * @property {number | null} [after]
 * @property {number | null} [around]
 * @property {number} [limit]
 */

/**
 * What has changed since `rev`, as current state; fewer at a time where they are long.
 * @typedef {Object} RoomSync
 * @property {number} room
 * @property {number} rev
 * @property {number} [limit]
 */

/**
 * I have read everything up to and including `seq`; only with `back` may that be less than before.
 * @typedef {Object} ReadMark
 * @property {number} room
 * @property {number} seq
 * @property {boolean} [back]
 */

/**
 * Who has read up to this message, in a room of up to 50.
 * @typedef {Object} MessageReaders
 * @property {number} message
 */

/**
 * What was said, in rooms that I am in, the newest first. `query` is words, "phrases", and `from:name`, `in:room`, `has:file`, `has:link`, `before:2026-01-31`, `after:…`; `before` is where an earlier answer ended.
 * @typedef {Object} Search
 * @property {string} query
 * @property {number | null} [room]
 * @property {number | null} [author]
 * @property {number | null} [before]
 * @property {number} [limit]
 */

/**
 * What calls me, and what answers me, in the rooms that I am in, the newest first. `before` is where an earlier answer ended.
 * @typedef {Object} InboxList
 * @property {"all" | "mentions" | "replies"} [kind]
 * @property {number | null} [before]
 * @property {number} [limit]
 */

/**
 * @typedef {Object} ReadersResult
 * @property {Array<number>} users
 */

/**
 * `next` is the `before` of the next page.
 * @typedef {Object} SearchResult
 * @property {Array<Hit>} hits
 * @property {number | null} [next]
 */

/**
 * `next` is the `before` of the next page; a page may be short and have one. `called` are the ids of those messages that call me by one of my words.
 * @typedef {Object} InboxResult
 * @property {Array<Message>} messages
 * @property {number | null} [next]
 * @property {Array<number> | null} [called]
 */

/**
 * `called` are the ids of those messages that call me by one of my words.
 * @typedef {Object} HistoryResult
 * @property {Array<Message>} messages
 * @property {boolean} more_before
 * @property {boolean} more_after
 * @property {Head} head
 * @property {Array<number>} called
 */

/**
 * `messages` by rising rev and `more`; or `reset`, when the client must drop its cache and read `history`. What has no more, and a reset, tells the member's counts as of `head`. `called` are the ids of those messages that call me by one of my words.
 * @typedef {Object} RoomSyncResult
 * @property {Head} head
 * @property {Array<Message> | null} [messages]
 * @property {Room | null} [room]
 * @property {boolean | null} [more]
 * @property {boolean} [reset]
 * @property {Counts | null} [counts]
 * @property {Array<number> | null} [called]
 */

/**
 * Told to the reader's own connections: how far they have read, and what is unread as of the room's `rev`.
 * @typedef {Object} Read
 * @property {number} room
 * @property {number} seq
 * @property {number} rev
 * @property {number} unread
 * @property {number} mentions
 * @property {number} replies
 */

/**
 * @typedef {Object} Heads
 * @property {Object<number, Head>} rooms
 */

/**
 * Save a message for later, or take it off my list: 1,000 at most. Nobody else learns of it.
 * @typedef {Object} SavedSet
 * @property {number} message
 * @property {boolean} on
 */

/**
 * What I have saved in the rooms that I am in, the last saved first. `before` is where an earlier answer ended.
 * @typedef {Object} SavedList
 * @property {number | null} [before]
 * @property {number} [limit]
 */

/**
 * The ids of all that I have saved, also in rooms that I have left: for marks beside messages.
 * @typedef {Object} SavedIds
 */

/**
 * Remind me of a message at a time within a year, and save it where it is not saved; without `at`, don't.
 * @typedef {Object} ReminderSet
 * @property {number} message
 * @property {string | null} [at]
 */

/**
 * I have looked at the reminders that are due: they stay until they are done, and call no more.
 * @typedef {Object} RemindersSeen
 */

/**
 * When I am reminded of a message that I have saved. From `at` on it is `due`, and once I have looked, `seen`.
 * @typedef {Object} Reminder
 * @property {number} message
 * @property {number} room
 * @property {string} at
 * @property {"due" | "seen" | "waiting"} state
 */

/**
 * `next` is the `before` of the next page; a page may be short and have one. The first page has also, in `due`, those whose reminder is due or seen, the last one first.
 * @typedef {Object} SavedListResult
 * @property {Array<Message>} messages
 * @property {number | null} [next]
 * @property {Array<Message>} [due]
 */

/**
 * `rev` counts the changes of my list.
 * @typedef {Object} SavedIdsResult
 * @property {number} rev
 * @property {Array<number>} messages
 * @property {Array<Reminder>} [reminders]
 */

/**
 * Told to all of my own connections: a message was saved, or taken off the list by its id. One that is deleted goes from the list without this; `message_changed` says so.
 * @typedef {Object} SavedChanged
 * @property {number} rev
 * @property {Message | null} added
 * @property {number | null} removed
 */

/**
 * Told to all of my own connections: reminders are as in `changed` now; of the message `removed` there is none. With `message`, its time has come in this moment; that is left out where I am in its room no more. `rev` is that of `saved_changed`.
 * @typedef {Object} RemindersChanged
 * @property {number} rev
 * @property {Array<Reminder>} [changed]
 * @property {number | null} [removed]
 * @property {Message | null} [message]
 */

/**
 * Say this at a time within a year: 100 such messages at most. At that time it is sent as if I sent it then. `cid` is the message's; one that I have scheduled before answers with that. Files can't be scheduled.
 * @typedef {Object} ScheduledAdd
 * @property {number} room
 * @property {string} cid
 * @property {string} text
 * @property {string} at
 * @property {number | null} [reply_to]
 */

/**
 * All that I have scheduled, and what of it was refused when its time had come.
 * @typedef {Object} ScheduledList
 */

/**
 * Another text, another time, or both. With a time, what was refused is tried again then.
 * @typedef {Object} ScheduledChange
 * @property {number} id
 * @property {string | null} [text]
 * @property {string | null} [at]
 */

/**
 * Don't send it. What is being sent in this moment can't be held.
 * @typedef {Object} ScheduledRemove
 * @property {number} id
 */

/**
 * Send it now. Where that is refused, it stays as it was.
 * @typedef {Object} ScheduledSend
 * @property {number} id
 */

/**
 * A message that is to be sent `at` a time. With `error` it was refused then, and waits for me.
 * @typedef {Object} Scheduled
 * @property {number} id
 * @property {number} room
 * @property {string} text
 * @property {string} at
 * @property {number | null} [reply_to]
 * @property {Error | null} [error]
 */

/**
 * @typedef {Object} ScheduledResult
 * @property {Scheduled} scheduled
 */

/**
 * The next one to be sent first. `rev` counts the changes of my list.
 * @typedef {Object} ScheduledListResult
 * @property {number} rev
 * @property {Array<Scheduled>} scheduled
 */

/**
 * Told to all of my own connections: one is as in `changed` now, or is `removed`: sent, or taken back.
 * @typedef {Object} ScheduledChanged
 * @property {number} rev
 * @property {Scheduled | null} [changed]
 * @property {number | null} [removed]
 */

/**
 * Put rooms together in my sidebar: all my sections, in their order, each with its rooms in theirs. A room stands in one of them at most. Those that I am not in are kept, and shown when I am in them again.
 * @typedef {Object} SectionsSet
 * @property {Array<Section>} sections
 */

/**
 * All my sections, told to all of my own connections.
 * @typedef {Object} SectionsChanged
 * @property {Array<Section>} sections
 */

/**
 * I began or stopped typing; it lapses by itself.
 * @typedef {Object} Typing
 * @property {number} room
 * @property {boolean} on
 */

/**
 * How I want to appear: all of it, until I change it, or `until` a time within a year, in RFC 3339.
 * @typedef {Object} PresenceSet
 * @property {"away" | "dnd" | "online"} status
 * @property {string} [text]
 * @property {string} [emoji]
 * @property {string | null} [until]
 */

/**
 * What somebody tells of themselves, for a card with their name.
 * @typedef {Object} UserProfile
 * @property {number} user
 */

/**
 * When nothing is to ring, pop up or be pushed, every week; null takes that away. My status `dnd` does the same.
 * @typedef {Object} QuietSet
 * @property {QuietHours | null} hours
 */

/**
 * Words, or a few in a row, that call me like my name, whole and however they are written: mine alone to know.
 * @typedef {Object} WordsSet
 * @property {Array<string>} words
 */

/**
 * Find people by a part of their name, or by ids.
 * @typedef {Object} UserList
 * @property {string | null} [query]
 * @property {Array<number> | null} [ids]
 * @property {number} [limit]
 */

/**
 * @typedef {Object} UserListResult
 * @property {Array<User>} users
 */

/**
 * `rooms`: how many rooms, not counting direct conversations, I share with them. `time_zone` has an IANA name.
 * @typedef {Object} ProfileResult
 * @property {User} user
 * @property {string} about
 * @property {string | null} time_zone
 * @property {number} rooms
 */

/**
 * @typedef {Object} UserChanged
 * @property {User} user
 */

/**
 * My quiet hours, told to all of my own connections.
 * @typedef {Object} QuietChanged
 * @property {QuietHours | null} hours
 */

/**
 * The words that call me, told to all of my own connections.
 * @typedef {Object} WordsChanged
 * @property {Array<string>} words
 */

/**
 * How closely I want messages and rooms to stand.
 * @typedef {Object} DensitySet
 * @property {"comfortable" | "compact"} density
 */

/**
 * How closely things stand, told to all of my own connections.
 * @typedef {Object} DensityChanged
 * @property {"comfortable" | "compact"} density
 */

/**
 * @typedef {Object} PresenceFact
 * @property {Object<number, "away" | "dnd" | "offline" | "online">} users
 */

/**
 * @typedef {Object} TypingFact
 * @property {number} room
 * @property {number} user
 * @property {boolean} on
 */

/**
 * Somebody may read and say nothing, in a room or, without `room`, anywhere; until a time within a year, or until it is lifted.
 * @typedef {Object} UserMute
 * @property {number} user
 * @property {number | null} [room]
 * @property {string | null} [until]
 * @property {string} [reason]
 */

/**
 * They may speak again.
 * @typedef {Object} UserUnmute
 * @property {number} user
 * @property {number | null} [room]
 */

/**
 * Somebody is shown this once, whatever they are doing, as a warning about a room or the whole server.
 * @typedef {Object} UserWarn
 * @property {number} user
 * @property {string} reason
 * @property {number | null} [room]
 */

/**
 * I have seen a warning.
 * @typedef {Object} WarningSeen
 * @property {number} id
 */

/**
 * Take somebody out of a room and keep them out, until a time within a year, or until it is lifted.
 * @typedef {Object} RoomBan
 * @property {number} room
 * @property {number} user
 * @property {string | null} [until]
 * @property {string} [reason]
 */

/**
 * They may come in again.
 * @typedef {Object} RoomUnban
 * @property {number} room
 * @property {number} user
 */

/**
 * Who is muted in a room that I lead, or banned from it, the latest first.
 * @typedef {Object} SanctionList
 * @property {number} room
 */

/**
 * @typedef {Object} SanctionListResult
 * @property {Array<Sanction>} sanctions
 */

/**
 * My mutes and bans, and the warnings that I have not seen; what has come to its end is not told again.
 * @typedef {Object} SanctionsChanged
 * @property {Array<Sanction>} sanctions
 */

/**
 * For who leads a room: `sanction_list` has changed.
 * @typedef {Object} RoomSanctionsChanged
 * @property {number} room
 */

/**
 * `html` is the message as it was when it was reported; `room_name` is null for a direct conversation. `outcome`, by whom and when are null while it is open: `removed` is the message, `expelled` its author.
 * @typedef {Object} Report
 * @property {number} id
 * @property {number} message
 * @property {number} room
 * @property {string | null} room_name
 * @property {number} author
 * @property {number} reporter
 * @property {"abuse" | "illegal" | "other" | "spam"} reason
 * @property {string} comment
 * @property {string} html
 * @property {string} created_at
 * @property {string | null} settled_at
 * @property {number | null} settled_by
 * @property {"banned" | "dismissed" | "expelled" | "muted" | "removed" | "warned" | null} outcome
 */

/**
 * Tell those who lead the room, and the server's staff, of a message; they then see what was said around it. Not in a conversation with a visitor, which those who answer see alone.
 * @typedef {Object} MessageReport
 * @property {number} message
 * @property {"abuse" | "illegal" | "other" | "spam"} reason
 * @property {string} [comment]
 */

/**
 * The reports of a room that I lead, or of all that I lead, for the server's staff of all rooms; the newest first. `before` is where an earlier answer ended.
 * @typedef {Object} ReportList
 * @property {number | null} [room]
 * @property {boolean} [settled]
 * @property {number | null} [before]
 * @property {number} [limit]
 */

/**
 * `next` is the `before` of the next page.
 * @typedef {Object} ReportListResult
 * @property {Array<Report>} reports
 * @property {number | null} [next]
 */

/**
 * The message of a report that I may settle as it is now, with the five before and after it.
 * @typedef {Object} ReportContext
 * @property {number} report
 */

/**
 * Say what was decided, of all open reports of the same message, and with `remove` delete it along.
 * @typedef {Object} ReportResolve
 * @property {number} report
 * @property {"banned" | "dismissed" | "expelled" | "muted" | "removed" | "warned"} outcome
 * @property {boolean} [remove]
 */

/**
 * For who may settle it: a report is new, or settled.
 * @typedef {Object} ReportChanged
 * @property {Report} report
 */

/**
 * Nobody can use this account, until a time within a year, or until it is lifted. With `networks` nobody is let in from where its browsers were, but staff who are signed in. With `remove`, what it has written in the last hours is deleted, which may take a while.
 * @typedef {Object} UserBan
 * @property {number} user
 * @property {string | null} [until]
 * @property {string} [reason]
 * @property {boolean} [networks]
 * @property {number} [remove]
 */

/**
 * The account can be used again.
 * @typedef {Object} UserUnban
 * @property {number} user
 */

/**
 * The newest first. `before` is where an earlier answer ended; of `since` and `until` the first is included. `actor` did it, and `user` is whom it was done to.
 * @typedef {Object} AuditList
 * @property {number | null} [actor]
 * @property {number | null} [user]
 * @property {string | null} [action]
 * @property {number | null} [room]
 * @property {string | null} [since]
 * @property {string | null} [until]
 * @property {number | null} [before]
 * @property {number} [limit]
 */

/**
 * One act. `actor_id` is missing for the command line, whose `address` is `cli`. `actor` and what `details` name are called as they were called then.
 * @typedef {Object} AuditEntry
 * @property {number} id
 * @property {string} at
 * @property {string} action
 * @property {string} actor
 * @property {string} address
 * @property {number | null} [actor_id]
 * @property {number | null} [user]
 * @property {number | null} [room]
 * @property {number | null} [message]
 * @property {Object<string, *>} [details]
 */

/**
 * `next` is the `before` of the next page.
 * @typedef {Object} AuditListResult
 * @property {Array<AuditEntry>} entries
 * @property {number | null} [next]
 */

/**
 * A round-trip probe.
 * @typedef {Object} TimeProbe
 */

/**
 * @typedef {Object} TimeResult
 * @property {string} time
 */

/**
 * The first fact on a connection: who I am, which rooms I am in and where each stands. `features` are `guests`, where they can look in, `files`, where I may send some, and `open_links`, where newcomers may make accounts with my links into rooms, and `helps`, where I answer visitors. `emoji` counts the changes of the server's own emoji, which `emoji_list` has, `saved` those of what I have saved for later and its reminders, which `saved_ids` has, and `scheduled` those of `scheduled_list`. `words` are those that call me beside my name. `sanctions` are my mutes and bans from rooms, and warnings that I have not seen. `build` names the pages that the server has, for pages that were loaded from another. Programs need not look at it.
 * @typedef {Object} Welcome
 * @property {number} protocol
 * @property {string} epoch
 * @property {string} time
 * @property {User} user
 * @property {Array<User>} users
 * @property {Array<Room>} rooms
 * @property {Limits} limits
 * @property {Array<string>} features
 * @property {QuietHours | null} quiet_hours
 * @property {"comfortable" | "compact"} density
 * @property {Array<Section>} sections
 * @property {number} emoji
 * @property {number} saved
 * @property {number} scheduled
 * @property {Array<string>} words
 * @property {Array<Sanction>} sanctions
 * @property {Announcement | null} announcement
 * @property {string | null} build
 */

/**
 * The connection closes after this. `closed` is a window whose web site has none any more.
 * @typedef {Object} SessionEnded
 * @property {"banned" | "closed" | "deactivated" | "expired" | "not_staff" | "revoked" | "signed_out"} reason
 */

/**
 * @typedef {Object} Notice
 * @property {"info" | "warning"} level
 * @property {string} code
 * @property {string} message
 */

/**
 * The first fact on the connection: who I am, and the process that it leads to.
 * @typedef {Object} AdminWelcome
 * @property {number} protocol
 * @property {string} epoch
 * @property {string} time
 * @property {User} user
 * @property {string} process
 * @property {string | null} build
 */

/**
 * Accounts by name: those that may come in, or others. `after` is where an earlier answer ended.
 * @typedef {Object} AccountList
 * @property {string} [query]
 * @property {"admin" | "bot" | "guest" | "member" | "owner" | "visitor" | null} [role]
 * @property {"active" | "all" | "banned" | "deactivated"} [state]
 * @property {number | null} [after]
 * @property {number} [limit]
 */

/**
 * `seen_at` is when a browser or a program of theirs was seen last, give or take some minutes.
 * @typedef {Object} Account
 * @property {User} user
 * @property {string} created_at
 * @property {string | null} seen_at
 * @property {string | null} deactivated_at
 * @property {boolean} banned
 */

/**
 * `next` is the `after` of the next page.
 * @typedef {Object} AccountListResult
 * @property {Array<Account>} accounts
 * @property {number | null} [next]
 */

/**
 * Give a person another role on the server, as one of its owners.
 * @typedef {Object} UserRole
 * @property {number} user
 * @property {"admin" | "member" | "owner"} role
 */

/**
 * Close an account: nobody is let in with it, and all that it has said stays.
 * @typedef {Object} UserDeactivate
 * @property {number} user
 */

/**
 * Open it again.
 * @typedef {Object} UserReactivate
 * @property {number} user
 */

/**
 * Sign somebody out everywhere; with `tokens`, what speaks for them by a token loses that as well.
 * @typedef {Object} UserSignOut
 * @property {number} user
 * @property {boolean} [tokens]
 */

/**
 * Delete a message, in whatever room it stands.
 * @typedef {Object} MessageRemove
 * @property {number} message
 */

/**
 * Close a room to new messages, or open it again, whoever leads it; of a direct conversation, nobody can.
 * @typedef {Object} RoomArchive
 * @property {number} room
 * @property {boolean} [archived]
 */

/**
 * Say something to everybody here, now and whoever comes later, until they close it; no text takes it back.
 * @typedef {Object} NoticeSend
 * @property {string} message
 */

/**
 * What is in force anywhere, the latest first. `before` is where an earlier answer ended.
 * @typedef {Object} SanctionSearch
 * @property {"ban" | "mute" | "room_ban" | "warning" | null} [kind]
 * @property {number | null} [user]
 * @property {number | null} [before]
 * @property {number} [limit]
 */

/**
 * `rooms` has the names of rooms by their ids, `networks` those that are blocked, by the number of their ban; `next` is the `before` of the next page.
 * @typedef {Object} SanctionSearchResult
 * @property {Array<Sanction>} sanctions
 * @property {Array<User>} users
 * @property {Object<number, string>} [rooms]
 * @property {Object<number, Array<string>>} [networks]
 * @property {number | null} [next]
 */

/**
 * One connection to /chat, of a browser or, by a token, of a program, which may have said what it is (`client`). `sent` and `received` are bytes, where the system counts them: not of who polls, and on Linux only.
 * @typedef {Object} ConnectionInfo
 * @property {string} id
 * @property {string} process
 * @property {number} user
 * @property {string} username
 * @property {string} name
 * @property {"admin" | "bot" | "guest" | "member" | "owner" | "visitor"} role
 * @property {string} address
 * @property {string} agent
 * @property {string | null} client
 * @property {boolean} program
 * @property {"polling" | "websocket"} transport
 * @property {number} rooms
 * @property {string} since
 * @property {number | null} sent
 * @property {number | null} received
 */

/**
 * The connections of all processes. `query` is part of a name, an address or what a browser or program says it is. `after` is where an earlier answer ended.
 * @typedef {Object} ConnectionList
 * @property {string} [query]
 * @property {number | null} [user]
 * @property {"polling" | "websocket" | null} [transport]
 * @property {"address" | "received" | "rooms" | "sent" | "since" | "user"} [sort]
 * @property {boolean} [descending]
 * @property {string | null} [after]
 * @property {number} [limit]
 */

/**
 * `count` is how many there are of the kind asked for; `silent` are processes that did not answer in time.
 * @typedef {Object} ConnectionListResult
 * @property {Array<ConnectionInfo>} connections
 * @property {number} count
 * @property {Array<string>} [silent]
 * @property {string | null} [next]
 */

/**
 * Close one connection of somebody's; a client that is not told more comes back by itself.
 * @typedef {Object} ConnectionClose
 * @property {string} id
 * @property {number} user
 */

/**
 * The rooms in which most was said lately, as far as the newest 20,000 messages reach; no direct conversations.
 * @typedef {Object} RoomActivity
 * @property {number} [hours]
 * @property {number} [limit]
 */

/**
 * `messages` were written by `authors` people; `last_at` is when the last one was.
 * @typedef {Object} ActiveRoom
 * @property {number} id
 * @property {string} name
 * @property {"direct" | "help" | "private" | "public"} kind
 * @property {boolean} archived
 * @property {number} members
 * @property {number} messages
 * @property {number} authors
 * @property {string} last_at
 */

/**
 * @typedef {Object} RoomActivityResult
 * @property {Array<ActiveRoom>} rooms
 */

/**
 * What one process does. `at` is in milliseconds since 1970; what is counted is a second's, on average since the line before: `messages` sent, `deliveries` of facts, `commands`. `ack` and `ack_most` are the milliseconds in which half and nearly all (99 %) of the commands were answered, `lag` the longest that the process was late, `queue` what waits to be written, `memory` in bytes, `cpu` the part of one processor, `slow_readers` how many were dropped since it started.
 * @typedef {Object} Stats
 * @property {string} process
 * @property {number} at
 * @property {number} connections
 * @property {number} websocket
 * @property {number} polling
 * @property {number} users
 * @property {number} messages
 * @property {number} deliveries
 * @property {number} commands
 * @property {number} ack
 * @property {number} ack_most
 * @property {number} lag
 * @property {number} queue
 * @property {number} memory
 * @property {number} cpu
 * @property {number} slow_readers
 */

/**
 * Tell me `stats` of every process, every two seconds, or stop.
 * @typedef {Object} StatsWatch
 * @property {boolean} [on]
 */

/**
 * What one process did in the last hour, each ten seconds: the fields of `stats`, each with all its values.
 * @typedef {Object} StatsSeries
 * @property {string} process
 * @property {Object<string, Array<number>>} values
 */

/**
 * One of each process; `silent` are processes that did not answer in time.
 * @typedef {Object} StatsWatchResult
 * @property {Array<StatsSeries>} [series]
 * @property {Array<string>} [silent]
 */

/**
 * How a site's window looks and what it asks for. Empty texts are the server's own, in the visitor's language. `hours` are those in which somebody is there; without them, always.
 * @typedef {Object} HelpLook
 * @property {string} greeting
 * @property {string} away
 * @property {number} hue
 * @property {"left" | "right"} side
 * @property {"" | "en" | "zh-Hans"} language
 * @property {"off" | "optional" | "required"} ask_name
 * @property {"off" | "optional" | "required"} ask_email
 * @property {QuietHours | null} hours
 */

/**
 * Somebody who answers, as a visitor sees them.
 * @typedef {Object} HelpAgent
 * @property {string} name
 * @property {string | null} avatar
 */

/**
 * A file as a visitor sees it. Its addresses need no more than themselves and work for a day or two; `help_history` has new ones. With `&download=1` behind it, `url` is saved instead of shown.
 * @typedef {Object} HelpFile
 * @property {number} id
 * @property {string} name
 * @property {string} type
 * @property {number} size
 * @property {number | null} width
 * @property {number | null} height
 * @property {string | null} thumb
 * @property {string} url
 */

/**
 * A message as the visitor sees it. `mine`: the visitor's own, whose `cid` is told with it. `agent` is null for it. `reply_to` is the message that it answers. `kind` is `system` for what has happened to the conversation, which `happening` says.
 * @typedef {Object} HelpMessage
 * @property {number} id
 * @property {number} seq
 * @property {number} rev
 * @property {boolean} mine
 * @property {HelpAgent | null} agent
 * @property {string | null} cid
 * @property {"system" | "text"} kind
 * @property {string} text
 * @property {string} html
 * @property {string} created_at
 * @property {string | null} edited_at
 * @property {boolean} deleted
 * @property {Array<HelpFile>} files
 * @property {Happening | null} happening
 * @property {number | null} reply_to
 */

/**
 * The visitor's conversation: where it stands. `named`: whether the visitor has said `name`, or it was made up.
 * @typedef {Object} HelpOwn
 * @property {"open" | "resolved" | "waiting"} state
 * @property {number} rev
 * @property {HelpAgent | null} agent
 * @property {string} name
 * @property {boolean} named
 * @property {string} email
 * @property {number | null} rating
 */

/**
 * Write; the first message begins a conversation. `page` is the address that the visitor looks at.
 * @typedef {Object} HelpSend
 * @property {string} cid
 * @property {string} text
 * @property {Array<number>} [files]
 * @property {string} [page]
 */

/**
 * @typedef {Object} HelpSendResult
 * @property {HelpMessage} message
 * @property {boolean} duplicate
 */

/**
 * What was said, by rising `seq`: the last messages, or those before one.
 * @typedef {Object} HelpHistory
 * @property {number | null} [before]
 * @property {number} [limit]
 */

/**
 * @typedef {Object} HelpHistoryResult
 * @property {Array<HelpMessage>} messages
 * @property {boolean} more
 * @property {number} rev
 */

/**
 * What has changed since `rev`; with `reset`, read `help_history` instead.
 * @typedef {Object} HelpSync
 * @property {number} rev
 * @property {number} [limit]
 */

/**
 * @typedef {Object} HelpSyncResult
 * @property {number} rev
 * @property {Array<HelpMessage>} messages
 * @property {boolean} more
 * @property {boolean} reset
 * @property {HelpOwn | null} conversation
 */

/**
 * I am writing, or have stopped.
 * @typedef {Object} HelpTyping
 * @property {boolean} on
 */

/**
 * What I am called, and how to reach me later; what is left out stays.
 * @typedef {Object} HelpDetails
 * @property {string | null} [name]
 * @property {string | null} [email]
 */

/**
 * I am done, and say perhaps how it was: 5 is best.
 * @typedef {Object} HelpClose
 * @property {number | null} [rating]
 * @property {string} [comment]
 */

/**
 * The first fact. `conversation` is null for who has not written yet; `here`: whether somebody may answer now. `file_limit` is the largest file that can be sent, in bytes, and none where no files are taken.
 * @typedef {Object} HelpWelcome
 * @property {number} protocol
 * @property {string} epoch
 * @property {string} time
 * @property {string} site
 * @property {HelpLook} look
 * @property {boolean} here
 * @property {HelpOwn | null} conversation
 * @property {number} text_limit
 * @property {number} file_limit
 */

/**
 * A message is new (`help_message`).
 * @typedef {Object} HelpMessageFact
 * @property {number} rev
 * @property {HelpMessage} message
 */

/**
 * A message is another than before, or the conversation is; each null where it is not.
 * @typedef {Object} HelpChanged
 * @property {number} rev
 * @property {HelpMessage | null} message
 * @property {HelpOwn | null} conversation
 */

/**
 * An agent is writing, or has stopped.
 * @typedef {Object} HelpTypingFact
 * @property {HelpAgent} agent
 * @property {boolean} on
 */

/**
 * How many agents are connected, and how many conversations wait before mine, none where it does not wait. `here` is that of the welcome, as it is now.
 * @typedef {Object} HelpStatus
 * @property {number} agents_online
 * @property {number | null} position
 * @property {boolean} here
 */

/**
 * A conversation for those who answer. `earlier` is how many the visitor has had before; `last` what was said last. `waiting_since` is null where nothing waits for an answer.
 * @typedef {Object} HelpConversation
 * @property {number} room
 * @property {number} site
 * @property {User} visitor
 * @property {string} email
 * @property {"open" | "resolved" | "waiting"} state
 * @property {number | null} agent
 * @property {string} opened_at
 * @property {string | null} waiting_since
 * @property {string} said_at
 * @property {string | null} resolved_at
 * @property {string} last
 * @property {number | null} rating
 * @property {string} comment
 * @property {string} page
 * @property {string} browser
 * @property {string} language
 * @property {number} earlier
 */

/**
 * Conversations: those that wait, the longest first; mine and everybody's, and resolved ones, the latest first.
 * @typedef {Object} HelpList
 * @property {"mine" | "open" | "resolved" | "waiting"} list
 * @property {string} [query]
 * @property {number | null} [before]
 * @property {number} [limit]
 */

/**
 * @typedef {Object} HelpListResult
 * @property {Array<HelpConversation>} conversations
 * @property {number | null} next
 * @property {number} waiting
 */

/**
 * Come into a conversation beside who has it; with it, those that the visitor had before.
 * @typedef {Object} HelpLookAt
 * @property {number} room
 */

/**
 * @typedef {Object} HelpLookAtResult
 * @property {HelpConversation} conversation
 * @property {Array<HelpConversation>} earlier
 */

/**
 * What was said in an earlier conversation of a visitor, the end of it.
 * @typedef {Object} HelpEarlier
 * @property {number} room
 * @property {number | null} [before]
 */

/**
 * @typedef {Object} HelpEarlierResult
 * @property {Array<Message>} messages
 */

/**
 * Give a conversation to an agent, oneself perhaps; to nobody, and it waits again.
 * @typedef {Object} HelpAssign
 * @property {number} room
 * @property {number | null} user
 */

/**
 * It is over; or, with `resolved` false, it is not.
 * @typedef {Object} HelpResolve
 * @property {number} room
 * @property {boolean} [resolved]
 */

/**
 * Say something in a conversation that its visitor does not hear.
 * @typedef {Object} HelpNote
 * @property {number} room
 * @property {string} cid
 * @property {string} text
 */

/**
 * Everybody who answers visitors, by name: to whom a conversation can be given.
 * @typedef {Object} HelpAgents
 */

/**
 * @typedef {Object} HelpAgentsResult
 * @property {Array<User>} agents
 */

/**
 * A canned answer: `short` is what is typed behind the `/`.
 * @typedef {Object} HelpAnswer
 * @property {number} id
 * @property {string} short
 * @property {string} text
 */

/**
 * All canned answers, by `short`.
 * @typedef {Object} HelpAnswers
 */

/**
 * @typedef {Object} HelpAnswersResult
 * @property {Array<HelpAnswer>} answers
 */

/**
 * Keep a canned answer, in place of the one of this `short`.
 * @typedef {Object} HelpAnswerSet
 * @property {string} short
 * @property {string} text
 */

/**
 * Forget a canned answer.
 * @typedef {Object} HelpAnswerRemove
 * @property {number} id
 */

/**
 * By day, of the last `days`, in the server's days (UTC).
 * @typedef {Object} HelpFigures
 * @property {number} [days]
 */

/**
 * `answered_after` is the median wait for the first answer, in seconds; `rating` the mean of `ratings`.
 * @typedef {Object} HelpDay
 * @property {string} day
 * @property {number} opened
 * @property {number} resolved
 * @property {number | null} answered_after
 * @property {number | null} rating
 * @property {number} ratings
 */

/**
 * @typedef {Object} HelpFiguresResult
 * @property {Array<HelpDay>} days
 */

/**
 * For who answers: a conversation is new, or another than before; and how many wait. With `calls`, it has just begun to wait for anybody.
 * @typedef {Object} HelpQueueChanged
 * @property {HelpConversation} conversation
 * @property {number} waiting
 * @property {boolean} calls
 */
