// Taking a parcel in on a phone: each photo is kept, judged and sent by itself; the form goes when all have arrived.

import * as store from "./inspector-store.js";
import { readBarcodes } from "./inspector-barcode.js";
import { patient, SignedOut } from "./inspector-patient.js";

const REDUCED_SIDE = 1024;

const form = document.getElementById("taking");
const words = form.dataset;
const list = document.getElementById("takens");
const status = form.querySelector(".status");
const csrf = form.elements._csrf.value;
const draft = `taking.${words.who}.${form.elements.parcel.value || "new"}`;
const send = patient((offline) => say(offline ? words.offline : ""));
const unsent = new Map(); // pictures that have not arrived, with their items
let uploads = Promise.resolve();

begin();

async function begin() {
  form.classList.add("live");
  for (const each of form.querySelectorAll(".live-only")) each.hidden = false;
  restoreTyped();
  form.addEventListener("input", rememberTyped);
  form.addEventListener("change", rememberTyped);
  for (const input of form.querySelectorAll("input[type=file]:not([name=barcode])")) {
    input.addEventListener("change", () => take(input.files, input.dataset.kind ?? "photo", input));
  }
  acceptDrops();
  readBarcodes(form, send, csrf);
  form.addEventListener("submit", (event) => { event.preventDefault(); advise(); });
  const kept = await store.picturesOf(draft);
  if (kept.length) say(words.resumed);
  for (const picture of kept) show(picture);
}

function say(text) {
  status.textContent = text;
  status.hidden = !text;
}

function restoreTyped() {
  for (const [name, value] of Object.entries(store.typed(draft) ?? {})) {
    const field = form.elements[name];
    if (field && "value" in field) field.value = value;
  }
}

function rememberTyped() {
  const fields = [...new FormData(form)].filter(([name, value]) =>
    typeof value === "string" && !name.startsWith("view-") && !["_csrf", "kept", "drop", "parcel"].includes(name));
  store.keepTyped(draft, Object.fromEntries(fields));
}

function acceptDrops() {
  form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over-drop"); });
  form.addEventListener("dragleave", () => form.classList.remove("over-drop"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over-drop");
    take(event.dataTransfer.files, "photo");
  });
}

async function take(files, kind, input) {
  for (const blob of [...files]) {
    const picture = { id: crypto.randomUUID(), draft, kind, blob, view: "goods", sha256: null, usable: null, how: [] };
    await store.put(picture);
    show(picture);
  }
  if (input) input.value = "";
}

function show(picture) {
  const item = document.getElementById(picture.kind === "xray" ? "captured" : "taken").content.firstElementChild.cloneNode(true);
  const image = item.querySelector("img"), view = item.querySelector("select"), drop = item.querySelector(".remove");
  image.src = picture.blob ? URL.createObjectURL(picture.blob) : `/inspect/photos/${picture.sha256}`;
  item.querySelector(".drop").remove();
  drop.hidden = false;
  drop.addEventListener("click", () => { item.remove(); picture.gone = true; unsent.delete(picture); store.remove(picture.id); });
  if (view) {
    view.value = picture.view;
    view.addEventListener("change", () => { picture.view = view.value; store.put(picture); });
  }
  list.append(item);
  tell(item, picture);
  arrived(item, picture);
  if (picture.usable === null && picture.kind === "photo") judge(item, picture);
  if (!picture.sha256) queue(item, picture);
}

function queue(item, picture) {
  unsent.set(picture, item);
  uploads = uploads.then(() => upload(item, picture));
}

function tell(item, picture) {
  const state = item.querySelector(".state"), how = item.querySelector(".how");
  const known = picture.usable !== null || picture.kind === "xray";
  const badge = document.createElement("span");
  badge.className = !known || picture.kind === "xray" ? "badge" : picture.usable ? "badge go" : "badge look";
  badge.textContent = picture.kind === "xray" ? words.capture : !known ? words.checking : picture.usable ? words.good : words.poor;
  state.replaceChildren(badge);
  how.replaceChildren(...picture.how.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  item.classList.toggle("poor", picture.usable === false);
}

function arrived(item, picture) {
  const kept = item.querySelector("[name=kept]"), view = item.querySelector("select");
  kept.disabled = !picture.sha256;
  kept.value = `${picture.kind}:${picture.sha256}`;
  if (view) view.name = picture.sha256 ? `view-${picture.sha256}` : "";
  item.dataset.sha256 = picture.sha256 ?? "";
}

async function judge(item, picture) {
  const body = new FormData();
  body.append("photos", await reduced(picture.blob), "photo.jpg");
  const headers = { "X-CSRF-Token": csrf, "Accept-Language": document.documentElement.lang };
  try {
    const answer = await send("/v1/photo-quality", { method: "POST", body, headers });
    if (!answer.ok) return refuse(item, picture);
    const [found] = (await answer.json()).photos;
    Object.assign(picture, { usable: found.usable, how: found.how });
    if (!picture.gone) await store.put(picture);
    tell(item, picture);
  } catch (error) {
    signedOut(error);
  }
}

async function reduced(blob) {
  try {
    const bitmap = await createImageBitmap(blob);
    const share = Math.min(1, REDUCED_SIDE / Math.max(bitmap.width, bitmap.height));
    if (share === 1) return blob;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * share);
    canvas.height = Math.round(bitmap.height * share);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => { canvas.toBlob(resolve, "image/jpeg", 0.92); });
  } catch {
    return blob; // a format that this browser does not show and the service may read
  }
}

async function upload(item, picture) {
  if (picture.gone || picture.sha256) return;
  const body = new FormData();
  body.append("_csrf", csrf);
  body.append("photo", picture.blob, "photo");
  try {
    const answer = await send("/inspect/photos", { method: "POST", body });
    if (!answer.ok) return refuse(item, picture);
    picture.sha256 = (await answer.json()).sha256;
    delete picture.blob;
    if (!picture.gone) await store.put(picture);
    arrived(item, picture);
    unsent.delete(picture);
    if (!unsent.size) say(words.safe);
  } catch (error) {
    signedOut(error);
  }
}

function refuse(item, picture) {
  Object.assign(picture, { usable: false, how: [words.refused], gone: true });
  unsent.delete(picture);
  store.remove(picture.id);
  tell(item, picture);
}

function signedOut(error) {
  if (!(error instanceof SignedOut)) throw error;
  say(words.signedOut);
}

/** False where somebody has to sign in first: a photo is never left out because it could not be sent. */
async function allArrived() {
  await uploads;
  for (const [picture, item] of [...unsent]) queue(item, picture);
  if (unsent.size) say(`${words.sending}: ${unsent.size}`);
  await uploads;
  return unsent.size === 0;
}

async function advise() {
  const button = form.querySelector("button.big");
  button.disabled = true;
  try {
    if (!await allArrived()) return;
    say(words.advising);
    const body = new FormData(form);
    for (const name of ["photos", "xrays", "barcode"]) body.delete(name);
    body.set("do", "advice");
    const headers = { "Idempotency-Key": draft };
    const answer = await send("/inspect", { method: "POST", body, headers });
    if (answer.redirected && new URL(answer.url).pathname.startsWith("/inspections/")) {
      await store.forget(draft);
      location.assign(answer.url);
      return;
    }
    mark(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch (error) {
    signedOut(error);
  } finally {
    button.disabled = false;
  }
}

function mark(page) {
  for (const old of form.querySelectorAll(".field.wrong")) {
    old.classList.remove("wrong");
    old.querySelector("p.error:not([id=barcode-said])")?.remove();
  }
  const wrong = [...page.querySelectorAll(".field.wrong")];
  for (const field of wrong) {
    const control = document.getElementById(field.querySelector("input, select, textarea").id);
    control.setAttribute("aria-invalid", "true");
    control.closest(".field").classList.add("wrong");
    control.closest(".field").append(field.querySelector("p.error"));
    control.closest("details")?.setAttribute("open", "");
  }
  const told = page.querySelector("[role=alert]") ?? page.querySelector(wrong.length ? "p.error" : "h1 + p");
  say(wrong.length ? "" : told?.textContent ?? "");
  form.querySelector(".field.wrong :is(input, select, textarea)")?.focus();
}
