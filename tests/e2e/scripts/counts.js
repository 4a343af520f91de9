() => {
  const { rooms } = document.querySelector("hub-app").client;
  return Object.fromEntries(rooms.all.map((room) => [room.id, [room.unread, room.mentions, room.rev]]));
}
