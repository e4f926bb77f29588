// Hands on what the microphone delivers: 128 samples at a time, from -1 to 1.
class Recording extends AudioWorkletProcessor {
  process([[samples]]) {
    if (samples) this.port.postMessage(samples.slice());
    return true;
  }
}
registerProcessor("recording", Recording);
