(id) => {
  const { rooms, reads } = document.querySelector("hub-app").client;
  if (rooms.get(id)) reads.markRead(id);
}
