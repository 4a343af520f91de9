// How much code and how many tables are wider than their row, and can't be scrolled by keys.
() => [...document.querySelectorAll(".body :is(pre, table)")].filter((box) => box.scrollWidth > box.clientWidth && box.tabIndex !== 0).length
