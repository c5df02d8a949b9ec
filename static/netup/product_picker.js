/* A picker of products in their order, searched by title, brand or id. */
import { combobox, iconButton, json, make, storeOf } from "./building.js";

/* Fill `host` with a field to search by and the list of what is chosen; `most` null for any number, `changed(chosen)`
   is called with {id, title, image} of each whenever that changes. `list` is where the chosen are shown. */
export const productPicker = ({ host, list, words, chosen, search, store, most = null, changed }) => {
  const draw = () => {
    list.replaceChildren(...chosen.map((product, place) => {
      const row = make("li", {});
      if (product.image) row.append(make("img", { src: product.image, alt: "", loading: "lazy" }));
      const up = iconButton(`${words.up}: ${product.title}`, "arrow_upward", () => move(place, -1));
      const down = iconButton(`${words.down}: ${product.title}`, "arrow_downward", () => move(place, 1));
      up.disabled = place === 0;
      down.disabled = place === chosen.length - 1;
      row.append(make("span", {}, product.title, make("small", {}, product.id)));
      if (chosen.length > 1) row.append(up, down);
      row.append(iconButton(`${words.remove}: ${product.title}`, "close", () => {
        chosen.splice(place, 1);
        draw();
        host.querySelector("input").focus();
      }));
      return row;
    }));
    host.hidden = most !== null && chosen.length >= most;
    changed(chosen);
  };
  const move = (place, by) => {
    chosen.splice(place + by, 0, ...chosen.splice(place, 1));
    draw();
    list.children[place + by].querySelector(by < 0 ? "button" : "button:nth-of-type(2)").focus();
  };
  let lacksStore = false;
  host.append(combobox({
    label: words.search,
    placeholder: words.search,
    value: "",
    none: () => (lacksStore ? words.store : words.none),
    offer: async (typed) => {
      lacksStore = !store();
      if (lacksStore) return [];
      try {
        const answer = await fetch(`${search}?store=${encodeURIComponent(store())}&q=${encodeURIComponent(typed)}`);
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

/* The picker of a form's field, which holds the ids as JSON. */
export const buildPicker = (root) => {
  const field = root.querySelector("textarea");
  productPicker({
    host: root.querySelector("[data-find]"),
    list: root.querySelector("[data-picked]"),
    words: json("picker-words"),
    chosen: json("chosen-products"),
    search: root.dataset.search,
    store: () => storeOf(root),
    changed: (chosen) => { field.value = JSON.stringify(chosen.map(({ id }) => id)); },
  });
};
