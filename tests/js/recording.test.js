import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { withDuration } from "../../static/js/lib/webm.js";
import { canRecord } from "../../static/js/lib/microphone.js";
import { levelOf, MOST_SECONDS, Recording, voiceName } from "../../static/js/models/recording.js";
import { settle } from "./support.js";

/** A browser with a microphone, as far as it is used. */
function browser({ refuses = null } = {}) {
  const track = { stopped: false, stop: () => (track.stopped = true) };
  const recorders = [];
  class MediaRecorder extends EventTarget {
    static isTypeSupported = (type) => type === "audio/mp4";
    state = "inactive";
    constructor(stream, options) {
      super();
      this.mimeType = options.mimeType;
      recorders.push(this);
    }
    start() {
      this.state = "recording";
    }
    say(text) {
      this.dispatchEvent(Object.assign(new Event("dataavailable"), { data: new Blob([text]) }));
    }
    stop() {
      this.state = "inactive";
      this.say("end");
      this.dispatchEvent(new Event("stop"));
    }
  }
  class AudioContext {
    createAnalyser = () => ({ getFloatTimeDomainData: (samples) => samples.fill(0.1) });
    createMediaStreamSource = () => ({ connect() {} });
    close = async () => {};
  }
  const getUserMedia = async () => {
    if (refuses) throw new DOMException("", refuses);
    return { getTracks: () => [track] };
  };
  return { navigator: { mediaDevices: { getUserMedia } }, MediaRecorder, AudioContext, track, recorders };
}

function begin(around) {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setInterval"] });
  return new Recording(around);
}

describe("a recording", () => {
  it("is what was said until its end, and lets go of the microphone", async () => {
    const around = browser();
    const recording = begin(around);
    assert.equal(await recording.start(), true);
    around.recorders[0].say("one, ");
    mock.timers.tick(250);
    assert.deepEqual(recording.levels.length, 2);
    const file = await recording.stop();
    assert.equal(await file.text(), "one, end");
    assert.match(file.name, /^voice-\d{4}-\d\d-\d\d-\d{4}\.m4a$/);
    assert.equal(file.type, "audio/mp4");
    assert.equal(around.track.stopped, true);
    assert.equal(await recording.stop(), null);
  });

  it("tells when it may become no longer, and when the microphone is gone", async () => {
    const around = browser();
    const recording = begin(around);
    let full = 0;
    recording.on("full", () => (full += 1));
    const clock = mock.method(performance, "now", () => 1_000);
    await recording.start();
    clock.mock.mockImplementation(() => 1_000 + MOST_SECONDS * 1_000);
    mock.timers.tick(100);
    assert.equal(full, 1);
    around.recorders[0].stop();
    assert.equal(full, 2);
    assert.equal(await (await recording.stop()).text(), "end");
    clock.mock.restore();
  });

  it("that is dropped leaves nothing, also before it has begun", async () => {
    const around = browser();
    const recording = begin(around);
    const started = recording.start();
    recording.drop();
    assert.equal(await started, false);
    assert.equal(around.track.stopped, true);
    assert.equal(around.recorders.length, 0);
    assert.equal(await recording.stop(), null);
    await assert.rejects(begin(browser({ refuses: "NotAllowedError" })).start(), { name: "NotAllowedError" });
    await settle(1);
  });

  it("is offered where a browser can make one", () => {
    assert.equal(canRecord(browser()), true);
    assert.equal(canRecord({ navigator: {} }), false);
    assert.equal(canRecord({ MediaRecorder: class {}, navigator: {} }), false);
  });

  it("has a level as it sounds, and a name by its time", () => {
    assert.equal(levelOf(new Float32Array(8)), 0);
    assert.equal(levelOf(new Float32Array(8).fill(1)), 1);
    assert.ok(levelOf(new Float32Array(8).fill(0.01)) > 0.3);
    const names = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg"].map((type) => voiceName(type, new Date(2026, 10, 2, 9, 5)));
    assert.deepEqual(names, ["voice-2026-11-02-0905.webm", "voice-2026-11-02-0905.m4a", "voice-2026-11-02-0905.ogg"]);
  });
});

describe("the length of a recording", () => {
  const HEAD = [0x1a, 0x45, 0xdf, 0xa3, 0x80, 0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
  const INFO = [0x15, 0x49, 0xa9, 0x66];
  const SCALE = [0x2a, 0xd7, 0xb1, 0x83, 0x0f, 0x42, 0x40];
  const webm = (...bytes) => new Blob([new Uint8Array(bytes.flat())], { type: "audio/webm;codecs=opus" });
  const bytesOf = async (blob) => [...new Uint8Array(await blob.arrayBuffer())];
  // 1500 milliseconds, as a number of eight bytes.
  const DURATION = [0x44, 0x89, 0x88, 0x40, 0x97, 0x70, 0, 0, 0, 0, 0];

  it("is put into what a browser has written without it", async () => {
    const made = await withDuration(webm(HEAD, INFO, 0x87, SCALE, 1, 2, 3), 1_500);
    assert.deepEqual(await bytesOf(made), [...HEAD, ...INFO, 0x92, ...DURATION, ...SCALE, 1, 2, 3]);
    assert.equal(made.type, "audio/webm;codecs=opus");
    const wide = await withDuration(webm(HEAD, INFO, 0x40, 0x07, SCALE), 1_500);
    assert.deepEqual(await bytesOf(wide), [...HEAD, ...INFO, 0x40, 0x12, ...DURATION, ...SCALE]);
  });

  it("is left alone where there is one, or no place for it", async () => {
    for (const blob of [webm(HEAD, INFO, 0x8b, DURATION), webm(HEAD), webm(HEAD, INFO, 0x00), webm(HEAD, INFO, 0xf8, Array(120).fill(0)), new Blob(["x"], { type: "audio/mp4" })]) {
      assert.equal(await withDuration(blob, 1_500), blob);
    }
  });
});
