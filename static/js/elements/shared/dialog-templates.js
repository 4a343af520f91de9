import { html } from "lit";

/** The dialogs that anything in the page may ask for with `hub-dialog`, by the name it gives. */
const TEMPLATES = {
  "add-people": ({ client, done }) => html`<hub-add-people .client=${client} .room=${client.current} @hub-done=${done}></hub-add-people>`,
  connection: ({ client, boot, done }) => html`<hub-connection-details .client=${client} .build=${boot.build} @hub-done=${done}></hub-connection-details>`,
  directory: ({ client, dialog, done }) => html`<hub-directory .client=${client} .query=${dialog.query ?? ""} @hub-done=${done}></hub-directory>`,
  forward: ({ client, dialog, done }) => html`<hub-forward .client=${client} .room=${dialog.room} .message=${dialog.message} @hub-done=${done}></hub-forward>`,
  "new-room": ({ client, dialog, done }) => html`<hub-new-room .client=${client} .name=${dialog.roomName ?? ""} @hub-done=${done}></hub-new-room>`,
  readers: ({ client, dialog, done }) => html`<hub-readers .client=${client} .room=${dialog.room} .message=${dialog.message} @hub-done=${done}></hub-readers>`,
  shortcuts: ({ done }) => html`<hub-shortcuts @hub-done=${done}></hub-shortcuts>`,
  status: ({ client, done }) => html`<hub-status .client=${client} @hub-done=${done}></hub-status>`,
};

export const dialogTemplate = (dialog, around) => TEMPLATES[dialog.name]({ ...around, dialog });
