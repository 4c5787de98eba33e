"use strict";

// The token stands behind "#": a browser sends that part of an address to nobody. It goes into a header alone.
const token = location.hash.slice(1);
const headers = { Authorization: `Bearer ${token}` };
const element = (id) => document.getElementById(id);

function say(words, bad) {
  element("status").textContent = words;
  element("status").classList.toggle("bad", Boolean(bad));
}

async function told(answer) {
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new Error(`${problem.title ?? answer.status}. ${problem.detail ?? ""}`);
}

function fact(name, value) {
  if (!value) return;
  const [term, text] = [document.createElement("dt"), document.createElement("dd")];
  term.textContent = name;
  text.textContent = value;
  element("facts").append(term, text);
}

async function showPicture(number) {
  const answer = await told(await fetch(`/v1/opinion-request/pictures/${number}`, { headers }));
  const picture = document.createElement("img");
  picture.alt = `Picture ${number}`;
  picture.src = URL.createObjectURL(await answer.blob());
  element("pictures").append(picture);
}

function points() {
  const lines = element("points").value.split("\n").map((line) => line.trim()).filter(Boolean);
  return lines.map((line) => {
    const [name, finding, ...note] = line.split(":").map((part) => part.trim());
    return { name, finding: finding || "differs", note: note.join(": ") };
  });
}

async function send(event) {
  event.preventDefault();
  const form = new FormData();
  const answer = new FormData(element("form")).get("answer");
  form.append("opinion", JSON.stringify({ answer, points: points(), reason: element("reason").value }));
  for (const file of element("files").files) form.append("files", file);
  try {
    await told(await fetch("/v1/opinion-request/opinion", { method: "POST", headers, body: form }));
    say("Received, thank you. · 受け付けました。");
  } catch (error) {
    say(error.message, true);
  }
}

async function start() {
  try {
    const answer = await told(await fetch("/v1/opinion-request", { headers }));
    const request = await answer.json();
    element("notice").textContent = request.notice;
    fact("Case · 事案", request.case_id);
    fact("For · 宛先", request.recipient);
    fact("Brand · ブランド", request.brand);
    fact("Article · 品名", request.article);
    fact("Quantity · 数量", request.quantity);
    fact("Answer by · 回答期限", request.answer_by_local);
    fact("Clock · 期限の根拠", request.clock);
    element("request").hidden = false;
    say("");
    for (const number of request.pictures) await showPicture(number);
  } catch (error) {
    say(error.message, true);
  }
}

element("form").addEventListener("submit", send);
start();
