/** The live console's page: a connection to /admin, and <hub-console> over it. */

import { comesLater } from "../lib/later.js";
import { loadLanguage } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { Connection } from "../models/connection.js";
import { Socket } from "../socket.js";
import { ConsoleModel } from "./model.js";
import "./hub-console.js";

const FACTS = ["welcome", "stats", "report_changed", "session_ended", "notice"];

comesLater({ styles: [], texts: null });
await loadLanguage(document.documentElement.lang);
const page = new Page();
const socket = new Socket({ namespace: "/admin", facts: FACTS });
const connection = new Connection(socket, page);
const view = document.querySelector("hub-console");
view.model = new ConsoleModel({ socket, connection, page });
connection.start();
