// Records a glimmer and sends it as a WAV; what could not be sent is kept until it is.
const place = document.getElementById("recorder");
const words = place.dataset;
const button = document.getElementById("record");
const said = document.getElementById("said");
const RATE = 16000; // Hz, what is understood there; a browser that has another sends its own
const LONGEST = 180; // seconds, as in the kitchen
const FULL_SCALE = 32767;

let stop = null;
let unsent = null;

function wav(pieces, rate) {
  const count = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const view = new DataView(new ArrayBuffer(44 + 2 * count));
  const text = (at, letters) => [...letters].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + 2 * count, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, 2 * rate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, 2 * count, true);
  let at = 44;
  for (const piece of pieces) {
    for (const sample of piece) {
      view.setInt16(at, Math.max(-1, Math.min(1, sample)) * FULL_SCALE, true);
      at += 2;
    }
  }
  return new Blob([view], { type: "audio/wav" });
}

function connected(stream) {
  try {
    const context = new AudioContext({ sampleRate: RATE });
    return [context, context.createMediaStreamSource(stream)];
  } catch {
    // Firefox connects a microphone at its own rate only.
    const context = new AudioContext();
    return [context, context.createMediaStreamSource(stream)];
  }
}

async function record() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
  const [context, source] = connected(stream);
  await context.audioWorklet.addModule(words.worklet);
  const node = new AudioWorkletNode(context, "recording");
  const pieces = [];
  node.port.onmessage = ({ data }) => pieces.push(data);
  source.connect(node);
  const over = setTimeout(() => stop?.(), LONGEST * 1000);
  stop = async () => {
    stop = null;
    clearTimeout(over);
    stream.getTracks().forEach((track) => track.stop());
    await context.close();
    await send(wav(pieces, context.sampleRate));
  };
  button.textContent = words.stop;
  said.textContent = words.recording;
}

async function send(recording) {
  unsent = recording;
  if (button) button.disabled = true;
  said.textContent = words.hearing;
  try {
    const answer = await fetch(words.to, {
      method: "POST",
      body: recording,
      headers: { "Content-Type": recording.type || "audio/wav", "X-CSRF-Token": words.csrf },
    });
    if (answer.ok) {
      unsent = null;
      location.assign(answer.url);
      return;
    }
    const told = new DOMParser().parseFromString(await answer.text(), "text/html");
    said.textContent = (told.getElementById("told") ?? told.querySelector("h1")).textContent;
    if (answer.status === 422) unsent = null;
  } catch {
    said.textContent = words.unsent;
  }
  if (button) {
    button.disabled = false;
    button.textContent = unsent ? words.again : words.record;
  }
}

button?.addEventListener("click", async () => {
  if (stop) {
    await stop();
  } else if (unsent) {
    await send(unsent);
  } else {
    try {
      await record();
    } catch {
      said.textContent = words.refused;
    }
  }
});
document.getElementById("file").addEventListener("change", async ({ target }) => {
  if (target.files.length) await send(target.files[0]);
  target.value = ""; // so that the same one can be chosen again
});
addEventListener("beforeunload", (leaving) => {
  if (stop || unsent) leaving.preventDefault();
});
place.hidden = false;
