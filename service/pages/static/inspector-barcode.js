// A photo of a barcode to the number in its field: read by the browser where it can, else by the service.

import { SignedOut } from "./inspector-patient.js";

const POSTAL = /^[A-Z]{2}\d{9}[A-Z]{2}$/;

export function readBarcodes(form, send, csrf) {
  const input = form.querySelector("[name=barcode]"), said = form.querySelector("#barcode-said");
  input?.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    input.value = "";
    try {
      const number = (await here(file)) ?? (await there(file, send, csrf));
      for (const [name, value] of Object.entries(number)) fill(form.elements[name], value);
      said.textContent = Object.keys(number).length ? "" : form.dataset.noBarcode;
    } catch (error) {
      if (!(error instanceof SignedOut)) throw error;
      said.textContent = form.dataset.signedOut;
    }
    said.hidden = !said.textContent;
  });
}

function fill(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}

async function here(file) {
  if (!("BarcodeDetector" in globalThis)) return null;
  try {
    const found = await new BarcodeDetector().detect(await createImageBitmap(file));
    const texts = found.map((each) => each.rawValue.replace(/[\s-]/g, "").toUpperCase());
    const postal = texts.find((text) => POSTAL.test(text));
    if (postal) return { postal_item: postal };
    return texts.length ? { item_number: found[0].rawValue } : null;
  } catch {
    return null; // the browser knows the name and not the thing
  }
}

async function there(file, send, csrf) {
  const body = new FormData();
  body.append("_csrf", csrf);
  body.append("barcode", file, "barcode");
  const answer = await send("/inspect/barcode", { method: "POST", body });
  return answer.ok ? answer.json() : {};
}
