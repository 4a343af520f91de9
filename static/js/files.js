/** The only module that carries files to the server: one request of its own for each, with its progress. */
import { FILES } from "./lib/files.js";
import { CommandError } from "./socket.js";

/** A line that moves nothing for so long is gone, though nobody says so; and the server may take its time with a large picture. */
const STALLED = 90_000;
/** What an answer means that is not the server's own: a proxy stands before it. */
const CODES = { 401: "unauthenticated", 403: "forbidden", 404: "not_found", 408: "timeout", 413: "too_large", 429: "rate_limited" };

export class FileDoor {
  #root;
  #query;
  #headers;
  #request;

  /**
   * @param {object} options
   * @param {Record<string, string>} options.headers which say that the request comes from our page, or who sends it
   * @param {string} [options.root]
   * @param {Record<string, string>} [options.query] what else stands in every address
   * @param {() => XMLHttpRequest} [options.request]
   */
  constructor({ headers, root = FILES, query = {}, request = () => new XMLHttpRequest() }) {
    this.#root = root;
    this.#query = query;
    this.#headers = headers;
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
      this.#open(request, "POST", this.#root, { name });
      request.setRequestHeader("Content-Type", "application/octet-stream");
      patience();
      request.send(blob);
    });
  }

  /** Take back an upload that no message has. Where that fails, the server does it by itself a day later. */
  takeBack(id) {
    const request = this.#request();
    this.#open(request, "DELETE", `${this.#root}/${id}`);
    request.send();
  }

  #open(request, method, path, more = {}) {
    const query = Object.entries({ ...this.#query, ...more }).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    request.open(method, query.length ? `${path}?${query.join("&")}` : path);
    for (const [name, value] of Object.entries(this.#headers)) request.setRequestHeader(name, value);
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
