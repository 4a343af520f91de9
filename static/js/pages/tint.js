/**
 * Give a drawn avatar its person's hue: neighbouring ids get hues far apart, by steps of the golden angle, as everywhere.
 * @param {HTMLElement} avatar with the person's id in `data-avatar`
 */
export function tint(avatar) {
  avatar.style.setProperty("--a", String(Math.round((Number(avatar.dataset.avatar) * 137.508) % 360)));
}
