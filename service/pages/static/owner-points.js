// Draws the region of an identification point over a photo: by mouse, by finger, or by keys. The numbers of the form stay
// the truth; what is drawn follows them and they follow what is drawn.

const canvas = document.getElementById("canvas");
const drawn = document.getElementById("drawn");
const how = document.getElementById("how");
const sides = ["x0", "y0", "x1", "y1"].map((name) => document.getElementById(`f-${name}`));
const STEP = 1;
const LEAST = 1;
let begin = null;

const within = (value) => Math.min(100, Math.max(0, value));
const read = () => sides.map((side) => (side.value === "" ? NaN : Number(side.value)));

function write(region) {
  region.forEach((value, at) => (sides[at].value = String(Math.round(within(value) * 10) / 10)));
  draw();
}

function draw() {
  const [left, top, right, bottom] = read();
  const whole = [left, top, right, bottom].every(Number.isFinite) && right > left && bottom > top;
  drawn.setAttribute("x", whole ? left / 100 : 0);
  drawn.setAttribute("y", whole ? top / 100 : 0);
  drawn.setAttribute("width", whole ? (right - left) / 100 : 0);
  drawn.setAttribute("height", whole ? (bottom - top) / 100 : 0);
}

function place(event) {
  const box = canvas.getBoundingClientRect();
  return [within(((event.clientX - box.left) / box.width) * 100), within(((event.clientY - box.top) / box.height) * 100)];
}

function stretch(event) {
  const [x, y] = place(event);
  write([Math.min(begin[0], x), Math.min(begin[1], y), Math.max(begin[0], x), Math.max(begin[1], y)]);
}

canvas.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  begin = place(event);
  canvas.setPointerCapture(event.pointerId);
  event.preventDefault();
  canvas.focus({ preventScroll: true });
});
canvas.addEventListener("pointermove", (event) => begin && stretch(event));
canvas.addEventListener("pointerup", (event) => {
  if (!begin) return;
  stretch(event);
  begin = null;
  const [left, top, right, bottom] = read();
  if (right - left >= LEAST && bottom - top >= LEAST) document.getElementById("f-name").focus({ preventScroll: true });
});
canvas.addEventListener("pointercancel", () => (begin = null));

canvas.addEventListener("keydown", (event) => {
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const way = ways[event.key];
  if (!way) return;
  event.preventDefault();
  const region = read().every(Number.isFinite) ? read() : [40, 40, 60, 60];
  const [x, y] = way.map((each) => each * STEP);
  const [left, top, right, bottom] = region;
  if (event.shiftKey) return write([left, top, Math.max(left + LEAST, right + x), Math.max(top + LEAST, bottom + y)]);
  const fits = left + x >= 0 && right + x <= 100 && top + y >= 0 && bottom + y <= 100;
  write(fits ? [left + x, top + y, right + x, bottom + y] : region);
});

for (const side of sides) side.addEventListener("input", draw);
canvas.tabIndex = 0;
canvas.setAttribute("role", "application");
canvas.setAttribute("aria-label", canvas.dataset.label);
canvas.setAttribute("aria-describedby", canvas.dataset.help);
canvas.classList.add("live");
how.textContent = how.dataset.drawing;
draw();
