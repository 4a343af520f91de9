import { language, t } from "./i18n.js";

/**
 * The words for a fact `notice`: the text of `notice.CODE`, else the server's own, which are English.
 *
 * @param {{code: string, message: string}} notice
 */
export function noticeText({ code, message }) {
  const key = `notice.${code}`;
  return t(key) === key ? message : t(key);
}

/** In these the server's own sentence says more than a general one; it speaks English only. */
const SPECIFIC = new Set(["bad_request", "conflict", "forbidden", "too_large"]);

/**
 * A sentence for people about a `CommandError`, or about the `error` that an outbox entry keeps: the text of
 * `error.CODE.FIELD`, else the server's words where they fit, else the text of `error.CODE`.
 *
 * @param {{code?: string, message?: string, field?: string | null}} error
 */
export function errorText(error) {
  const code = error?.code ?? "internal";
  const keys = [`error.${code}.${error?.field}`, `error.${code}`];
  if (t(keys[0]) !== keys[0]) return t(keys[0]);
  if (error?.message && SPECIFIC.has(code) && language() === "en") return error.message;
  return t(keys[1]) !== keys[1] ? t(keys[1]) : error?.message || t("error.internal");
}
