/** The only module that carries files to the server: one request of its own for each, with its progress. */
import { fileAddress } from "./lib/files.js";
import { CommandError } from "./socket.js";

/** A line that moves nothing for so long is gone, though nobody says so; and the server may take its time with a large picture. */
const STALLED = 90_000;
/** What an answer means that is not the server's own: a proxy stands before it. */
const CODES = { 401: "unauthenticated", 403: "forbidden", 404: "not_found", 408: "timeout", 413: "too_large", 429: "rate_limited" };

export class FileDoor {
  #token;
  #request;

  /** @param {{token: string, request?: () => XMLHttpRequest}} options `token` says that the request comes from our page */
  constructor({ token, request = () => new XMLHttpRequest() }) {
    this.#token = token;
    this.#request = request;
  }

  /**
   * @param {Blob} blob
   * @param {string} name
   * @param {{signal: AbortSignal, onProgress: (share: number) => void}} options `share` of it that is there, 0 to 1
   * @returns {Promise<object>} the File as the server knows it
   * @throws {CommandError} also where there was no answer: `disconnected`
   */
  send(blob, name, { signal, onProgress }) {
    return new Promise((resolve, reject) => {
      const request = this.#request();
      let timer;
      const patience = () => {
        clearTimeout(timer);
        timer = setTimeout(() => request.abort(), STALLED);
      };
      const stop = () => request.abort();
      signal.addEventListener("abort", stop);
      request.upload.onprogress = ({ loaded, total }) => {
        patience();
        if (total) onProgress(loaded / total);
      };
      request.onloadend = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
        const { file, error } = answerOf(request);
        if (file) resolve(file);
        else reject(new CommandError(error));
      };
      request.open("POST", `/files?name=${encodeURIComponent(name)}`);
      request.setRequestHeader("X-CSRFToken", this.#token);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      patience();
      request.send(blob);
    });
  }

  /** Take back an upload that no message has. Where that fails, the server does it by itself a day later. */
  takeBack(id) {
    const request = this.#request();
    request.open("DELETE", fileAddress(id));
    request.setRequestHeader("X-CSRFToken", this.#token);
    request.send();
  }
}

/** @returns {{file?: object, error?: object}} */
function answerOf({ status, responseText }) {
  if (status === 0) return { error: { code: "disconnected", retryable: true } };
  try {
    const { file, error } = JSON.parse(responseText);
    if (status === 201 && file) return { file };
    if (error?.code) return { error };
  } catch {
    // Not the server's own words.
  }
  const code = CODES[status] ?? (status >= 500 ? "unavailable" : "bad_request");
  return { error: { code, field: status === 413 ? "file" : null, retryable: status >= 500 } };
}
