/** What the page does about notifications, loaded when it has come to rest. */

import { toast } from "../elements/hub-toast.js";
import { excerpt } from "../elements/shared/excerpt.js";
import { roomLabel } from "../elements/shared/words.js";
import { chime } from "../lib/chime.js";
import { t } from "../lib/i18n.js";
import { Page } from "../lib/page.js";
import { Device } from "../models/device.js";
import { Notifications } from "../models/notifications.js";
import { answer } from "./answer.js";
import { permission } from "../lib/permission.js";
import { pictureOf } from "./picture.js";
import { renew } from "./push.js";
import { compose, composeReminder, composeVisitor, show, withdraw } from "./show.js";
import { keepParts, register } from "./worker.js";
import "../elements/hub-notify-offer.js";

/** What the installed app's shortcuts may open. */
const DIALOGS = ["new-direct", "directory"];

/** @param {{client: object, app: HTMLElement, storage: Storage | null, wanted: string | null}} page `wanted`: a shortcut's dialog */
export async function startNotifying({ client, app, storage, wanted }) {
  const page = new Page();
  const device = new Device({ storage, page });
  const around = { user: client.me.id, label: roomLabel, excerpt, picture: pictureOf };
  const help = () => app.tell("hub-help", { open: true });
  const open = ({ room, seq, write = false, visitor = false }) => (visitor ? help() : app.go(room, { at: seq, write }));
  const put = (note) => permission() === "granted" && show(note, { open }).catch(() => {});
  if (navigator.locks) {
    new Notifications({
      client, page, device, locks: navigator.locks, chime,
      show: (note) => put(compose(note, around)),
      remind: ({ room, message, here }) => {
        if (!here) return put(composeReminder({ room, message }, around));
        return toast({ text: t("reminder.now", { who: message.author.name, text: excerpt(message) }), action: t("reminder.show"), run: () => open(message) });
      },
      call: ({ conversation, here }) => {
        if (!here) return put(composeVisitor({ conversation }, around));
        // In the inbox it is seen already.
        if (app.querySelector("hub-help")) return undefined;
        return toast({ tag: "visitor", text: t("notify.visitor", { who: conversation.visitor.name }), action: t("reminder.show"), run: help });
      },
      withdraw: (isOver) => void withdraw(isOver).catch(() => {}),
    }).start();
  }
  navigator.serviceWorker?.addEventListener("message", (event) => answer(client, event, { open }));
  app.device = device;
  if (wanted === "help") help();
  if (DIALOGS.includes(wanted)) app.tell("hub-dialog", { name: wanted });
  const registration = await register();
  if (!registration) return;
  if (device.push) void renew().catch(() => {});
  keepParts(navigator.serviceWorker);
  // The server has other pages: the worker need not wait for the next visit to learn of it.
  client.updates.on("change", () => client.updates.offer && registration.update().catch(() => {}));
}
