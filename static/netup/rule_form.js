/* The form of a rule: its condition built from markers, its products picked. */
import { buildCondition } from "./condition_builder.js";
import { buildPicker } from "./product_picker.js";

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

document.querySelectorAll("[data-condition-builder]").forEach(buildCondition);
document.querySelectorAll("[data-product-picker]").forEach(buildPicker);
document.querySelectorAll("form").forEach(showFields);
