// Requests over a network that comes and goes: sent again, more and more slowly, until there is an answer.

const LONGEST_MS = 30_000;
const FIRST_MS = 1_000;
const TIMEOUT_MS = 90_000;

export class SignedOut extends Error {}

/** A `fetch` that does not give up; `told` is called with true when there is no network and with false when it is back. */
export function patient(told) {
  return async function send(address, request) {
    for (let pause = FIRST_MS, failed = false; ; pause = Math.min(LONGEST_MS, pause * 2)) {
      const answer = await tried(address, request);
      if (answer && failed) told(false);
      if (answer && isFinal(answer)) return answer;
      if (!answer) { failed = true; told(true); }
      await until(Number(answer?.headers.get("Retry-After")) * 1000 || pause);
    }
  };
}

async function tried(address, request) {
  try {
    return await fetch(address, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    return null; // no network, or none that carries anything
  }
}

function isFinal(answer) {
  if (answer.redirected && new URL(answer.url).pathname === "/sign-in") throw new SignedOut();
  if (answer.status === 401 || answer.status === 403) throw new SignedOut();
  return answer.status < 500 && answer.status !== 429;
}

function until(milliseconds) {
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    }
    addEventListener("online", done);
  });
}
