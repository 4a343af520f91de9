// Which static files the page was loaded from.
() => JSON.parse(document.getElementById("boot").textContent).build
