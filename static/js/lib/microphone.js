/** Whether this browser can record at all; only pages that came by https, or from this machine, may ask for a microphone. */
export const canRecord = (target = globalThis) => Boolean(target.MediaRecorder && target.navigator?.mediaDevices?.getUserMedia);
