// The id of the page's connection, and how many round trips it has measured, over all connections.
() => {
  const { connection } = document.querySelector("hub-app").client;
  return [connection.sid, connection.samples.length];
}
