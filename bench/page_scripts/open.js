/** Click on a room in the sidebar; the milliseconds until a frame has its messages. */
async (room) => {
  const link = document.querySelector(`hub-sidebar a[href="/room/${room}"]`);
  if (!link) throw new Error(`room ${room} is not in the sidebar`);
  const frame = () => new Promise((drawn) => requestAnimationFrame(drawn));
  const task = () => new Promise((done) => setTimeout(done));
  const list = () => document.querySelector("hub-messages");
  // What the room before has left to do is its own.
  await frame();
  await task();
  const began = performance.now();
  link.click();
  // The rows of the room before stand there until the next frame.
  while (list()?.querySelector("hub-message")?.room.id !== room || list().querySelector(".waiting")) await task();
  await frame();
  await task();
  return performance.now() - began;
};
