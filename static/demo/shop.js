/* The demo storefront's own script: consent, the events of each page, and the zones that ask for products. */
(function () {
  'use strict';

  var visit = JSON.parse(document.getElementById('visit-page').textContent);
  var french = document.documentElement.lang === 'fr';
  var words = french
    ? { why: 'Pourquoi ceci ?', engine: 'Moteur', memory: 'mémoire', novelty: 'nouveauté', fallback: 'repli' }
    : { why: 'Why this?', engine: 'Engine', memory: 'memory', novelty: 'novelty', fallback: 'fallback' };

  function all(selector, within) {
    return Array.prototype.slice.call((within || document).querySelectorAll(selector));
  }

  /* --- Consent ---------------------------------------------------------------------------------------------- */

  function askConsent() {
    var banner = document.querySelector('[data-consent]');
    var answered = null;
    try { answered = localStorage.getItem('netup.consent'); } catch (refused) { /* ask on every page then */ }
    banner.hidden = answered !== null;
    all('[data-consent-answer]').forEach(function (button) {
      button.addEventListener('click', function () {
        netup('consent', button.dataset.consentAnswer === 'yes');
        banner.hidden = true;
      });
    });
    document.querySelector('[data-consent-open]').addEventListener('click', function () { banner.hidden = false; });
  }

  /* --- Events ----------------------------------------------------------------------------------------------- */

  function itemsIn(list) {
    return all('[data-item]', list).map(function (card, index) {
      return { item_id: card.dataset.item, index: index };
    });
  }

  function tellLists() {
    all('[data-list]').forEach(function (list) {
      var isMain = list.hasAttribute('data-ordered');
      if (isMain) {
        netup('event', 'view_item_list', { item_list_id: list.dataset.list, items: itemsIn(list).slice(0, 24) });
      }
      list.addEventListener('click', function (click) {
        var card = click.target.closest('[data-item]');
        if (!card) return;
        var items = itemsIn(list).filter(function (item) { return item.item_id === card.dataset.item; });
        netup('event', 'select_item', { item_list_id: list.dataset.list, items: items });
      });
    });
  }

  function tellCart() {
    var viewed = (visit.events[0] || {}).items || [];
    all('[data-adds]').forEach(function (form) {
      form.addEventListener('submit', function () {
        netup('event', 'add_to_cart', { items: viewed, value: visit.events[0].value });
      });
    });
    all('[data-removes]').forEach(function (form) {
      form.addEventListener('submit', function () {
        var out = viewed.filter(function (item) { return item.item_id === form.dataset.removes; });
        netup('event', 'remove_from_cart', { items: out });
      });
    });
    all('[data-orders]').forEach(function (form) {
      form.addEventListener('submit', function () {
        netup('event', 'add_shipping_info', { items: viewed, value: visit.events[0].value });
        netup('event', 'add_payment_info', { items: viewed, value: visit.events[0].value });
      });
    });
  }

  /* --- Zones ------------------------------------------------------------------------------------------------ */

  function sayHow(answer, element) {
    var parts = [words.engine + ' ' + answer.engine];
    if (answer.memory_generation) parts.push(words.memory + ' n° ' + answer.memory_generation);
    parts.push(words.novelty + ' ' + Number(answer.novelty).toLocaleString(document.documentElement.lang,
      { maximumFractionDigits: 2 }));
    if (answer.fallback) parts.push(words.fallback + ' ' + answer.fallback);
    parts.push(Math.round(answer.took_ms) + ' ms');
    var line = document.createElement('p');
    line.className = 'how';
    line.textContent = parts.join(' · ');
    element.append(line);
  }

  function fillZones() {
    all('[data-zone]').forEach(function (zone) {
      var asked = { title: zone.dataset.title, why: words.why, done: sayHow };
      if (zone.dataset.pageType) asked.page = Object.assign({}, visit.page, { type: zone.dataset.pageType });
      netup('recommend', zone.dataset.zone, zone, asked);
    });
  }

  function orderList() {
    var list = document.querySelector('[data-ordered] .cards');
    if (!visit.listing || !list || window.scrollY > 80) return;
    var ids = all('[data-item]', list).map(function (card) { return card.dataset.item; });
    if (ids.length < 2) return;
    netup('listing', visit.listing, ids, function (ordered) {
      var cards = {};
      all('[data-item]', list).forEach(function (card) { cards[card.dataset.item] = card; });
      ordered.forEach(function (id) { if (cards[id]) list.append(cards[id]); });
    });
  }

  document.addEventListener('DOMContentLoaded', function () {
    netup('page', visit.page);
    askConsent();
    visit.events.forEach(function (event) { netup('event', event.name, event); });
    if (!visit.events.length && !document.querySelector('[data-ordered]')) netup('event', 'page_view', {});
    tellLists();
    tellCart();
    fillZones();
    orderList();
    var sort = document.getElementById('sort');
    if (sort) sort.addEventListener('change', function () { sort.form.submit(); });
  });
}());
