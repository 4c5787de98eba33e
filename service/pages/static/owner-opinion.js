// More rows for places that were looked at.

const rows = document.getElementById("rows");
const more = document.getElementById("more");
const MOST = 50;

more.hidden = false;
more.addEventListener("click", () => {
  const last = rows.lastElementChild;
  const row = last.cloneNode(true);
  const number = rows.childElementCount + 1;
  for (const input of row.querySelectorAll("input")) input.value = "";
  row.setAttribute("aria-label", last.getAttribute("aria-label").replace(/\d+/, String(number)));
  rows.append(row);
  row.querySelector("input").focus();
  more.hidden = number >= MOST;
});
