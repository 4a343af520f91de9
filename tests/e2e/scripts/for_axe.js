// Colours change at once with the theme. Of the hundreds of emoji in the picker, the first ones of each group stand for all:
// axe-core takes seconds for the rest.
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("*, ::before, ::after { transition: none !important } .emoji-picker .grid > :nth-child(n + 19) { display: none }");
  document.adoptedStyleSheets.push(sheet);
}
