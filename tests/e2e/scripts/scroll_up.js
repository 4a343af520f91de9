// Scrolls the open room up by that many heights of the list, and waits until what that asks for is drawn.
async (heights) => {
  const list = document.querySelector(".messages");
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const { client } = document.querySelector("hub-app");
  for (let step = 0; step < heights * 2; step += 1) {
    list.scrollTop -= list.clientHeight / 2;
    for (let calm = 0; calm < 2; calm = client.current.timeline.loading ? 0 : calm + 1) await frame();
  }
}
