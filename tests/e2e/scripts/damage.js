// Makes every record of the cache something that no version has ever written under that name.
async () => {
  const asked = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = failed;
  });
  for (const { name } of await indexedDB.databases()) {
    const database = await asked(indexedDB.open(name));
    const store = database.transaction("cache", "readwrite").objectStore("cache");
    for (const record of await asked(store.getAll())) {
      if (record.common) record.common.rooms = [{ id: 7 }];
      if (record.timeline) record.timeline.messages = [{ seq: 1 }, { seq: 3 }];
      await asked(store.put(record));
    }
    database.close();
  }
}
