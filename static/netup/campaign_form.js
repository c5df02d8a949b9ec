/* The form of a campaign: objectives, products and rules are built here and sent as JSON; every change is previewed. */
import { button, combobox, iconButton, json, make, plain, select } from "./building.js";
import { buildCondition } from "./condition_builder.js";
import { buildCurve } from "./campaign_curve.js";
import { productPicker } from "./product_picker.js";

const QUIET = 500; // milliseconds without a change before the preview asks
const form = document.getElementById("campaign");
const { measures, kinds, products, categories, brands, currency, picker, words } = json("campaign-blocks");
const fixed = form.hasAttribute("data-fixed");
const SPANS = [["price", currency], ["stock", ""], ["days_on_sale", ""], ["margin_share", "%"]];

const field = (name) => form.querySelector(`[name=${name}]`);
const held = (name, otherwise) => {
  try { return JSON.parse(field(name).value || "null") ?? otherwise; } catch { return otherwise; }
};
const keep = (name, value) => {
  field(name).value = JSON.stringify(value);
  field(name).dispatchEvent(new Event("change", { bubbles: true }));
};
const strength = (weight) => (weight >= 10 ? words.full : weight >= 3 ? words.clear : words.gentle);

const slider = (label, value, change) => {
  const told = make("output", {}, strength(value));
  const input = make("input", { type: "range", min: "0.5", max: "10", step: "0.5", "aria-label": label, value });
  input.addEventListener("input", () => { told.textContent = strength(Number(input.value)); });
  input.addEventListener("change", () => change(Number(input.value)));
  return make("div", { class: "np-strength" }, input, told);
};

/* ---- Objectives ---- */

const buildObjectives = (root) => {
  const objectives = held("objectives", []);
  const list = make("div", { class: "np-parts" });
  const draw = () => {
    const free = (own) => measures.filter(({ name }) => name === own || !objectives.some(({ measure }) => measure === name));
    list.replaceChildren(...objectives.map((objective, place) => {
      const label = measures.find(({ name }) => name === objective.measure)?.label || objective.measure;
      return make("div", { class: "np-objective", role: "group", "aria-label": label },
        select(words.kind, free(objective.measure).map(({ name, label: told }) => [name, told]), objective.measure, (name) => {
          objective.measure = name;
          draw();
        }),
        slider(`${words.weight}: ${label}`, objective.weight, (weight) => { objective.weight = weight; keep("objectives", objectives); }),
        iconButton(`${words.removeObjective}: ${label}`, "close", () => { objectives.splice(place, 1); draw(); }));
    }));
    if (!objectives.length) list.append(make("p", { class: "np-nothing" }, words.noObjective));
    add.hidden = objectives.length >= measures.length;
    keep("objectives", objectives);
  };
  const add = button(words.addObjective, "add", () => {
    const { name } = measures.find(({ name: own }) => !objectives.some(({ measure }) => measure === own));
    objectives.push({ measure: name, weight: 5 });
    draw();
    list.lastElementChild.querySelector("select").focus();
  });
  root.append(list, make("div", { class: "np-actions" }, add));
  draw();
};

/* ---- A selection of products ---- */

const tags = ({ label, none, offered, chosen, changed }) => {
  const list = make("ul", { class: "np-tags", "aria-label": label });
  const draw = () => {
    list.replaceChildren(...chosen.map((name, place) => make("li", {}, name,
      iconButton(`${words.remove}: ${name}`, "close", () => { chosen.splice(place, 1); draw(); }))));
    changed(chosen);
  };
  const box = combobox({
    label, placeholder: label, value: "", none: () => none,
    offer: (typed) => {
      const asked = plain(typed).split(/\s+/).filter(Boolean);
      const fits = (name) => !chosen.includes(name) && asked.every((word) => plain(name).includes(word));
      return [{ options: offered.filter(fits).slice(0, 40).map((name) => ({ text: name, keep: false })) }];
    },
    choose: ({ text }) => { chosen.push(text); draw(); },
  });
  draw();
  return make("div", { class: "np-tagged" }, box, list);
};

const spanRow = (name, unit, selection, changed) => {
  const scale = unit === "%" ? 100 : 1;
  const ends = selection[name] ? [...selection[name]] : [null, null];
  const end = (place, label) => {
    const input = make("input", { class: "np-field", type: "number", step: "any", min: "0", "aria-label": `${words[name]}: ${label}` });
    if (ends[place] !== null) input.value = Math.round(ends[place] * scale * 1e4) / 1e4;
    input.addEventListener("change", () => {
      ends[place] = input.value === "" ? null : Number(input.value) / scale;
      if (ends.every((value) => value === null)) delete selection[name]; else selection[name] = ends;
      changed();
    });
    return input;
  };
  return make("div", { class: "np-span", role: "group", "aria-label": words[name] },
    make("span", {}, words[name]), words.from, end(0, words.from), words.to, end(1, words.to), make("span", { class: "np-quiet" }, unit));
};

const selectionEditor = (selection, changed) => {
  const named = (name) => (chosen) => {
    if (chosen.length) selection[name] = [...chosen]; else delete selection[name];
    changed();
  };
  const find = make("div", {});
  const list = make("ol", { class: "np-picked", "aria-label": words.products });
  productPicker({
    host: find, list, words: picker, search: form.dataset.search, store: () => form.dataset.store,
    chosen: (selection.item_ids || []).map((id) => products[id] || { id, title: id, image: "" }),
    changed: (chosen) => named("item_ids")(chosen.map(({ id }) => id)),
  });
  const spans = SPANS.map(([name, unit]) => spanRow(name, unit, selection, changed));
  const more = make("details", { class: "np-details", open: SPANS.some(([name]) => selection[name]) },
    make("summary", {}, words.more), make("div", { class: "np-inner np-parts" }, ...spans));
  return make("div", { class: "np-selection" }, find, list,
    tags({ label: words.searchCategory, none: words.noCategory, offered: categories, chosen: [...(selection.categories || [])], changed: named("categories") }),
    tags({ label: words.searchBrand, none: words.noBrand, offered: brands, chosen: [...(selection.brands || [])], changed: named("brands") }),
    more);
};

const buildPromoted = (root) => {
  const selection = held("promoted", {});
  const box = selectionEditor(selection, () => keep("promoted", selection));
  root.append(box);
  const show = () => { box.hidden = form.querySelector("[name=scope]:checked")?.value === "all"; };
  form.querySelectorAll("[name=scope]").forEach((radio) => radio.addEventListener("change", show));
  show();
};

/* ---- Rules by hand ---- */

const pinEditor = (rule, changed) => {
  const find = make("div", {});
  const list = make("ol", { class: "np-picked", "aria-label": words.products });
  const ids = rule.products.item_ids || [];
  productPicker({
    host: find, list, words: picker, most: 1, search: form.dataset.search, store: () => form.dataset.store,
    chosen: ids.map((id) => products[id] || { id, title: id, image: "" }),
    changed: (chosen) => {
      chosen.forEach((product) => { products[product.id] = product; });
      rule.products = chosen.length ? { item_ids: [chosen[0].id] } : {};
      changed();
    },
  });
  return make("div", { class: "np-selection" }, find, list);
};

const buildRules = (root) => {
  const rules = held("rules", []);
  const list = make("div", { class: "np-parts" });
  const changed = () => keep("rules", rules);
  const freePlace = () => {
    let place = 1;
    while (rules.some((rule) => rule.place === place)) place += 1;
    return place;
  };
  const placeField = (rule) => {
    const input = make("input", { class: "np-field", type: "number", min: "1", max: "100", "aria-label": words.place, value: rule.place ?? "" });
    input.addEventListener("change", () => { rule.place = input.value === "" ? null : Number(input.value); changed(); });
    return make("label", { class: "np-row" }, words.place, input);
  };
  const card = (rule, number) => {
    const label = kinds.find(({ name }) => name === rule.kind).label;
    const head = make("div", { class: "np-row" }, select(words.kind, kinds.map(({ name, label: told }) => [name, told]), rule.kind, (kind) => {
      rule.kind = kind;
      rule.place = kind === "pin" ? freePlace() : null;
      if (kind === "pin") rule.products = rule.products.item_ids?.length ? { item_ids: [rule.products.item_ids[0]] } : {};
      draw();
    }));
    if (rule.kind === "pin") head.append(placeField(rule));
    if (rule.kind === "boost") head.append(slider(`${words.strength}: ${label}`, rule.strength, (value) => { rule.strength = value; changed(); }));
    head.append(iconButton(`${words.removeRule}: ${label}`, "close", () => { rules.splice(number, 1); draw(); }));
    const body = rule.kind === "pin" ? pinEditor(rule, changed) : selectionEditor(rule.products, changed);
    return make("div", { class: "np-group", role: "group", "aria-label": label }, head, body);
  };
  const draw = () => {
    list.replaceChildren(...rules.map(card));
    if (!rules.length) list.append(make("p", { class: "np-nothing" }, words.noRule));
    changed();
  };
  root.append(list, make("div", { class: "np-actions" }, button(words.addRule, "add", () => {
    rules.push({ kind: "pin", products: {}, place: freePlace(), strength: 5 });
    draw();
    list.lastElementChild.querySelector("select").focus();
  })));
  draw();
};

/* ---- Preview ---- */

const state = form.querySelector("[data-preview-state]");
const body = form.querySelector("[data-preview-body]");
const hindsight = form.querySelector("[data-hindsight-body]");
const curve = buildCurve(form, form.querySelector("[data-curve-body]"));
let asked = 0;

/* Everything the form holds: browsers leave out what nobody may change, and that is previewed all the same. */
const told = () => {
  const shut = [...form.querySelectorAll("fieldset:disabled, fieldset :disabled")];
  shut.forEach((one) => { one.disabled = false; });
  const all = new FormData(form);
  shut.forEach((one) => { one.disabled = true; });
  return all;
};
const ask = async (address) => fetch(address, {
  method: "POST", body: told(), headers: { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value },
});
const say = (text, wrong = false) => {
  state.textContent = text;
  state.classList.toggle("np-wrong", wrong);
};
const preview = async () => {
  const mine = asked += 1;
  say(state.dataset.busy);
  body.classList.add("np-stale");
  try {
    const answer = await ask(form.dataset.preview);
    if (mine !== asked) return;
    if (!answer.ok) {
      say((await answer.json()).error, true);
      return;
    }
    body.innerHTML = await answer.text();
    body.classList.remove("np-stale");
    say("");
    body.querySelector("[data-visit]")?.addEventListener("change", (event) => { field("visit").value = event.target.value; later(); });
    const points = await ask(form.dataset.curve);
    if (mine !== asked || !points.ok) return;
    curve.show(await points.json());
    const logs = await ask(form.dataset.hindsight);
    if (mine === asked && logs.ok) hindsight.innerHTML = await logs.text();
  } catch {
    if (mine === asked) say(state.dataset.away, true);
  }
};
let waiting;
const later = () => {
  window.clearTimeout(waiting);
  waiting = window.setTimeout(preview, QUIET);
};

form.querySelectorAll("[data-condition-builder]").forEach(buildCondition);
buildObjectives(form.querySelector("[data-objectives]"));
buildPromoted(form.querySelector("[data-promoted]"));
buildRules(form.querySelector("[data-rules]"));
if (fixed) form.querySelectorAll("fieldset button, fieldset input, fieldset select, fieldset textarea").forEach((one) => { one.disabled = true; });
form.addEventListener("change", later);
form.addEventListener("input", (event) => { if (event.target.matches("[name=floor]")) curve.move(Number(event.target.value)); });
later();
