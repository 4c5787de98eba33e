// The usual ways of looking at an X-ray capture, by filters of SVG; each capture is stretched by its own histogram.

const SVG = "http://www.w3.org/2000/svg";
const GREY = "0.3 0.59 0.11 0 0 0.3 0.59 0.11 0 0 0.3 0.59 0.11 0 0 0 0 0 1 0";
const EDGES = "-1 -1 -1 -1 8 -1 -1 -1 -1";
const CUT = 0.01; // of the darkest and of the brightest pixels, left out when contrast is stretched

for (const [at, root] of document.querySelectorAll("[data-xray]").entries()) {
  for (const each of root.querySelectorAll(".live-only")) each.hidden = false;
  const picture = root.querySelector("img");
  const ready = picture.complete && picture.naturalWidth ? Promise.resolve() : new Promise((done) => picture.addEventListener("load", done, { once: true }));
  ready.then(() => enhance(root, picture, at));
}

function enhance(root, picture, at) {
  const width = picture.naturalWidth, height = picture.naturalHeight;
  const drawing = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": picture.alt });
  const image = make("image", { href: picture.src, width, height });
  drawing.append(make("defs", {}, Object.entries(filters(picture)).map(([name, parts]) =>
    make("filter", { id: `xray-${at}-${name}`, "color-interpolation-filters": "sRGB", x: 0, y: 0, width: 1, height: 1 }, parts))), image);
  picture.replaceWith(drawing);
  root.classList.add("live");
  const apply = () => {
    const chosen = root.querySelector("input:checked").value;
    image.setAttribute("filter", chosen === "plain" ? "none" : `url(#xray-${at}-${chosen})`);
  };
  root.addEventListener("change", apply);
  apply();
}

function filters(picture) {
  const [dark, bright] = range(picture);
  return {
    stretch: [transfer("linear", { slope: 1 / (bright - dark), intercept: -dark / (bright - dark) })],
    inverse: [transfer("linear", { slope: -1, intercept: 1 })],
    edge: [make("feColorMatrix", { values: GREY }), make("feConvolveMatrix", { order: 3, kernelMatrix: EDGES, divisor: 1, preserveAlpha: "true" }), transfer("linear", { slope: 4, intercept: 0 })],
    high: [transfer("table", { tableValues: "0 0.9 1 1 1" })],
    low: [transfer("table", { tableValues: "0 0 0 0.35 1" })],
  };
}

function range(picture) {
  const side = 128, canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0, side, side);
  const data = context.getImageData(0, 0, side, side).data;
  const greys = [];
  for (let at = 0; at < data.length; at += 4) greys.push((0.3 * data[at] + 0.59 * data[at + 1] + 0.11 * data[at + 2]) / 255);
  greys.sort((one, other) => one - other);
  const dark = greys[Math.floor(greys.length * CUT)], bright = greys[Math.ceil(greys.length * (1 - CUT)) - 1];
  return bright - dark > 0.02 ? [dark, bright] : [0, 1];
}

function transfer(type, values) {
  return make("feComponentTransfer", {}, ["R", "G", "B"].map((channel) => make(`feFunc${channel}`, { type, ...values })));
}

function make(name, attributes, children = []) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
