import { t } from "../../lib/i18n.js";
import { ask } from "../hub-confirm.js";
import { toast } from "../hub-toast.js";

/** Marks everything as read, after a question: there is no way back to what was unread in each room. */
export async function readAll(client) {
  const count = client.rooms.all.filter((room) => room.unread > 0).length;
  if (!count) return toast({ text: t("readAll.nothing") });
  const question = { heading: t("readAll.heading"), text: t("readAll.text", { count }), confirm: t("readAll.confirm"), harmless: true };
  if (await ask(question)) client.reads.markAll();
}
