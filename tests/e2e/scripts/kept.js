// Waits until what was seen last is in the browser's own database.
async () => {
  const asked = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = failed;
  });
  const [{ name }] = await indexedDB.databases();
  const database = await asked(indexedDB.open(name));
  while (!(await asked(database.transaction("cache").objectStore("cache").count())));
  database.close();
}
