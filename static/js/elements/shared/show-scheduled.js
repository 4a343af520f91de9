/** Open the list of what I have written to be sent later. @param {import("./element.js").HubElement} from tells the page */
export function showScheduled(client, from) {
  client.inbox.show("scheduled");
  from.tell("hub-inbox", { open: true });
}
