// What was photographed and typed, kept on the device until the server has it.

const NAME = "mizugiwa-taking";
const STORE = "pictures";

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" }).createIndex("draft", "draft");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function run(mode, work) {
  const database = await opened();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const asked = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => { database.close(); resolve(asked.result); };
    transaction.onabort = () => { database.close(); reject(transaction.error); };
  });
}

export const put = (picture) => run("readwrite", (store) => store.put(picture));
export const remove = (id) => run("readwrite", (store) => store.delete(id));
export const picturesOf = (draft) => run("readonly", (store) => store.index("draft").getAll(draft));

export function typed(draft) {
  return JSON.parse(localStorage.getItem(`mizugiwa.${draft}`) ?? "null");
}

export function keepTyped(draft, fields) {
  localStorage.setItem(`mizugiwa.${draft}`, JSON.stringify(fields));
}

export async function forget(draft) {
  localStorage.removeItem(`mizugiwa.${draft}`);
  for (const each of await picturesOf(draft)) await remove(each.id);
}
