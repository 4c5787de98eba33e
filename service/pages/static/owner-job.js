// Watches a job and shows its outcome once it has ended.

const job = document.getElementById("job");
const told = document.getElementById("told");
const bar = document.getElementById("progress");
const EVERY = 1500;

async function look() {
  try {
    const answer = await fetch(job.dataset.url);
    if (!answer.ok) return;
    const now = await answer.json();
    if (["done", "failed", "cancelled"].includes(now.state)) return location.reload();
    if (now.total) {
      bar.max = now.total;
      bar.value = now.done;
      told.textContent = told.dataset.told.replace("{done}", now.done).replace("{all}", now.total);
    }
  } catch {
    // no connection: it is asked again
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
