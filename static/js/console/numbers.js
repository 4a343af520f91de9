/** Numbers of the console, short enough for a tile. */

import { language } from "../lib/i18n.js";

const UNITS = ["B", "KB", "MB", "GB", "TB"];

export const whole = (value) => new Intl.NumberFormat(language(), { maximumFractionDigits: 0 }).format(value);

/** A rate: with one digit behind the point while it is small. */
export const rate = (value) => new Intl.NumberFormat(language(), { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);

export const milliseconds = (value) => `${rate(value)} ms`;

export function bytes(value) {
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${rate(size)} ${UNITS[unit]}`;
}
