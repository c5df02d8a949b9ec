/* What each relevance floor would bring: a curve whose point is dragged, or moved with the slider below it. */

const WIDTH = 560;
const HEIGHT = 260;
const PAD = { left: 16, right: 24, top: 34, bottom: 44 };
const SVG = "http://www.w3.org/2000/svg";

const draw = (tag, attributes, text = "") => {
  const element = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  element.textContent = text;
  return element;
};

export const buildCurve = (form, root) => {
  const words = JSON.parse(root.dataset.words);
  const slider = form.querySelector("#curve-floor");
  const output = slider.parentElement.querySelector("output");
  const floor = form.querySelector("[name=floor]");
  const figure = (value) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(value);
  let points = [];
  let name = "";

  const nearest = (value) => points.reduce((best, point) => (Math.abs(point.floor - value) < Math.abs(best.floor - value) ? point : best));
  const scales = () => {
    const kept = points.map((point) => point.kept);
    const values = points.map((point) => point.value);
    const [low, high] = [Math.min(...kept, 99), 100];
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const x = (value) => PAD.left + ((high - value) / (high - low || 1)) * (WIDTH - PAD.left - PAD.right);
    const y = (value) => HEIGHT - PAD.bottom - ((value - least) / (most - least || 1)) * (HEIGHT - PAD.top - PAD.bottom);
    return { x, y };
  };

  const paint = () => {
    if (!points.length) return;
    const { x, y } = scales();
    const here = nearest(Number(floor.value));
    const base = points[0];
    const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "np-curve", role: "img", "aria-label": `${words[name]}: ${points.map((point) => `${figure(point.floor)} % → ${point.told}`).join("; ")}` });
    svg.append(
      draw("line", { class: "np-axis", x1: PAD.left, x2: WIDTH - PAD.right, y1: HEIGHT - PAD.bottom, y2: HEIGHT - PAD.bottom }),
      draw("text", { x: PAD.left, y: HEIGHT - 8, class: "np-tick" }, `100 % · ${words.kept}`),
      draw("text", { x: PAD.left, y: 16, class: "np-tick" }, words[name]),
      draw("polyline", { class: "np-line-path", points: points.map((point) => `${x(point.kept)},${y(point.value)}`).join(" ") }),
    );
    points.forEach((point) => {
      svg.append(draw("circle", { class: "np-point", cx: x(point.kept), cy: y(point.value), r: 4 }));
    });
    svg.append(draw("text", { class: "np-tick", x: x(base.kept) + 10, y: y(base.value) - 8 }, `${base.told}, ${words.without}`));
    const right = x(here.kept) > WIDTH * 0.7;
    svg.append(
      draw("line", { class: "np-floor-line", x1: x(here.kept), x2: x(here.kept), y1: PAD.top - 8, y2: HEIGHT - PAD.bottom }),
      draw("circle", { class: "np-here", cx: x(here.kept), cy: y(here.value), r: 9 }),
    );
    if (here !== base) svg.append(draw("text", { class: "np-told", x: x(here.kept) + (right ? -14 : 14), y: Math.max(y(here.value) - 12, PAD.top), "text-anchor": right ? "end" : "start" }, here.told));
    svg.addEventListener("pointerdown", (event) => {
      svg.setPointerCapture(event.pointerId);
      const follow = (moved) => {
        const box = svg.getBoundingClientRect();
        const at = ((moved.clientX - box.left) / box.width) * WIDTH;
        const found = points.reduce((best, point) => (Math.abs(x(point.kept) - at) < Math.abs(x(best.kept) - at) ? point : best));
        set(found.floor, false);
      };
      follow(event);
      svg.addEventListener("pointermove", follow);
      svg.addEventListener("pointerup", () => { svg.removeEventListener("pointermove", follow); floor.dispatchEvent(new Event("change", { bubbles: true })); }, { once: true });
    });
    root.replaceChildren(svg);
  };
  const tell = (value) => {
    slider.value = value;
    output.textContent = `${figure(value)} %`;
  };
  const set = (value, done = true) => {
    if (floor.disabled || floor.closest("fieldset[disabled]")) return;
    floor.value = value;
    tell(value);
    mark();
    if (done) floor.dispatchEvent(new Event("change", { bubbles: true }));
  };
  // While it is dragged the picture stays, so that the pointer keeps its hold; only the mark moves.
  const mark = () => {
    const svg = root.querySelector("svg");
    if (!svg) return;
    const { x, y } = scales();
    const here = nearest(Number(floor.value));
    svg.querySelector(".np-here").setAttribute("cx", x(here.kept));
    svg.querySelector(".np-here").setAttribute("cy", y(here.value));
    ["x1", "x2"].forEach((end) => svg.querySelector(".np-floor-line").setAttribute(end, x(here.kept)));
    const told = svg.querySelector(".np-told");
    if (told) { told.textContent = here.told; told.setAttribute("x", x(here.kept) + (told.getAttribute("text-anchor") === "end" ? -14 : 14)); told.setAttribute("y", Math.max(y(here.value) - 12, PAD.top)); }
  };

  slider.addEventListener("input", () => set(Number(slider.value), false));
  slider.addEventListener("change", () => set(Number(slider.value)));
  tell(Number(floor.value));
  return {
    show: (found) => { name = found.figure === "conversion" ? "purchases" : found.figure; points = found.points; paint(); },
    move: (value) => { tell(value); mark(); },
  };
};
