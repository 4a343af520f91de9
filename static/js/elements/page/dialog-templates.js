import { html } from "lit";

/** The dialogs that anything in the page may ask for with `hub-dialog`, by the name it gives; `dialog.room` is the one that it is about. */
const TEMPLATES = {
  "add-people": ({ client, dialog, done }) => html`<hub-add-people .client=${client} .room=${dialog.room} @hub-done=${done}></hub-add-people>`,
  connection: ({ client, boot, done }) => html`<hub-connection-details .client=${client} .build=${boot.build} @hub-done=${done}></hub-connection-details>`,
  decide: ({ client, dialog, done }) => html`<hub-decide .client=${client} .room=${dialog.room} .about=${dialog.about} @hub-done=${done}></hub-decide>`,
  directory: ({ client, dialog, done }) => html`<hub-directory .client=${client} .query=${dialog.query ?? ""} @hub-done=${done}></hub-directory>`,
  forward: ({ client, dialog, done }) => html`<hub-forward .client=${client} .room=${dialog.room} .message=${dialog.message} @hub-done=${done}></hub-forward>`,
  "new-direct": ({ client, done }) => html`<hub-new-direct .client=${client} @hub-done=${done}></hub-new-direct>`,
  "new-room": ({ client, dialog, done }) => html`<hub-new-room .client=${client} .name=${dialog.roomName ?? ""} @hub-done=${done}></hub-new-room>`,
  reacted: ({ client, dialog, done }) => html`<hub-reacted .client=${client} .room=${dialog.room} .message=${dialog.message} @hub-done=${done}></hub-reacted>`,
  "own-emoji": ({ client, boot, done }) => html`<hub-own-emoji .client=${client} .csrf=${boot.csrf} @hub-done=${done}></hub-own-emoji>`,
  readers: ({ client, dialog, done }) => html`<hub-readers .client=${client} .room=${dialog.room} .message=${dialog.message} @hub-done=${done}></hub-readers>`,
  report: ({ client, dialog, done }) => html`<hub-report .client=${client} .room=${dialog.room} .message=${dialog.message} @hub-done=${done}></hub-report>`,
  "room-settings": ({ client, dialog, done }) => html`<hub-room-settings .client=${client} .room=${dialog.room} @hub-done=${done}></hub-room-settings>`,
  section: ({ client, dialog, done }) => html`<hub-section .client=${client} .room=${dialog.room} .section=${dialog.section ?? null} @hub-done=${done}></hub-section>`,
  shortcuts: ({ done }) => html`<hub-shortcuts @hub-done=${done}></hub-shortcuts>`,
  status: ({ client, done }) => html`<hub-status .client=${client} @hub-done=${done}></hub-status>`,
};

export const dialogTemplate = (dialog, around) => TEMPLATES[dialog.name]({ ...around, dialog });
