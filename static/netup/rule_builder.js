/* A rule's form: its condition built from markers, its products picked. What is built is sent as JSON in a hidden field. */
(() => {
  "use strict";

  const EMPTY = { all: [] };
  let counter = 0;

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => {
      if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null) element.setAttribute(name, value);
    });
    element.append(...children);
    return element;
  };
  const icon = (name) => make("span", { class: "material-symbols-outlined", "aria-hidden": "true" }, name);
  const button = (label, symbol, act) => {
    const made = make("button", { type: "button", class: "np-button" }, icon(symbol), label);
    made.addEventListener("click", act);
    return made;
  };
  const iconButton = (label, symbol, act) => {
    const made = make("button", { type: "button", class: "np-icon-button", "aria-label": label, title: label }, icon(symbol));
    made.addEventListener("click", act);
    return made;
  };
  const select = (label, choices, chosen, change) => {
    const made = make("select", { class: "np-field", "aria-label": label });
    choices.forEach(([value, text]) => made.append(new Option(text, value, false, value === chosen)));
    made.addEventListener("change", () => change(made.value));
    return made;
  };
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const json = (id) => JSON.parse(document.getElementById(id).textContent);
  const storeOf = (element) => {
    const field = element.closest("form").querySelector("[name=store]");
    return field ? field.value : element.dataset.store;
  };

  /* A text field that offers what matches (WAI-ARIA combobox); `offer(typed)` gives groups of {name, options}. */
  const combobox = ({ label, placeholder, value, none, offer, choose }) => {
    const id = `np-options-${counter += 1}`;
    const input = make("input", {
      class: "np-field", type: "text", role: "combobox", autocomplete: "off", "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-controls": id, "aria-label": label, placeholder,
    });
    const list = make("ul", { id, class: "np-options", role: "listbox", "aria-label": label, hidden: true });
    const box = make("div", { class: "np-combo" }, input, list);
    let options = [];
    let active = -1;
    let shown = value;
    let asked = 0;
    input.value = value;

    const close = () => {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (place) => {
      options.forEach(({ element }, number) => element.setAttribute("aria-selected", String(number === place)));
      active = place;
      if (place < 0) return;
      input.setAttribute("aria-activedescendant", options[place].element.id);
      options[place].element.scrollIntoView({ block: "nearest" });
    };
    const take = (option) => {
      shown = option.keep === false ? "" : option.text;
      input.value = shown;
      close();
      choose(option);
    };
    const open = async (typed) => {
      const mine = asked += 1;
      const groups = await offer(typed);
      if (mine !== asked || document.activeElement !== input) return;
      list.replaceChildren();
      options = [];
      groups.forEach(({ name, options: found }) => {
        if (name && found.length) list.append(make("li", { role: "presentation" }, name));
        found.forEach((option) => {
          const element = make("li", { id: `${id}-${options.length}`, role: "option", "aria-selected": "false" });
          if (option.image) element.append(make("img", { src: option.image, alt: "", loading: "lazy" }));
          element.append(make("span", {}, option.text, option.hint ? make("small", {}, option.hint) : ""));
          element.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
          options.push({ ...option, element });
          list.append(element);
        });
      });
      if (!options.length) list.append(make("li", { class: "np-none", role: "option", "aria-disabled": "true" }, none()));
      list.hidden = false;
      active = -1;
      input.setAttribute("aria-expanded", "true");
    };

    input.addEventListener("input", () => open(input.value));
    input.addEventListener("focus", () => { input.select(); open(""); });
    input.addEventListener("blur", () => { input.value = shown; close(); });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) { open(input.value); return; }
        const step = event.key === "ArrowDown" ? 1 : -1;
        if (options.length) mark((active + step + options.length) % options.length);
      } else if (event.key === "Enter") {
        event.preventDefault();
        if (active >= 0) take(options[active]);
        else if (options.length === 1) take(options[0]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
    return box;
  };

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

  const buildCondition = (root) => {
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

  /* ---- Products ---- */

  const buildPicker = (root) => {
    const field = root.querySelector("textarea");
    const picked = root.querySelector("[data-picked]");
    const words = json("picker-words");
    const chosen = json("chosen-products");
    const keep = () => { field.value = JSON.stringify(chosen.map(({ id }) => id)); };
    const move = (place, by) => {
      chosen.splice(place + by, 0, ...chosen.splice(place, 1));
      draw();
      picked.children[place + by].querySelector(by < 0 ? "button" : "button:nth-of-type(2)").focus();
    };
    const draw = () => {
      picked.replaceChildren(...chosen.map((product, place) => {
        const row = make("li", {});
        if (product.image) row.append(make("img", { src: product.image, alt: "", loading: "lazy" }));
        const up = iconButton(`${words.up}: ${product.title}`, "arrow_upward", () => move(place, -1));
        const down = iconButton(`${words.down}: ${product.title}`, "arrow_downward", () => move(place, 1));
        up.disabled = place === 0;
        down.disabled = place === chosen.length - 1;
        row.append(
          make("span", {}, product.title, make("small", {}, product.id)), up, down,
          iconButton(`${words.remove}: ${product.title}`, "close", () => { chosen.splice(place, 1); draw(); }),
        );
        return row;
      }));
      keep();
    };
    let lacksStore = false;
    root.querySelector("[data-find]").append(combobox({
      label: words.search,
      placeholder: words.search,
      value: "",
      none: () => (lacksStore ? words.store : words.none),
      offer: async (typed) => {
        const store = storeOf(root);
        lacksStore = !store;
        if (lacksStore) return [];
        try {
          const answer = await fetch(`${root.dataset.search}?store=${encodeURIComponent(store)}&q=${encodeURIComponent(typed)}`);
          const { products } = await answer.json();
          const free = products.filter(({ id }) => !chosen.some((product) => product.id === id));
          return [{ options: free.map((product) => ({ text: product.title, hint: product.id, image: product.image, keep: false, product })) }];
        } catch {
          return [];
        }
      },
      choose: ({ product }) => { chosen.push(product); draw(); },
    }));
    draw();
  };

  /* Fields that only some strategies read are shown with them alone. */
  const READ_BY = { item_ids: ["chosen"], days: ["new_arrivals"] };
  const showFields = (form) => {
    const strategy = form.querySelector("[name=strategy]");
    if (!strategy) return;
    const show = () => {
      Object.entries(READ_BY).forEach(([name, strategies]) => {
        const row = form.querySelector(`.field-${name}`);
        if (row) row.hidden = !strategies.includes(strategy.value);
      });
      const most = form.querySelector(".field-most");
      if (most) most.hidden = !strategy.value;
    };
    strategy.addEventListener("change", show);
    show();
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-condition-builder]").forEach(buildCondition);
    document.querySelectorAll("[data-product-picker]").forEach(buildPicker);
    document.querySelectorAll("form").forEach(showFields);
  });
})();
