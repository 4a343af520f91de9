// Names what can be touched and is less than `least` pixels wide or high. A link within a sentence may be as small as its
// words; a radio button or a checkbox is as large as its label; what is laid around a switch takes the finger for it; and what
// comes by the Tab key alone is not touched.
(least) => {
  const seen = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const small = (one) => {
    const target = one.matches("[type=radio], [type=checkbox]") ? one.closest("label") ?? one : one;
    const drawn = target.getBoundingClientRect();
    const around = getComputedStyle(target, "::before");
    const laid = around.content !== "none" && around.position === "absolute" && around.pointerEvents !== "none";
    const [width, height] = ["width", "height"].map((side) => Math.max(drawn[side], laid ? parseFloat(around[side]) : 0));
    if (!width || !height || (width >= least && height >= least)) return [];
    const name = one.getAttribute("aria-label") || one.textContent.trim() || one.name || one.id;
    return [`${one.localName} "${name}" ${Math.round(width)}x${Math.round(height)}`];
  };
  const touchable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=option]";
  const found = [...document.querySelectorAll(touchable)]
    .filter((one) => seen(one) && !one.closest("[inert], .visually-hidden, .skip"))
    .filter((one) => !(one.matches("a") && one.closest("p, .body, .notice, dd")))
    .flatMap(small);
  return [...new Set(found)];
}
