/** Two soft notes, a fourth apart, made on the spot: nothing to load, and nobody else's. */
const NOTES = [{ pitch: 659.25, at: 0 }, { pitch: 880, at: 0.11 }];
const LASTS = 0.9;
const LOUDNESS = 0.07;

let context = null;

/** Play it once. A browser that has not seen a click or a key in this page yet stays silent. */
export async function chime(make = () => new AudioContext()) {
  try {
    context ??= make();
    if (context.state === "suspended") await context.resume();
    const start = context.currentTime + 0.02;
    for (const { pitch, at } of NOTES) play(pitch, start + at);
  } catch {
    // No sound device, or none that we may use.
  }
}

function play(pitch, at) {
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.type = "sine";
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + LASTS);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + LASTS);
}
