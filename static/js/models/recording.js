import { Emitter } from "../lib/emitter.js";
import { withDuration } from "../lib/webm.js";

/** Longer messages nobody listens to. */
export const MOST_SECONDS = 300;
/** What browsers make, the best known first; every one of them plays in all. */
const TYPES = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
/** Enough for speech: two megabytes in five minutes. */
const BITS_PER_SECOND = 48_000;
/** So many levels are shown, each for so long. */
const LEVELS = 40;
const LEVEL_MS = 100;

/**
 * A voice message while it is spoken. Events: "change", a few times a second; "full", when it may become no longer.
 */
export class Recording extends Emitter {
  #around;
  #stream = null;
  #recorder = null;
  #context = null;
  #pieces = [];
  #timer = null;
  #began = 0;
  #over = false;

  /** @type {number[]} how loud it was lately, 0 to 1 */
  levels = [];

  /** @param {object} [around] the browser */
  constructor(around = globalThis) {
    super();
    this.#around = around;
  }

  /** Seconds since it began. */
  get seconds() {
    return this.#began ? Math.floor((performance.now() - this.#began) / 1000) : 0;
  }

  /**
   * Ask for the microphone, and begin.
   *
   * @returns {Promise<boolean>} false where it was dropped before it began
   * @throws {DOMException} where there is none, or none for us
   */
  async start() {
    const { navigator, MediaRecorder, AudioContext } = this.#around;
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true } });
    this.#stream = stream;
    if (this.#over) {
      this.#release();
      return false;
    }
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.#recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND, ...(mimeType && { mimeType }) });
    this.#recorder.addEventListener("dataavailable", ({ data }) => this.#pieces.push(data));
    // A microphone that is pulled out ends it; what was said until then stays.
    this.#recorder.addEventListener("stop", () => this.#over || this.emit("full"));
    this.#recorder.start(1000);
    this.#began = performance.now();
    this.#listen(stream, AudioContext);
    return true;
  }

  /** The end of it. @returns {Promise<File | null>} what was said; null where it had not begun */
  async stop() {
    if (this.#over) return null;
    this.#over = true;
    const recorder = this.#recorder;
    const length = performance.now() - this.#began;
    if (recorder && recorder.state !== "inactive") {
      await new Promise((resolve) => {
        recorder.addEventListener("stop", resolve, { once: true });
        recorder.stop();
      });
    }
    this.#release();
    if (!recorder || !this.#pieces.length) return null;
    const type = recorder.mimeType || this.#pieces[0].type;
    const blob = await withDuration(new Blob(this.#pieces, { type }), length);
    return new File([blob], voiceName(type), { type });
  }

  /** Nothing of it stays. */
  drop() {
    this.#over = true;
    if (this.#recorder && this.#recorder.state !== "inactive") this.#recorder.stop();
    this.#release();
  }

  #listen(stream, AudioContext) {
    this.#context = new AudioContext();
    const analyser = this.#context.createAnalyser();
    analyser.fftSize = 2048;
    this.#context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      this.levels = [...this.levels, levelOf(samples)].slice(-LEVELS);
      this.emit("change");
      if (this.seconds >= MOST_SECONDS) this.emit("full");
    }, LEVEL_MS);
  }

  /** The browser's sign that it listens goes out. */
  #release() {
    clearInterval(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    void this.#context?.close();
    this.#context = null;
  }
}

/** As loud as it sounds, which is by its logarithm: 60 decibels from nothing to all. */
export function levelOf(samples) {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return power ? Math.min(1, Math.max(0, 1 + Math.log10(power) / 6)) : 0;
}

/** "voice-2026-11-22-1405.webm" */
export function voiceName(type, now = new Date()) {
  const two = (number) => String(number).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const end = /mp4/.test(type) ? "m4a" : /ogg/.test(type) ? "ogg" : "webm";
  return `voice-${day}-${two(now.getHours())}${two(now.getMinutes())}.${end}`;
}
