/*
 * The storefront tag: sends a visit's events, asks for recommendations, shows them. One file, no dependency.
 *
 *   <script defer src="/static/netup.js" data-key="pk_…" data-endpoint="https://personalization.example/api/v1"
 *           data-consent="true"></script>
 *
 *   netup('consent', true | false)              what the visitor has agreed to; false until told otherwise
 *   netup('page', {type, item_id, category, search_term})   where the visitor is, for answers and events
 *   netup('event', name, params)                one GA4 e-commerce event
 *   netup('recommend', zone, target, options)   products into an element (or its selector), or to a callback
 *                                               options: limit, exclude, page, title, why (label of the reasons),
 *                                               render(element, answer, options), done(answer, element)
 *   netup('listing', zone, itemIds, callback)   the same ids in the order that suits this visit
 *   netup('init', {key, endpoint, consent, productUrl, currency})   instead of the data attributes
 *
 * Calls made before the file has loaded wait in netup.q:
 *   window.netup = window.netup || function () { (netup.q = netup.q || []).push(arguments) }
 *
 * Nothing outlives the visit without consent. Nothing is shown, and nothing breaks, when the interface is away:
 * events wait in the session's storage and are sent again under the same event_id, so that each counts once.
 */
(function () {
  'use strict';

  var SEND_AFTER_MS = 800;
  var BATCH = 50;
  var MOST_WAITING = 500;
  var ANSWER_WITHIN_MS = 2500;
  var SESSION_GAP_MS = 30 * 60 * 1000;
  var LONGEST_WAIT_MS = 60000;
  var SEEN_SHARE = 0.5;

  var settings = { key: '', endpoint: '', consent: false, productUrl: '', currency: '' };
  var page = {};
  var visibleSince = document.hidden ? 0 : Date.now();
  var engagedMs = 0;
  var scrollDepth = 0;
  var sendTimer = 0;
  var failures = 0;
  var inFlight = false;
  var firstOfPage = true;
  var memory = {};

  /* --- What the browser keeps ------------------------------------------------------------------------------ */

  function keep(storage, name, value) {
    memory[name] = value;
    try {
      if (value === null) window[storage].removeItem(name);
      else window[storage].setItem(name, value);
    } catch (refused) { /* private mode: memory has to do */ }
  }

  function kept(storage, name) {
    try {
      var value = window[storage].getItem(name);
      if (value !== null) return value;
    } catch (refused) { /* as above */ }
    return memory[name] || '';
  }

  function keptJson(name, otherwise) {
    try {
      return JSON.parse(kept('sessionStorage', name)) || otherwise;
    } catch (unreadable) {
      return otherwise;
    }
  }

  function newId() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    var text = '';
    for (var i = 0; i < 32; i += 1) text += Math.floor(Math.random() * 16).toString(16);
    return text;
  }

  function visitorId() {
    if (!settings.consent) return '';
    var id = kept('localStorage', 'netup.visitor') || newId();
    keep('localStorage', 'netup.visitor', id);
    return id;
  }

  function sessionId() {
    var now = Date.now();
    var last = Number(kept('sessionStorage', 'netup.last') || 0);
    var id = kept('sessionStorage', 'netup.session');
    if (!id || now - last > SESSION_GAP_MS) id = newId();
    keep('sessionStorage', 'netup.session', id);
    keep('sessionStorage', 'netup.last', String(now));
    return id;
  }

  function identity() {
    var who = { session_id: sessionId(), consent: settings.consent };
    var visitor = visitorId();
    if (visitor) who.visitor_id = visitor;
    return who;
  }

  /* --- Attention: how long and how far the page was seen since the last event -------------------------------- */

  function attention() {
    var now = Date.now();
    if (visibleSince) {
      engagedMs += now - visibleSince;
      visibleSince = now;
    }
    var seen = { engagement_ms: engagedMs, scroll_depth: scrollDepth };
    engagedMs = 0;
    return seen;
  }

  function noteScroll() {
    var root = document.documentElement;
    var share = (window.scrollY + window.innerHeight) / Math.max(root.scrollHeight, 1);
    scrollDepth = Math.min(1, Math.max(scrollDepth, Math.round(share * 100) / 100));
  }

  function noteVisibility() {
    if (document.hidden) {
      if (visibleSince) engagedMs += Date.now() - visibleSince;
      visibleSince = 0;
      send(true);
    } else {
      visibleSince = Date.now();
    }
  }

  /* --- Events out ------------------------------------------------------------------------------------------- */

  function device() {
    var agent = navigator.userAgent;
    if (/iPad|Tablet|Android(?!.*Mobile)/.test(agent)) return 'tablet';
    return /Mobi|iPhone/.test(agent) ? 'mobile' : 'desktop';
  }

  function campaign() {
    var given = new URLSearchParams(location.search);
    var found = {};
    ['source', 'medium', 'campaign'].forEach(function (name) {
      var value = given.get('utm_' + name);
      if (value) found[name === 'campaign' ? 'name' : name] = value;
    });
    return found;
  }

  function event(name, params) {
    if (!settings.key) return;
    var described = Object.assign(
      {
        event_id: newId(),
        name: name,
        timestamp: new Date().toISOString(),
        language: navigator.language,
        device: { category: device() },
        page: { type: page.type, location: location.href, title: document.title }
      },
      identity(),
      attention(),
      params || {}
    );
    if (!described.page.type) delete described.page.type;
    if (firstOfPage) {
      if (document.referrer) described.page.referrer = document.referrer;
      var from = campaign();
      if (Object.keys(from).length) described.campaign = from;
      firstOfPage = false;
    }
    if (settings.currency && described.items && !described.currency) described.currency = settings.currency;
    attribute(described);
    var waiting = keptJson('netup.waiting', []);
    waiting.push(described);
    keep('sessionStorage', 'netup.waiting', JSON.stringify(waiting.slice(-MOST_WAITING)));
    sendSoon(SEND_AFTER_MS);
  }

  /* What was clicked in an answer carries that answer's id through the rest of the visit. */
  function attribute(described) {
    var item = (described.items || [])[0];
    if (described.recommendation_id || !item || described.items.length > 1) return;
    var led = keptJson('netup.led', {})[item.item_id];
    if (led) described.recommendation_id = led;
  }

  function sendSoon(delay) {
    if (sendTimer) return;
    sendTimer = setTimeout(function () {
      sendTimer = 0;
      send(false);
    }, delay);
  }

  function send(leaving) {
    var batch = keptJson('netup.waiting', []).slice(0, BATCH);
    if (!batch.length || !settings.key || (inFlight && !leaving)) return;
    var url = settings.endpoint + '/events';
    var body = JSON.stringify({ events: batch });
    if (leaving && navigator.sendBeacon) {
      /* Unconfirmed: the batch stays, and the next page sends it again under the same ids. */
      var sent = navigator.sendBeacon(
        url + '?key=' + encodeURIComponent(settings.key), new Blob([body], { type: 'application/json' })
      );
      if (sent) return;
    }
    inFlight = true;
    fetch(url, { method: 'POST', headers: headers(), body: body, keepalive: body.length < 60000 })
      .then(function (response) {
        inFlight = false;
        if (response.status >= 500 || response.status === 429) return again(response.headers.get('Retry-After'));
        failures = 0;
        confirm(batch);
        return undefined;
      })
      .catch(function () {
        inFlight = false;
        again(null);
      });
  }

  /* Accepted, or refused for good with a reason: either way not to be sent again. */
  function confirm(batch) {
    var done = {};
    batch.forEach(function (one) { done[one.event_id] = true; });
    var waiting = keptJson('netup.waiting', []).filter(function (one) { return !done[one.event_id]; });
    keep('sessionStorage', 'netup.waiting', JSON.stringify(waiting));
    if (waiting.length) sendSoon(0);
  }

  function again(retryAfter) {
    failures += 1;
    var seconds = Number(retryAfter);
    var wait = seconds > 0 ? seconds * 1000 : 1000 * Math.pow(2, failures);
    sendSoon(Math.min(wait, LONGEST_WAIT_MS) * (0.8 + Math.random() * 0.4));
  }

  function headers() {
    return {
      'Authorization': 'Bearer ' + settings.key,
      'Content-Type': 'application/json',
      'Accept-Language': document.documentElement.lang || navigator.language
    };
  }

  /* --- Answers in ------------------------------------------------------------------------------------------- */

  function ask(call, question) {
    var patience = new AbortController();
    var timer = setTimeout(function () { patience.abort(); }, ANSWER_WITHIN_MS);
    return fetch(settings.endpoint + '/' + call, {
      method: 'POST',
      headers: headers(),
      signal: patience.signal,
      body: JSON.stringify(Object.assign({ page: page }, identity(), question))
    }).then(function (response) {
      clearTimeout(timer);
      return response.ok ? response.json() : null;
    }).catch(function () {
      clearTimeout(timer);
      return null;
    });
  }

  function recommend(zone, target, options) {
    var wanted = options || {};
    var question = { zone: zone };
    if (wanted.limit) question.limit = wanted.limit;
    if (wanted.exclude) question.exclude = wanted.exclude;
    if (wanted.page) question.page = wanted.page;
    ask('recommendations', question).then(function (answer) {
      if (typeof target === 'function') return target(answer);
      var element = typeof target === 'string' ? document.querySelector(target) : target;
      if (!element || !answer || !answer.items.length) return undefined;
      (wanted.render || render)(element, answer, wanted);
      element.hidden = false;
      expose(element, answer);
      if (wanted.done) wanted.done(answer, element);
      return undefined;
    });
  }

  function listing(zone, itemIds, callback) {
    ask('listings', { zone: zone, item_ids: itemIds }).then(function (answer) {
      if (answer && answer.item_ids.length) callback(answer.item_ids, answer);
    });
  }

  function part(tag, className, text) {
    var element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }

  function money(text) {
    var parts = String(text || '').split(' ');
    if (parts.length < 2 || isNaN(Number(parts[0]))) return text || '';
    var format = { style: 'currency', currency: parts[1] };
    return Number(parts[0]).toLocaleString(document.documentElement.lang || undefined, format);
  }

  function addressOf(item) {
    if (!settings.productUrl) return item.link;
    return settings.productUrl.replace('{item_id}', encodeURIComponent(item.item_id));
  }

  function card(item, wanted) {
    var box = part('li', 'netup-item');
    var link = part('a', 'netup-link');
    link.href = addressOf(item);
    var picture = part('img', 'netup-picture');
    picture.src = item.image_link;
    picture.alt = '';
    picture.loading = 'lazy';
    link.append(picture, part('span', 'netup-title', item.title));
    var price = part('span', 'netup-price');
    if (item.sale_price) price.append(part('s', 'netup-before', money(item.price)), ' ');
    price.append(part('b', '', money(item.sale_price || item.price)));
    link.append(price);
    box.append(link);
    if (wanted.why && item.reason) {
      var why = part('details', 'netup-why');
      why.append(part('summary', '', wanted.why), part('p', '', item.reason.text));
      box.append(why);
    }
    return box;
  }

  function render(element, answer, wanted) {
    var list = part('ul', 'netup-items');
    answer.items.forEach(function (item) { list.append(card(item, wanted)); });
    element.replaceChildren();
    if (wanted.title) element.append(part('h2', 'netup-heading', wanted.title));
    element.append(list);
  }

  /* An answer counts as shown when half of its element was really on the screen, and only once. */
  function expose(element, answer) {
    element.dataset.netupRecommendation = answer.recommendation_id;
    element.addEventListener('click', function (click) {
      var link = click.target.closest('a[href]');
      var entry = link && link.closest('li');
      if (!entry) return;
      var index = Array.prototype.indexOf.call(entry.parentNode.children, entry);
      if (answer.items[index]) follow(answer, answer.items[index], index);
    });
    if (!window.IntersectionObserver) return exposed(answer);
    var watcher = new IntersectionObserver(function (entries) {
      if (!entries.some(function (entry) { return entry.isIntersecting; })) return;
      watcher.disconnect();
      exposed(answer);
    }, { threshold: element.offsetHeight > window.innerHeight ? 0.1 : SEEN_SHARE });
    watcher.observe(element);
    return undefined;
  }

  function exposed(answer) {
    event('view_item_list', {
      recommendation_id: answer.recommendation_id,
      item_list_id: 'netup-' + answer.zone,
      items: answer.items.map(function (item, index) { return { item_id: item.item_id, index: index }; })
    });
  }

  function follow(answer, item, index) {
    var led = keptJson('netup.led', {});
    led[item.item_id] = answer.recommendation_id;
    keep('sessionStorage', 'netup.led', JSON.stringify(led));
    event('select_item', {
      recommendation_id: answer.recommendation_id,
      item_list_id: 'netup-' + answer.zone,
      items: [{ item_id: item.item_id, index: index }]
    });
  }

  /* --- The one function ------------------------------------------------------------------------------------- */

  var calls = {
    init: function (given) {
      Object.assign(settings, given);
      settings.endpoint = String(settings.endpoint || '').replace(/\/$/, '');
      /* Not asked yet is not agreed: what is left out of an event would count as consent. */
      if (given.consent === undefined) settings.consent = kept('localStorage', 'netup.consent') === 'yes';
      sendSoon(SEND_AFTER_MS);
    },
    consent: function (agreed) {
      settings.consent = Boolean(agreed);
      if (agreed) return keep('localStorage', 'netup.consent', 'yes');
      keep('localStorage', 'netup.visitor', null);
      return keep('localStorage', 'netup.consent', 'no');
    },
    page: function (given) { page = given || {}; },
    event: event,
    recommend: recommend,
    listing: listing,
    flush: function () { send(false); }
  };

  function netup(name) {
    var call = calls[name];
    if (call) call.apply(null, Array.prototype.slice.call(arguments, 1));
  }

  var waitingCalls = (window.netup && window.netup.q) || [];
  window.netup = netup;
  document.addEventListener('visibilitychange', noteVisibility);
  window.addEventListener('pagehide', function () { send(true); });
  window.addEventListener('scroll', noteScroll, { passive: true });
  noteScroll();

  var own = document.currentScript && document.currentScript.dataset;
  if (own && own.key) {
    calls.init({
      key: own.key,
      endpoint: own.endpoint,
      productUrl: own.productUrl || '',
      currency: own.currency || '',
      consent: own.consent === undefined ? undefined : own.consent === 'true'
    });
  }
  Array.prototype.forEach.call(waitingCalls, function (call) { netup.apply(null, call); });
}());
