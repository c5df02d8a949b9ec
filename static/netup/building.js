/* What the admin's builders are made of: elements, buttons, fields that offer what matches. */
let counter = 0;

export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, value);
  });
  element.append(...children);
  return element;
};
export const icon = (name) => make("span", { class: "material-symbols-outlined", "aria-hidden": "true" }, name);
export const button = (label, symbol, act) => {
  const made = make("button", { type: "button", class: "np-button" }, icon(symbol), label);
  made.addEventListener("click", act);
  return made;
};
export const iconButton = (label, symbol, act) => {
  const made = make("button", { type: "button", class: "np-icon-button", "aria-label": label, title: label }, icon(symbol));
  made.addEventListener("click", act);
  return made;
};
export const select = (label, choices, chosen, change) => {
  const made = make("select", { class: "np-field", "aria-label": label });
  choices.forEach(([value, text]) => made.append(new Option(text, value, false, value === chosen)));
  made.addEventListener("change", () => change(made.value));
  return made;
};
export const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
export const json = (id) => JSON.parse(document.getElementById(id).textContent);
export const storeOf = (element) => {
  const field = element.closest("form").querySelector("[name=store]");
  return field ? field.value : element.dataset.store;
};

/* A text field that offers what matches (WAI-ARIA combobox); `offer(typed)` gives groups of {name, options}. */
export const combobox = ({ label, placeholder, value, none, offer, choose }) => {
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
