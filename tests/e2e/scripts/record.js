// Half a second of a moving square as a video, recorded by the browser itself, in base64.
async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 96 });
  const pen = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(), { mimeType: "video/webm;codecs=vp8" });
  const pieces = [];
  recorder.ondataavailable = ({ data }) => pieces.push(data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  for (let step = 0; step < 30; step += 1) {
    pen.fillStyle = `hsl(${step * 12} 90% 50%)`;
    pen.fillRect(0, 0, 64, 96);
    await new Promise((drawn) => requestAnimationFrame(drawn));
  }
  recorder.stop();
  await stopped;
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}
