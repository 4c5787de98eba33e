// Single keys for those who judge all day. They can be switched off, and never act while somebody types.

const KEPT = "mizugiwa-shortcuts";
const toggle = document.querySelector("[data-shortcuts]");
const help = document.getElementById("keys");
const rows = [...document.querySelectorAll("[data-row]")];
const form = document.querySelector("form[data-verdict]");

toggle.closest("label").hidden = false;
toggle.checked = localStorage.getItem(KEPT) !== "off";
toggle.addEventListener("change", () => localStorage.setItem(KEPT, toggle.checked ? "on" : "off"));

function typing(target) {
  return target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}

function step(by) {
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))].focus();
}

function go(selector) {
  const link = document.querySelector(selector);
  if (link) location.assign(link.href);
}

function choose(key) {
  const radio = form?.querySelector(`[data-key="${key}"]`);
  if (!radio) return false;
  radio.checked = true;
  form.elements.note.focus();
  return true;
}

addEventListener("keydown", (event) => {
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || !toggle.checked || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "?") help.open = !help.open;
  else if (key === "j" || key === "n") rows.length ? step(1) : go("[data-next]");
  else if (key === "k" || key === "p") rows.length ? step(-1) : go("[data-back]");
  else if (!choose(key)) return;
  event.preventDefault();
});
