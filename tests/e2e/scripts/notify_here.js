// Notifications are on in this browser. An empty page has no storage.
if (location.protocol !== "about:") localStorage.setItem("hubbub.notify", "on");
