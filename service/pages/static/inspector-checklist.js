// An answer that is being written is kept on the device until it is saved; the point at hand is marked in the picture.

for (const form of document.querySelectorAll("form[data-checklist]")) {
  const name = `mizugiwa.answer.${form.dataset.checklist}`;
  for (const [field, value] of JSON.parse(localStorage.getItem(name) ?? "[]")) {
    const control = form.elements[field];
    if (control) control.value = value;
  }
  const keep = () => {
    const said = [...new FormData(form)].filter(([field]) => field !== "_csrf");
    localStorage.setItem(name, JSON.stringify(said));
  };
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", () => localStorage.removeItem(name));
  form.addEventListener("focusin", (event) => {
    const point = event.target.name?.startsWith("point-") ? event.target.name.slice("point-".length) : "";
    for (const each of document.querySelectorAll("polygon[data-point]")) each.classList.toggle("chosen", each.dataset.point === point);
  });
}
