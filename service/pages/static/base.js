// What every page does better with a script: a menu that closes on phones, and forms that are not sent twice.

const menu = document.querySelector("details.menu");
const narrow = matchMedia("(max-width: 48rem)");

function fold() {
  if (menu) menu.open = !narrow.matches;
}

fold();
narrow.addEventListener("change", fold);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});

addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
