/** What the page does about notifications, loaded when it has come to rest. */

import { excerpt } from "../elements/shared/excerpt.js";
import { roomLabel } from "../elements/shared/words.js";
import { chime } from "../lib/chime.js";
import { Page } from "../lib/page.js";
import { Device } from "../models/device.js";
import { Notifications } from "../models/notifications.js";
import { answer } from "./answer.js";
import { permission } from "./permission.js";
import { pictureOf } from "./picture.js";
import { compose, show, withdraw } from "./show.js";
import { register } from "./worker.js";
import "../elements/hub-notify-offer.js";

/** @param {{client: object, app: HTMLElement, storage: Storage | null}} page */
export async function startNotifying({ client, app, storage }) {
  const page = new Page();
  const device = new Device({ storage, page });
  const around = { user: client.me.id, label: roomLabel, excerpt, picture: pictureOf };
  const open = ({ room, seq, write = false }) => app.go(room, { at: seq, write });
  if (navigator.locks) {
    new Notifications({
      client, page, device, locks: navigator.locks, chime,
      show: (note) => permission() === "granted" && show(compose(note, around), { open }).catch(() => {}),
      withdraw: (isOver) => void withdraw(isOver).catch(() => {}),
    }).start();
  }
  navigator.serviceWorker?.addEventListener("message", (event) => answer(client, event, { open }));
  await register();
  app.device = device;
}
