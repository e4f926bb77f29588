// Words light up as the recording plays, and each can be heard from its beginning.

const words = document.getElementById("words");
const voice = document.getElementById("voice");
const play = document.querySelector("button.play");

if (words) {
  const spans = [...words.children];
  const starts = spans.map((span) => Number(span.dataset.start));
  const ends = spans.map((span) => Number(span.dataset.end));
  let now = -1;
  let chosen = 0;

  // A pause in mid-sentence lights nothing.
  const at = (seconds) => {
    const found = starts.findLastIndex((start) => start <= seconds);
    return found >= 0 && seconds < ends[found] ? found : -1;
  };
  const light = () => {
    const next = voice.ended ? -1 : at(voice.currentTime);
    if (next === now) return;
    spans[now]?.classList.remove("now");
    spans[next]?.classList.add("now");
    now = next;
  };
  const follow = () => {
    light();
    if (!voice.paused) requestAnimationFrame(follow);
  };
  const playFrom = (index) => {
    voice.currentTime = starts[index];
    voice.play();
  };
  const choose = (index) => {
    spans[chosen].classList.remove("chosen");
    chosen = Math.min(Math.max(index, 0), spans.length - 1);
    spans[chosen].classList.add("chosen");
  };

  voice.addEventListener("play", follow);
  for (const event of ["seeked", "ended", "pause"]) voice.addEventListener(event, light);

  words.tabIndex = 0;
  words.setAttribute("role", "group");
  words.setAttribute("aria-label", words.dataset.label);
  words.setAttribute("aria-describedby", "how");
  words.addEventListener("click", (event) => {
    const index = spans.indexOf(event.target);
    if (index < 0 || !document.getSelection().isCollapsed) return;
    choose(index);
    playFrom(index);
  });
  words.addEventListener("focus", () => choose(chosen));
  words.addEventListener("blur", () => spans[chosen].classList.remove("chosen"));
  words.addEventListener("keydown", (event) => {
    const moves = { ArrowRight: chosen + 1, ArrowLeft: chosen - 1, Home: 0, End: spans.length - 1 };
    if (event.key in moves) choose(moves[event.key]);
    else if (event.key === "Enter") playFrom(chosen);
    else return;
    event.preventDefault();
  });
}

if (play) {
  const label = () => {
    play.setAttribute("aria-label", voice.paused ? play.dataset.play : play.dataset.pause);
    play.classList.toggle("playing", !voice.paused);
  };
  voice.controls = false;
  play.addEventListener("click", () => (voice.paused ? voice.play() : voice.pause()));
  for (const event of ["play", "pause", "ended"]) voice.addEventListener(event, label);
}
