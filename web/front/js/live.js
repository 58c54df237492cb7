// data-live="/live": what changes in the shop, as it changes. Whoever wants to know listens on the body:
// hx-trigger="live:sales from:body". One stream while somebody looks at the page, none while its tab is hidden.

// A topic is told at most so often, and its last change always: nothing needs to throttle again.
const BETWEEN_MS = 2000;
// Everybody in a shop hears a signal at once; each page asks at a moment of its own.
const SPREAD_MS = 600;
const LONGEST_WAIT_MS = 5 * 60_000;

const waiting = new Set();
const told = new Map();
let stream, again;
let failures = 0;
let hasMissed = false;

function start() {
  const address = document.querySelector("[data-live]")?.dataset.live;
  if (!address || stream || document.hidden) return;
  stream = new EventSource(address);
  stream.addEventListener("open", () => {
    failures = 0;
    if (hasMissed) catchUp();
    hasMissed = false;
  });
  stream.addEventListener("message", (event) => tell(event.data));
  // Signed out, or too many windows: this one is quiet until somebody turns to it again.
  stream.addEventListener("end", stop);
  stream.addEventListener("error", () => {
    hasMissed = true;
    // Where the line broke the browser comes back by itself; where it was refused, it does not.
    if (stream.readyState === EventSource.CLOSED) startLater();
  });
}

function stop() {
  clearTimeout(again);
  stream?.close();
  stream = undefined;
  hasMissed = true;
}

function startLater() {
  stop();
  again = setTimeout(start, Math.min(LONGEST_WAIT_MS, 2000 * 2 ** failures++) * (0.5 + Math.random()));
}

function tell(topic) {
  if (waiting.has(topic)) return;
  waiting.add(topic);
  const rest = Math.max(0, (told.get(topic) ?? 0) + BETWEEN_MS - Date.now());
  setTimeout(() => {
    waiting.delete(topic);
    told.set(topic, Date.now());
    document.body.dispatchEvent(new CustomEvent(`live:${topic}`));
  }, rest + Math.random() * SPREAD_MS);
}

function catchUp() {
  for (const element of document.querySelectorAll('[hx-trigger*="live:"]')) {
    for (const [, topic] of element.getAttribute("hx-trigger").matchAll(/live:([\w-]+)/g)) tell(topic);
  }
}

document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
addEventListener("focus", start);
addEventListener("pagehide", stop);
addEventListener("pageshow", start);
start();
