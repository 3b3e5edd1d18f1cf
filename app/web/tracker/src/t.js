// The tracker: page views, scrolls, and what the shop tells it, each event exactly once whatever the network does.
//
//   <script defer src="https://events.shop.example/t.js" data-site="shop"></script>
//
// analytics.track(type, props, name)   an event of the nine types; `custom` has a name
// analytics.identify(hmac)             the shop's user, as the HMAC that its server made
// analytics.consent(state)             "given": visitor and session are kept in the browser
//                                      "ask" (the default): nothing is kept; the server counts by day
//                                      "none": nothing is sent, and what was kept is removed
(() => {
  const { dataset, src } = document.currentScript;
  const { site } = dataset;
  const to = dataset.to || new URL("/e", src).href;
  const key = "analytics." + site;
  const nav = navigator;
  // A visitor who has said no to all sites has said it to this one, too.
  const refused = nav.globalPrivacyControl || nav.doNotTrack == 1 || nav.webdriver;
  let { consent } = dataset;
  let memory = {};
  let timer;
  let failures = 0;
  let sending;
  let deepest;

  // Something is kept only since a consent was given.
  try {
    consent = consent || (localStorage[key] && "given");
  } catch {}
  consent = consent || "ask";
  const kept = () => consent == "given" && !refused;

  // The state: v visitor, s session, a its last event, c its campaign, u user, q the queue of [sender, event].
  const read = () => {
    try {
      if (kept()) return JSON.parse(localStorage[key] || "{}");
    } catch {}
    return memory;
  };
  const write = (state) => {
    memory = state;
    try {
      if (kept()) localStorage[key] = JSON.stringify(state);
    } catch {}
  };

  const id = (now) => {
    const hex = [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => byte.toString(16).padStart(2, 0)).join("");
    return now.toString(16).padStart(12, 0) + "7" + hex.slice(1, 4) + "8" + hex.slice(5);
  };

  const campaign = () => {
    const c = {};
    for (const name of ["source", "medium", "campaign"]) {
      const value = new URLSearchParams(location.search).get("utm_" + name);
      if (value) c[name] = value;
    }
    try {
      const { host } = new URL(document.referrer);
      if (host != location.host) c.ref = host;
    } catch {}
    return c;
  };

  const track = (type, props, name) => {
    if (consent == "none") return;
    const now = Date.now();
    const state = read();
    const c = campaign();
    const back = c.source && c.source + c.campaign != (state.c || c).source + (state.c || c).campaign;
    // Half an hour of silence or another campaign begin another session.
    if (!state.s || now - state.a > 18e5 || back) {
      state.s = id(now);
      state.c = c;
    }
    if (kept()) state.v = state.v || id(now);
    state.a = now;
    const who = { u: state.u, c: state.c };
    if (kept()) {
      who.s = state.s;
      who.v = state.v;
    }
    state.q = [...(state.q || []), [who, { id: id(now), t: now, type, name, page: location.pathname, props }]].slice(-200);
    write(state);
    later(state.q.length > 9 ? 0 : 1e3);
  };

  // The oldest events of one sender.
  const next = () => {
    const q = read().q || [];
    const who = JSON.stringify((q[0] || [])[0]);
    return q.filter(([sender]) => JSON.stringify(sender) == who).slice(0, 50);
  };
  // The trace of a post is in its body: a beacon has no headers of ours, and another site's would ask before each post.
  const trace = (at) => "00-" + id(at) + "-" + id(at).slice(16) + "-01";
  const body = (entries, at = Date.now()) => JSON.stringify({ v: 1, site, at, trace: trace(at), who: entries[0][0], events: entries.map(([, event]) => event) });
  const done = (entries) => {
    const ids = entries.map(([, event]) => event.id);
    const state = read();
    state.q = (state.q || []).filter(([, event]) => !ids.includes(event.id));
    write(state);
  };

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  };
  const send = async () => {
    const entries = next();
    if (sending || !entries[0]) return;
    sending = 1;
    let status = 0;
    try {
      ({ status } = await fetch(to, { method: "POST", body: body(entries), keepalive: true }));
    } catch {}
    sending = 0;
    // What is not accepted now may be later, except what is wrong.
    if (status == 202 || (status > 399 && status < 429)) {
      failures = 0;
      done(entries);
      later(0);
    } else later(Math.min(6e4, 1e3 * 2 ** failures++) * (0.5 + Math.random()));
  };
  // Nobody hears the answer of a page that is gone: what is kept in the browser is sent again by the next page.
  const leave = () => {
    const entries = next();
    if (entries[0] && nav.sendBeacon(to, body(entries)) && !kept()) done(entries);
  };

  const view = () => {
    deepest = 0;
    track("page_view");
  };
  const scroll = () => {
    const { scrollHeight } = document.documentElement;
    const depth = Math.floor((4 * (scrollY + innerHeight)) / scrollHeight + 0.01) * 25;
    if (depth > deepest && scrollY > 0) {
      deepest = depth;
      track("scroll_depth", { depth: Math.min(100, depth) });
    }
  };

  const { pushState } = history;
  history.pushState = function () {
    const { pathname } = location;
    pushState.apply(this, arguments);
    if (pathname != location.pathname) view();
  };
  addEventListener("popstate", view);
  addEventListener("scroll", scroll, { passive: true });
  addEventListener("online", () => later(0));
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());

  window.analytics = {
    track,
    identify: (u) => write({ ...read(), u }),
    consent: (next) => {
      const state = read();
      consent = next;
      if (next == "given") write({ ...state, s: 0 });
      else {
        memory = next == "none" ? {} : { q: state.q };
        try {
          localStorage.removeItem(key);
        } catch {}
      }
    },
  };
  view();
})();
