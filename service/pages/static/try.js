// Drop a picture anywhere on the field, and it is looked at without another click.

const form = document.getElementById("try");
const field = document.getElementById("drop");
const input = document.getElementById("f-picture");
const waiting = document.getElementById("waiting");

function over(event, is) {
  event.preventDefault();
  field.classList.toggle("over", is);
}

field.addEventListener("dragover", (event) => over(event, true));
field.addEventListener("dragleave", (event) => over(event, false));
field.addEventListener("drop", (event) => {
  over(event, false);
  const files = [...event.dataTransfer.files].filter((file) => file.type.startsWith("image/"));
  if (!files.length) return;
  const chosen = new DataTransfer();
  chosen.items.add(files[0]);
  input.files = chosen.files;
  form.requestSubmit();
});

form.addEventListener("submit", () => {
  waiting.hidden = false;
});

document.getElementById("findings")?.scrollIntoView({ block: "start" });
