/* A page may open the conversation itself. Before the widget has come, its button has nothing to do. */
document.getElementById("ask").addEventListener("click", () => window.hubbubHelp?.open());
