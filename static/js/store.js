// What is typed and not yet on the server, in the browser's own database. `unsent` holds
// the changes; `sent` what was saved since a page was kept for use without a link, whose
// copy is older. Both by person, response and cell.

const NAME = "answers";
const STORES = ["unsent", "sent"];

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const store of STORES) {
        request.result.createObjectStore(store, { keyPath: ["user", "response", "name"] });
      }
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opening;
}

// Resolves to what `act` hands to its second argument, once everything is written.
export async function within(mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORES, mode, { durability: "strict" });
    let result;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error);
    act(
      { unsent: transaction.objectStore("unsent"), sent: transaction.objectStore("sent") },
      (value) => { result = value; },
    );
  });
}

const after = (request, act) => { request.onsuccess = () => act(request.result); };

// Every key that begins with these parts: a list comes after any text.
const under = (...parts) => IDBKeyRange.bound(parts, [...parts, []]);

export const all = (user) => within("readonly", ({ unsent }, done) => {
  after(unsent.getAll(under(user)), done);
});

export const sentOf = (user, response) => within("readonly", ({ sent }, done) => {
  after(sent.getAll(under(user, response)), done);
});

// Each of `changes` is an entry to put, or a key alone to delete.
export const write = (changes) => within("readwrite", ({ unsent }) => {
  for (const { key, entry } of changes) {
    if (entry) unsent.put(entry);
    else unsent.delete(key);
  }
  unsent.transaction.commit(); // at once: the page may be going away
});

// Saved: gone, unless something else was typed meanwhile; that builds on what was saved.
export const settle = (key, stamp, saved) => within("readwrite", ({ unsent, sent }) => {
  sent.put({ user: key[0], response: key[1], name: key[2], at: Date.now(), ...saved });
  after(unsent.get(key), (entry) => {
    if (!entry) return;
    if (entry.stamp === stamp) unsent.delete(key);
    else if (entry.base < saved.revision) unsent.put({ ...entry, base: saved.revision });
  });
});

// Resolves to the entries that are still as they were read, with `fields` written to them.
export const update = (entries, fields) => within("readwrite", ({ unsent }, done) => {
  const updated = [];
  done(updated);
  for (const known of entries) {
    after(unsent.get([known.user, known.response, known.name]), (entry) => {
      if (entry?.stamp !== known.stamp || entry.tab !== known.tab) return;
      updated.push({ ...entry, ...fields });
      unsent.put({ ...entry, ...fields });
    });
  }
});

export const dropSent = (user, response, names) => within("readwrite", ({ sent }) => {
  for (const name of names) sent.delete([user, response, name]);
});

export const clear = (user) => within("readwrite", ({ unsent, sent }) => {
  unsent.delete(under(user));
  sent.delete(under(user));
});

// Whoever it belongs to: nobody comes back for it.
export const purge = (before) => within("readwrite", (stores) => {
  for (const store of Object.values(stores)) {
    after(store.openCursor(), function next(cursor) {
      if (!cursor) return;
      if (cursor.value.at < before) cursor.delete();
      cursor.continue();
    });
  }
});
