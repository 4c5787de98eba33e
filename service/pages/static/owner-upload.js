// Photos in bulk: sent one by one, tried again when the network fails, and kept until each has arrived, so that a lost
// connection or a closed page loses nothing. The server knows a photo that it has already.

const form = document.getElementById("upload");
const say = form.dataset;
const part = (id) => document.getElementById(id);
const input = part("f-files");
const token = form.querySelector("[name=_csrf]").value;
const AT_ONCE = 2;
const TRIES = 6;
const queue = [];
let running = 0;

// What was chosen stays in the browser until it has arrived.
function store() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("mizugiwa-uploads", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("photos", { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function inStore(mode, act) {
  try {
    const database = await store();
    return await new Promise((resolve, reject) => {
      const change = database.transaction("photos", mode);
      const asked = act(change.objectStore("photos"));
      change.oncomplete = () => resolve(asked.result);
      change.onerror = () => reject(change.error);
    });
  } catch {
    return undefined; // a private window keeps nothing: the photos are sent all the same
  }
}

const keep = (entry) =>
  inStore("readwrite", (photos) => photos.put({ key: entry.key, url: say.url, view: entry.view, file: entry.file }));
const forget = (entry) => inStore("readwrite", (photos) => photos.delete(entry.key));

function line(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const state = document.createElement("span");
  name.textContent = file.name;
  state.className = "state";
  item.append(name, " ", state);
  part("files").append(item);
  return state;
}

function tell(entry, words, kind = "") {
  entry.state.textContent = words;
  entry.state.className = `state ${kind}`;
}

function count() {
  const done = queue.filter((entry) => entry.done).length;
  const failed = queue.filter((entry) => entry.failed).length;
  const sent = queue.reduce((sum, entry) => sum + (entry.done || entry.failed ? 1 : entry.part), 0);
  part("told").textContent = say.told.replace("{done}", done).replace("{all}", queue.length);
  part("progress").max = queue.length || 1;
  part("progress").value = sent;
  part("retry").hidden = failed === 0 || running > 0;
  form.dataset.finished = queue.length > 0 && done + failed === queue.length && running === 0 ? "yes" : "";
}

function add(files, view) {
  for (const file of files) {
    const key = `${say.product} ${view} ${file.name} ${file.size} ${file.lastModified}`;
    if (queue.some((entry) => entry.key === key && !entry.failed)) continue;
    const entry = { key, file, view, part: 0, tries: 0, done: false, failed: false, state: line(file) };
    tell(entry, say.waiting);
    queue.push(entry);
    keep(entry);
  }
  part("going").hidden = queue.length === 0;
  next();
}

function next() {
  count();
  while (running < AT_ONCE && navigator.onLine) {
    const entry = queue.find((each) => !each.done && !each.failed && !each.busy && !each.rests);
    if (!entry) break;
    send(entry);
  }
}

function send(entry) {
  running += 1;
  entry.busy = true;
  tell(entry, say.sending);
  const body = new FormData();
  body.append("view", entry.view);
  body.append("file", entry.file, entry.file.name);
  const request = new XMLHttpRequest();
  request.open("POST", say.url);
  request.setRequestHeader("X-CSRF-Token", token);
  request.timeout = 120_000;
  request.upload.onprogress = (event) => {
    entry.part = event.lengthComputable ? (event.loaded / event.total) * 0.95 : 0;
    count();
  };
  request.onload = () => ended(entry, request);
  request.onerror = request.ontimeout = () => ended(entry, null);
  request.send(body);
}

function ended(entry, request) {
  running -= 1;
  entry.busy = false;
  const status = request ? request.status : 0;
  if (status === 201) {
    entry.done = true;
    tell(entry, say.done, "go");
    show(JSON.parse(request.responseText));
    forget(entry);
  } else if (status === 409) {
    entry.done = true;
    tell(entry, say.known, "go");
    forget(entry);
  } else if (status === 401 || (status === 403 && request.responseText.includes("not-from-here"))) {
    entry.failed = true;
    tell(entry, say.signedOut, "stop"); // it stays kept
  } else if (status === 0 || status === 429 || status >= 500) {
    again(entry, request);
  } else {
    entry.failed = true;
    tell(entry, `${say.failed}: ${problem(request)}`, "stop");
    forget(entry);
  }
  next();
}

function again(entry, request) {
  entry.part = 0;
  entry.tries += navigator.onLine ? 1 : 0;
  if (entry.tries >= TRIES) {
    entry.failed = true;
    tell(entry, `${say.failed}: ${request ? problem(request) : say.offline}`, "stop");
    return;
  }
  tell(entry, say.again, "look");
  entry.rests = true;
  const asked = Number(request?.getResponseHeader("Retry-After")) || 0;
  setTimeout(() => {
    entry.rests = false;
    next();
  }, Math.max(asked * 1000, 500 * 2 ** entry.tries));
}

function problem(request) {
  try {
    const told = JSON.parse(request.responseText);
    return [told.title, told.help].filter(Boolean).join(". ");
  } catch {
    return String(request.status);
  }
}

function show(reference) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  const picture = document.createElement("img");
  link.href = `/references/${reference.id}`;
  picture.src = `/v1/references/${reference.id}/picture`;
  picture.alt = reference.view || say.picture;
  picture.loading = "lazy";
  link.append(picture, reference.view || say.nameless);
  item.append(link);
  part("enrolled").append(item);
  document.querySelector("#pictures ~ .empty")?.remove();
}

function connection() {
  part("offline").textContent = say.offline;
  part("offline").hidden = navigator.onLine || queue.every((entry) => entry.done || entry.failed);
  if (navigator.onLine) next();
}

async function offerKept() {
  const kept = ((await inStore("readonly", (photos) => photos.getAll())) ?? []).filter((each) => each.url === say.url);
  if (kept.length === 0) return;
  part("going").hidden = false;
  part("told").textContent = say.kept;
  const [resume, drop] = [part("resume"), part("drop")];
  resume.hidden = drop.hidden = false;
  const end = () => (resume.hidden = drop.hidden = true);
  resume.onclick = () => {
    end();
    for (const each of kept) add([each.file], each.view);
  };
  drop.onclick = () => {
    end();
    for (const each of kept) forget(each);
    part("going").hidden = true;
  };
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (input.files.length === 0) return;
  add(input.files, part("f-view").value.trim());
  input.value = "";
});
form.addEventListener("dragover", (event) => {
  event.preventDefault();
  form.classList.add("over");
});
form.addEventListener("dragleave", () => form.classList.remove("over"));
form.addEventListener("drop", (event) => {
  event.preventDefault();
  form.classList.remove("over");
  const photos = [...event.dataTransfer.files].filter((file) => file.type.startsWith("image/") || file.type === "");
  add(photos, part("f-view").value.trim());
});
part("retry").addEventListener("click", () => {
  for (const entry of queue.filter((each) => each.failed)) Object.assign(entry, { failed: false, tries: 0 });
  next();
});
addEventListener("online", connection);
addEventListener("offline", connection);
addEventListener("beforeunload", (event) => {
  if (running > 0) event.preventDefault();
});
offerKept();
