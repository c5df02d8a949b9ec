/* The builder of a condition: markers compared, in words; what is built is sent as JSON in a hidden field. */
import { button, combobox, iconButton, json, make, plain, select, storeOf } from "./building.js";

const EMPTY = { all: [] };

/* ---- Conditions: a group is {mode: all|any|none, parts}, a comparison {marker, operator, low, high}. ---- */

const isComparison = (data) => "marker" in data;
const readGroup = (data, depth) => {
  if (data.not && data.not.any) return { mode: "none", parts: data.not.any.map((part) => readPart(part, depth)) };
  const mode = "all" in data ? "all" : "any" in data ? "any" : null;
  if (!mode) throw new Error("not a group");
  return { mode, parts: data[mode].map((part) => readPart(part, depth)) };
};
const readPart = (data, depth) => {
  if (isComparison(data)) {
    const [low, high] = data.operator === "between" ? data.value : [data.value, null];
    return { marker: data.marker, operator: data.operator, low, high };
  }
  if (depth >= 1) throw new Error("deeper than one level");
  return readGroup(data, depth + 1);
};
const read = (data) => (isComparison(data) ? { mode: "all", parts: [readPart(data, 0)] } : readGroup(data, 0));

const told = (part) => {
  if (!part.parts) {
    return { marker: part.marker, operator: part.operator, value: part.operator === "between" ? [part.low, part.high] : part.low };
  }
  const parts = part.parts.map(told);
  if (part.mode === "none") return { not: { any: parts } };
  return { [part.mode]: parts };
};

export const buildCondition = (root) => {
  const field = root.querySelector("textarea");
  const tree = root.querySelector("[data-tree]");
  const { families, operators, words } = json("condition-blocks");
  const markers = new Map();
  families.forEach(({ name, markers: held }) => held.forEach((marker) => {
    markers.set(marker.name, { ...marker, found: plain(`${marker.phrase} ${marker.name} ${name}`) });
  }));
  let top;
  try {
    top = read(JSON.parse(field.value || JSON.stringify(EMPTY)));
  } catch {
    tree.append(make("p", { class: "np-nothing" }, words.deep));
    return;
  }
  if (top.mode === "none") top = { mode: "all", parts: [top] };

  // A row without a marker, and a group without rows, say nothing yet.
  const spoken = (held) => ({
    ...held,
    parts: held.parts.map((part) => (part.parts ? spoken(part) : part)).filter((part) => (part.parts ? part.parts.length : part.marker)),
  });
  const keep = () => {
    const kept = spoken(top);
    field.value = JSON.stringify(kept.parts.length ? told(kept) : EMPTY);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const draw = () => {
    tree.replaceChildren(group(top, null));
    keep();
  };

  const offerMarkers = (typed) => {
    const asked = plain(typed).split(/\s+/).filter(Boolean);
    return families.map(({ name, markers: held }) => ({
      name,
      options: held
        .filter((marker) => asked.every((word) => markers.get(marker.name).found.includes(word)))
        .map((marker) => ({ text: marker.phrase, hint: rangeOf(marker), value: marker.name })),
    }));
  };
  const figure = (value) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format(value);
  const rangeOf = (marker) => {
    if (marker.flag) return `${words.yes} / ${words.no}`;
    const low = figure(marker.low);
    const unit = marker.unit ? ` ${marker.unit}` : "";
    if (marker.high === null) return words.least.replace("{low}", low) + unit;
    return words.range.replace("{low}", low).replace("{high}", figure(marker.high)) + unit;
  };

  const number = (label, value, marker, change) => {
    const input = make("input", { class: "np-field", type: "number", step: "any", "aria-label": label, required: true });
    input.min = marker.low;
    if (marker.high !== null) input.max = marker.high;
    if (value !== null && value !== undefined) input.value = Math.round(value * marker.scale * 1e6) / 1e6;
    input.addEventListener("input", () => {
      change(input.value === "" ? null : Number(input.value) / marker.scale);
      keep();
    });
    return input;
  };
  const values = (part, marker) => {
    const box = make("div", { class: "np-values" });
    if (marker.flag) {
      box.append(select(words.value, [["1", words.yes], ["0", words.no]], String(part.low), (value) => { part.low = Number(value); keep(); }));
      return box;
    }
    const between = part.operator === "between";
    box.append(number(between ? words.from : words.value, part.low, marker, (value) => { part.low = value; }));
    if (between) box.append(words.and, number(words.to, part.high, marker, (value) => { part.high = value; }));
    if (marker.unit) box.append(make("span", { class: "np-quiet" }, marker.unit));
    box.append(make("small", {}, rangeOf(marker)));
    return box;
  };
  const comparison = (part, owner) => {
    const marker = markers.get(part.marker);
    const row = make("div", { class: "np-condition", role: "group", "aria-label": marker ? marker.phrase : words.marker });
    row.append(combobox({
      label: words.marker,
      placeholder: words.search,
      value: marker ? marker.phrase : "",
      none: () => words.noMarker,
      offer: offerMarkers,
      choose: ({ value }) => {
        const chosen = markers.get(value);
        part.marker = value;
        part.operator = chosen.flag ? "is" : ">=";
        part.low = chosen.flag ? 1 : null;
        part.high = null;
        draw();
        rowOf(part).querySelector("select").focus();
      },
    }));
    if (marker) {
      const fitting = operators.filter(({ name }) => (marker.flag ? name === "is" : true));
      row.append(
        select(words.operator, fitting.map(({ name, label }) => [name, label]), part.operator, (value) => { part.operator = value; draw(); }),
        values(part, marker),
      );
    }
    row.append(iconButton(words.remove, "close", () => { owner.parts.splice(owner.parts.indexOf(part), 1); draw(); }));
    return row;
  };
  const rowOf = (wanted) => {
    const flat = [];
    const walk = (part) => { if (part.parts) part.parts.forEach(walk); else flat.push(part); };
    walk(top);
    return tree.querySelectorAll(".np-condition")[flat.indexOf(wanted)];
  };
  const group = (held, owner) => {
    const modes = [["all", words.all], ["any", words.any]];
    if (owner) modes.push(["none", words.none]);
    const head = make("div", { class: "np-group-head" }, select(words.together, modes, held.mode, (value) => { held.mode = value; keep(); }));
    const box = make("div", { class: "np-group", role: "group", "aria-label": words.together }, head);
    if (owner) head.append(iconButton(words.removeGroup, "close", () => { owner.parts.splice(owner.parts.indexOf(held), 1); draw(); }));
    if (!held.parts.length && !owner) box.append(make("p", { class: "np-nothing" }, words.always));
    const parts = make("div", { class: "np-parts" });
    held.parts.forEach((part) => parts.append(part.parts ? group(part, held) : comparison(part, held)));
    const add = () => {
      const part = { marker: "", operator: ">=", low: null, high: null };
      held.parts.push(part);
      draw();
      rowOf(part).querySelector("[role=combobox]").focus();
    };
    const actions = make("div", { class: "np-actions" }, button(words.add, "add", add));
    if (!owner) {
      actions.append(button(words.group, "data_object", () => {
        const part = { marker: "", operator: ">=", low: null, high: null };
        held.parts.push({ mode: "any", parts: [part] });
        draw();
        rowOf(part).querySelector("[role=combobox]").focus();
      }));
    }
    box.append(parts, actions);
    return box;
  };

  const reach = root.querySelector("[data-reach]");
  const sentence = root.querySelector("[data-sentence]");
  const say = (text, wrong = false) => {
    reach.textContent = text;
    reach.classList.toggle("np-wrong", wrong);
  };
  root.querySelector("[data-try]").addEventListener("click", async () => {
    const store = storeOf(root);
    if (!store) { say(reach.dataset.noStore, true); return; }
    say(reach.dataset.busy);
    try {
      const answer = await fetch(`${root.dataset.check}?store=${encodeURIComponent(store)}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": root.closest("form").querySelector("[name=csrfmiddlewaretoken]").value },
        body: field.value,
      });
      const found = await answer.json();
      say(found.text || found.error, !answer.ok);
      sentence.textContent = found.sentence || "";
    } catch {
      say(reach.dataset.away, true);
    }
  });
  tree.replaceChildren(group(top, null));
};
