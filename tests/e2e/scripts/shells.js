// The names of what workers keep.
async () => (await caches.keys()).filter((name) => name.startsWith("hubbub-shell-"))
