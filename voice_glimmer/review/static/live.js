// What is kept by voice appears by itself, and so does what the kitchen is doing.
// Only a page that is looked at asks: a browser has few connections to one house.
const kitchen = document.getElementById("kitchen");
let source = null;
let newest = null;

function listen() {
  source = new EventSource("/live");
  source.addEventListener("journal", ({ data }) => {
    if (newest !== null) document.body.dispatchEvent(new CustomEvent("glimmer"));
    newest = data;
  });
  source.addEventListener("kitchen", ({ data }) => {
    kitchen.textContent = kitchen.dataset[data];
  });
}

document.addEventListener("visibilitychange", () => {
  source?.close();
  source = null;
  if (!document.hidden) listen();
});
listen();
