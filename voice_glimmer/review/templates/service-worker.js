// Keeps the look of the page and one page without a word of the journal, for when the house is out
// of reach. All else is asked for anew each time and kept nowhere.
const SHELL = "shell-{{ static('page.css')[-12:] }}{{ static('page.js')[-12:] }}-{{ code }}";
const FILES = {{ ["/offline", static("page.css"), static("page.js"), static("htmx.min.js"), static("icon.svg")]|tojson }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match("/offline")));
  } else if (new URL(event.request.url).pathname.startsWith("/static/")) {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  }
});
