// Names what can be scrolled sideways: the page, or a part of it that is not meant to be, as code, tables and strips of links are.
() => {
  const page = document.documentElement;
  const found = page.scrollWidth > innerWidth ? [`the page, by ${page.scrollWidth - innerWidth} px`] : [];
  for (const one of document.querySelectorAll("body *:not(pre, table, textarea, input, select, nav *)")) {
    if (one.scrollWidth <= one.clientWidth + 1 || !/auto|scroll/.test(getComputedStyle(one).overflowX)) continue;
    found.push(`${one.localName}.${one.className}, by ${one.scrollWidth - one.clientWidth} px`);
  }
  return found;
}
