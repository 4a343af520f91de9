/** The dialogs, loaded together when the page has come to rest. */

import "./hub-add-people.js";
import "./hub-connection-details.js";
import "./hub-decide.js";
import "./hub-directory.js";
import "./hub-forward.js";
import "./hub-new-direct.js";
import "./hub-new-room.js";
import "./hub-reacted.js";
import "./hub-own-emoji.js";
import "./hub-readers.js";
import "./hub-report.js";
import "./hub-room-settings.js";
import "./hub-section.js";
import "./hub-shortcuts.js";
import "./hub-status.js";
