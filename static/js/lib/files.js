/** What is to be known of a file from its name and its type. */
import { language, t } from "./i18n.js";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
/** What every browser of today plays. */
const PLAYED = /^(?:audio\/(?:mpeg|mp4|aac|ogg|wav|x-wav|webm|flac)|video\/(?:mp4|webm|ogg))$/;
/** A moving picture is shown whole, unless it is as large as a film. */
const MOVING = 8 * 1024 * 1024;
const EXTENSION = /\.([\p{L}\p{N}]{1,5})$/u;

const ICONS = [
  ["image", /^image\//],
  ["file-music", /^audio\//],
  ["file-play", /^video\//],
  ["file-archive", /zip|compressed|x-(?:tar|7z|rar|xz|bzip)|gzip|zstd/],
  ["file-spreadsheet", /spreadsheet|excel|csv/],
  ["presentation", /presentation|powerpoint/],
  ["file-code", /json|xml|html|javascript|x-(?:python|sh|c|java)|css/],
  ["file-text", /^text\/|pdf|word|opendocument\.text|rtf|epub/],
];

/** Where files lie. */
export const FILES = "/files";

/** @param {{id: number, name: string, url?: string}} file visitors of web sites are told an address of their own */
export const contentOf = ({ id, name, url }) => url ?? `${FILES}/${id}/${encodeURIComponent(name)}`;
export const downloadOf = (file) => (file.url ? `${file.url}&download=1` : `${contentOf(file)}?download=1`);

/** @returns {"picture" | "video" | "audio" | "other"} how it is shown */
export function kindOf({ type, width, height }) {
  if (width && height && type.startsWith("image/")) return "picture";
  return PLAYED.test(type) ? type.slice(0, 5) : "other";
}

/** The address of a picture as it is shown among the messages; `still`: where nothing is to move. */
export function sightOf(file, { still = false } = {}) {
  const moving = file.type === "image/gif" && file.size <= MOVING;
  return file.thumb && !(moving && !still) ? file.thumb : contentOf(file);
}

export const iconOf = ({ type }) => ICONS.find(([, pattern]) => pattern.test(type))?.[0] ?? "file";

/** "PDF", from the end of the name; a general word where it has none. */
export const typeText = ({ name }) => EXTENSION.exec(name)?.[1].toUpperCase() ?? t("files.file");

/** "1.4 MB" */
export function sizeText(bytes) {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(language(), { style: "unit", unit: UNITS[unit], unitDisplay: unit ? "short" : "long", maximumFractionDigits: size < 10 && unit > 1 ? 1 : 0 }).format(size);
}

/** Files in few words, where they stand for a message without text: "Photo", "3 files", the name of a single one. */
export function filesText(files) {
  const kinds = new Set(files.map(kindOf));
  const count = files.length;
  if (kinds.size > 1) return t("files.several.other", { count });
  const [kind] = kinds;
  if (kind === "other" && count === 1) return files[0].name;
  return t(`files.several.${kind}`, { count });
}

/** A pasted picture has no name worth keeping: it gets one with the time. */
export function pastedName({ name, type }, now = new Date()) {
  if (name && !/^image\.\w+$/.test(name)) return name;
  const two = (number) => String(number).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(".");
  const end = /^image\/(\w+)/.exec(type)?.[1].replace("jpeg", "jpg") ?? "png";
  return `${t("files.pasted")} ${day} ${time}.${end}`;
}
