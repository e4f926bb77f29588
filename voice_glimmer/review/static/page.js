document.documentElement.classList.add("scripted");
// Only in a secure context, as on this machine itself.
navigator.serviceWorker?.register("/service-worker.js");
