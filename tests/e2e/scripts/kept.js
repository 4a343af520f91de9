// Waits until what was seen last is, or is no longer, in the browser's own database.
async (wanted) => {
  const asked = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = failed;
  });
  const [{ name }] = await indexedDB.databases();
  const database = await asked(indexedDB.open(name));
  while (Boolean(await asked(database.transaction("cache").objectStore("cache").count())) !== wanted);
  database.close();
}
