/* What the admin's own screens do by themselves: a progress bar that asks again, a slider that walks through a visit. */
(() => {
  "use strict";

  const EVERY = 2000; // milliseconds between two looks at a rebuild

  const watch = (bar) => {
    const show = (progress) => {
      bar.querySelector("[role=progressbar]").setAttribute("aria-valuenow", progress.percent);
      bar.querySelector("[role=progressbar] > i").style.width = `${progress.percent}%`;
      bar.querySelector("[data-stage]").textContent = progress.stage;
      bar.querySelector("[data-percent]").textContent = `${progress.percent}`;
      bar.querySelector("[data-visits]").textContent = progress.visits;
      progress.stages.forEach((stage, number) => {
        const item = bar.querySelectorAll(".np-stages > li")[number];
        if (item) item.className = `np-${stage.place}`;
      });
    };
    const look = async () => {
      try {
        const answer = await fetch(bar.dataset.progress, { headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const progress = await answer.json();
        if (!progress.building) {
          window.location.reload();
          return;
        }
        show(progress);
      } catch {
        // The network was away for a moment: the next look tells.
      }
      window.setTimeout(look, EVERY);
    };
    window.setTimeout(look, EVERY);
  };

  const walk = (slider) => {
    const label = slider.closest(".np-stepper").querySelector("output");
    slider.addEventListener("input", () => { label.textContent = slider.value; });
    slider.addEventListener("change", () => {
      document.querySelector(`.np-moment [data-step="${slider.value}"]`)?.click();
    });
  };

  // The icon font spells its symbols: “footprint Visits” is no name of a link. Where other words tell, hide them.
  const hush = (root) => {
    root.querySelectorAll(".material-symbols-outlined:not([role], [aria-hidden])").forEach((icon) => {
      const door = icon.closest("a, button");
      if (door) {
        const words = door.cloneNode(true);
        words.querySelectorAll(".material-symbols-outlined").forEach((inner) => inner.remove());
        if (!words.textContent.trim() && !door.title && !door.ariaLabel) return;
      }
      icon.setAttribute("aria-hidden", "true");
    });
  };

  const ready = (root) => {
    hush(root);
    root.querySelectorAll("[data-progress]").forEach(watch);
    root.querySelectorAll(".np-stepper input[type=range]").forEach(walk);
    root.querySelectorAll("select[data-submits]").forEach((select) => {
      select.addEventListener("change", () => select.form.submit());
    });
  };

  document.addEventListener("DOMContentLoaded", () => ready(document));
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) ready(event.target);
  });
})();
