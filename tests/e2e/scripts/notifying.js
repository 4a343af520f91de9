// Whether the page has what it notifies with, and its worker is at work.
() => Boolean(document.querySelector("hub-app").device && navigator.serviceWorker.controller)
