// Speech from the API: asked for, taken while it is spoken, played.
const KEY = "emotts-key"; // what the key is kept by, in this tab
const LEAD_S = 0.05; // what is heard begins so much later than it is there
const FULL_SCALE = 32768;
let context = null;

export function keepKey(key) {
  key ? sessionStorage.setItem(KEY, key) : sessionStorage.removeItem(KEY);
}

export function keptKey() {
  return sessionStorage.getItem(KEY) ?? "";
}

export function audio() {
  context ??= new AudioContext();
  return context;
}

// a browser lets a page sound only from within a touch or key
for (const name of ["pointerdown", "keydown"]) {
  document.addEventListener(name, () => { if (audio().state === "suspended") audio().resume(); }, true);
}

// Returns the answer to a request for speech; the message of an Error is the server's.
export async function ask(body, signal) {
  const headers = { "Content-Type": "application/json" };
  if (keptKey()) headers.Authorization = `Bearer ${keptKey()}`;
  const answer = await fetch("/v1/audio/speech", { method: "POST", headers, body: JSON.stringify(body), signal });
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => null);
  throw new Error(said?.error?.message ?? `${answer.status} ${answer.statusText}`);
}

// Yields the samples of a wave file of 16 bits as they come; its header's lengths are not needed.
export async function* samplesOf(answer) {
  const reader = answer.body.getReader();
  let left = new Uint8Array(0), header = 44;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const bytes = new Uint8Array(left.length + value.length);
    bytes.set(left);
    bytes.set(value, left.length);
    const skipped = Math.min(header, bytes.length), end = bytes.length - ((bytes.length - skipped) % 2);
    header -= skipped;
    left = bytes.slice(end);
    const view = new DataView(bytes.buffer, skipped, end - skipped);
    const samples = new Int16Array(view.byteLength / 2);
    for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(2 * i, true);
    if (samples.length) yield samples;
  }
}

// Asks for a text and hands its samples over piece by piece; returns all of them and their rate.
export async function speak(body, { signal, onPiece }) {
  const answer = await ask({ ...body, response_format: "wav", stream: true }, signal);
  const rate = Number(answer.headers.get("X-Sample-Rate")), pieces = [];
  for await (const piece of samplesOf(answer)) {
    pieces.push(piece);
    onPiece?.(piece, rate);
  }
  return { samples: joined(pieces), rate };
}

function joined(pieces) {
  const whole = new Int16Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let place = 0;
  for (const piece of pieces) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
}

// Asks for a text as a file of a format, and lets the browser save it.
export async function download(body, format, name) {
  const answer = await ask({ ...body, response_format: format });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = `${name}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// One sound that is heard, piece after piece; only one sounds at a time.
let sounding = null;

export class Playback {
  // onEnd: called when the last piece was heard, or it was stopped
  constructor(rate, onEnd) {
    sounding?.stop();
    sounding = this;
    this.rate = rate;
    this.onEnd = onEnd;
    this.pieces = [];
    this.whole = false;
  }

  // Lets samples follow what was pushed before; fromS: their place in the sound, in seconds.
  push(samples, fromS) {
    if (sounding !== this || !samples.length) return;
    const buffer = audio().createBuffer(1, samples.length, this.rate), channel = buffer.getChannelData(0);
    for (let i = 0; i < samples.length; i++) channel[i] = samples[i] / FULL_SCALE;
    const source = audio().createBufferSource();
    source.buffer = buffer;
    source.connect(audio().destination);
    const last = this.pieces.at(-1);
    const at = Math.max(audio().currentTime + LEAD_S, last ? last.at + last.lengthS : 0);
    source.onended = () => this.check();
    source.start(at);
    this.pieces.push({ source, at, fromS, lengthS: buffer.duration });
  }

  // Tells that nothing follows.
  end() {
    this.whole = true;
    this.check();
  }

  check() {
    const last = this.pieces.at(-1);
    if (this.whole && sounding === this && (!last || audio().currentTime >= last.at + last.lengthS - 0.02)) this.stop();
  }

  // The place that is heard, in seconds.
  position() {
    const now = audio().currentTime;
    const heard = this.pieces.findLast((piece) => piece.at <= now) ?? this.pieces[0];
    return heard ? heard.fromS + Math.min(heard.lengthS, Math.max(0, now - heard.at)) : 0;
  }

  stop() {
    if (sounding === this) sounding = null;
    for (const { source } of this.pieces) {
      source.onended = null;
      source.stop();
    }
    const onEnd = this.onEnd;
    this.onEnd = null;
    onEnd?.();
  }
}
