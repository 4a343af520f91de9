/** What writing needs beyond the field itself, loaded together when the page has come to rest or the field is used. */

import "./hub-completion.js";
import "./hub-composer-notice.js";
import "./hub-drop.js";
import "./hub-muted.js";
import "./hub-note-switch.js";
import "./hub-reply-banner.js";
import "./hub-scheduled-line.js";
import "./hub-send-later.js";
import "./hub-upload-tiles.js";
import "./hub-voice.js";

export { outsidersIn } from "../models/called.js";
export { paste } from "./writing/composer-paste.js";
export { deliver } from "./writing/deliver.js";
export { FORMATS } from "../lib/markdown-edit.js";
