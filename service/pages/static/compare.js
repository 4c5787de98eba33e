// Two pictures looked at together: zoom and pan are shared, beside each other or one over the other.

const MOST = 12;
const STEP = 1.5;
const BLINK_MS = 700;

const still = matchMedia("(prefers-reduced-motion: reduce)");

for (const root of document.querySelectorAll(".compare")) compare(root);

function compare(root) {
  const panes = root.querySelector(".panes");
  const sheets = [...root.querySelectorAll(".sheet")];
  const view = { scale: 1, x: 0.5, y: 0.5 };
  const show = () => {
    const [suspect, genuine] = sheets;
    const shared = root.classList.contains("over") || root.classList.contains("straight");
    suspect.style.height = shared ? `${genuine.offsetHeight}px` : "";
    for (const sheet of sheets) place(sheet, view);
    panes.classList.toggle("zoomed", view.scale > 1);
  };
  root.classList.add("live");
  root.querySelector(".compare-tools").hidden = false;
  panes.tabIndex = 0;
  const modes = overlays(root, sheets, show);
  layers(root, modes, show);
  keys(panes, view, show, modes);
  buttons(root, view, show);
  for (const sheet of sheets) touches(sheet, panes, view, show);
  new ResizeObserver(show).observe(panes);
  for (const picture of root.querySelectorAll("img")) picture.addEventListener("load", show);
  show();
}

function place(sheet, view) {
  const content = sheet.firstElementChild;
  const width = sheet.clientWidth, height = sheet.clientHeight;
  const left = width / 2 - view.x * content.offsetWidth * view.scale;
  const top = height / 2 - view.y * content.offsetHeight * view.scale;
  content.style.transform = `translate(${left}px, ${top}px) scale(${view.scale})`;
  content.style.setProperty("--zoom", view.scale);
}

function zoom(view, factor, at = { x: view.x, y: view.y }) {
  const before = view.scale;
  view.scale = Math.min(MOST, Math.max(1, before * factor));
  const kept = before / view.scale;
  move(view, (at.x - view.x) * (1 - kept), (at.y - view.y) * (1 - kept));
}

function move(view, x, y) {
  const edge = 0.5 / view.scale;
  view.x = Math.min(1 - edge, Math.max(edge, view.x + x));
  view.y = Math.min(1 - edge, Math.max(edge, view.y + y));
}

function whole(view) {
  Object.assign(view, { scale: 1, x: 0.5, y: 0.5 });
}

function buttons(root, view, show) {
  const does = { in: () => zoom(view, STEP), out: () => zoom(view, 1 / STEP), whole: () => whole(view) };
  for (const button of root.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => { does[button.dataset.zoom](); show(); });
  }
}

function keys(panes, view, show, modes) {
  const step = () => 0.15 / view.scale;
  const does = {
    ArrowLeft: () => move(view, -step(), 0),
    ArrowRight: () => move(view, step(), 0),
    ArrowUp: () => move(view, 0, -step()),
    ArrowDown: () => move(view, 0, step()),
    "+": () => zoom(view, STEP),
    "=": () => zoom(view, STEP),
    "-": () => zoom(view, 1 / STEP),
    0: () => whole(view),
    " ": () => modes.swap(),
  };
  panes.addEventListener("keydown", (event) => {
    const arrow = event.key.startsWith("Arrow");
    if (event.target !== panes || event.ctrlKey || event.metaKey || !(event.key in does)) return;
    if ((arrow && view.scale === 1) || (event.key === " " && !modes.blinks())) return;
    event.preventDefault();
    does[event.key]();
    show();
  });
}

function touches(sheet, panes, view, show) {
  const down = new Map();
  const spot = (event) => {
    const box = sheet.firstElementChild.getBoundingClientRect();
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height };
  };
  const apart = () => {
    const [one, other] = [...down.values()];
    return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
  };
  sheet.addEventListener("pointerdown", (event) => {
    down.set(event.pointerId, event);
    if (view.scale > 1 || down.size > 1) sheet.setPointerCapture(event.pointerId);
  });
  sheet.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) return;
    if (down.size === 2) {
      const distance = apart();
      down.set(event.pointerId, event);
      if (distance > 0) zoom(view, apart() / distance, spot(event));
    } else if (view.scale > 1) {
      const box = sheet.firstElementChild.getBoundingClientRect();
      move(view, (before.clientX - event.clientX) / box.width, (before.clientY - event.clientY) / box.height);
      down.set(event.pointerId, event);
    }
    show();
  });
  for (const kind of ["pointerup", "pointercancel"]) {
    sheet.addEventListener(kind, (event) => down.delete(event.pointerId));
  }
  sheet.addEventListener("dblclick", (event) => {
    if (view.scale > 1) whole(view);
    else zoom(view, STEP * STEP, spot(event));
    show();
  });
  sheet.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && document.activeElement !== panes) return;
    event.preventDefault();
    zoom(view, event.deltaY < 0 ? 1.15 : 1 / 1.15, spot(event));
    show();
  }, { passive: false });
}

function overlays(root, sheets, show) {
  const wipe = root.querySelector(".wipe");
  const range = wipe.querySelector("input");
  const suspect = root.querySelector(".pane.suspect");
  const swap = root.querySelector("[data-swap]");
  let mode = "beside", timer = 0;
  const over = { changed: () => {} };
  const stop = () => { clearInterval(timer); timer = 0; };
  const flip = () => suspect.classList.toggle("away");
  const begin = () => { timer = setInterval(flip, BLINK_MS); };
  const name = () => { swap.textContent = swap.dataset[still.matches ? "once" : timer ? "stop" : "go"]; };

  function cut() {
    suspect.style.clipPath = mode === "slider" ? `inset(0 ${100 - range.value}% 0 0)` : "";
  }

  function choose(next) {
    mode = next;
    stop();
    suspect.classList.remove("away");
    root.classList.toggle("over", mode !== "beside");
    wipe.hidden = mode !== "slider";
    swap.hidden = mode !== "blink";
    if (mode === "blink" && !still.matches) begin();
    name();
    cut();
    over.changed();
  }

  range.addEventListener("input", cut);
  for (const radio of root.querySelectorAll("input[type=radio]")) {
    radio.addEventListener("change", () => choose(radio.value));
  }
  over.blinks = () => mode === "blink";
  over.laid = () => mode !== "beside";
  over.swap = () => {
    if (still.matches) flip();
    else if (timer) stop();
    else begin();
    name();
  };
  swap.addEventListener("click", over.swap);
  return over;
}

function layers(root, modes, show) {
  const switches = Object.fromEntries(
    [...root.querySelectorAll("[data-layer]")].map((box) => [box.dataset.layer, box]),
  );
  const load = (picture, on) => {
    if (on && !picture.src) picture.src = picture.dataset.src;
    picture.hidden = !on;
  };
  const apply = () => {
    const laid = root.querySelector(".laid"), heat = root.querySelector(".heat");
    const straight = Boolean(laid) && (modes.laid() || switches.laid.checked);
    root.classList.toggle("plain", Boolean(switches.regions) && !switches.regions.checked);
    root.classList.toggle("straight", straight);
    if (laid) load(laid, straight);
    if (heat) load(heat, switches.heat.checked);
    show();
  };
  for (const box of Object.values(switches)) box.addEventListener("change", apply);
  modes.changed = apply;
}
