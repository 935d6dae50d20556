// Pictures of a sound: its waveform and its mel spectrogram, drawn while it grows.
const SIZE = 1024, BANDS = 64, FRAMES_PER_S = 86, FLOOR_DB = -80;
const WINDOW = Float32Array.from({ length: SIZE }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / SIZE));

function mel(hz) { return 2595 * Math.log10(1 + hz / 700); }

// Returns for every band its first bin and its weights.
function bands(rate) {
  const top = mel(rate / 2), bin = (number) => {
    const hz = 700 * (10 ** ((top * number) / (BANDS + 1) / 2595) - 1);
    return (hz * SIZE) / rate;
  };
  return Array.from({ length: BANDS }, (_, band) => {
    const [low, middle, high] = [bin(band), bin(band + 1), bin(band + 2)], first = Math.floor(low) + 1, weights = [];
    for (let i = first; i < high; i++) weights.push(i < middle ? (i - low) / (middle - low) : (high - i) / (high - middle));
    return weights.length ? { first, weights } : { first: Math.round(middle), weights: [1] };
  });
}

// The discrete Fourier transform, in place (Cooley and Tukey).
function transform(real, imaginary) {
  for (let i = 1, j = 0; i < SIZE; i++) {
    let bit = SIZE >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [real[i], real[j]] = [real[j], real[i]];
      [imaginary[i], imaginary[j]] = [imaginary[j], imaginary[i]];
    }
  }
  for (let length = 2; length <= SIZE; length <<= 1) {
    const half = length / 2, step = (-2 * Math.PI) / length;
    for (let k = 0; k < half; k++) {
      const cos = Math.cos(step * k), sin = Math.sin(step * k);
      for (let i = k; i < SIZE; i += length) {
        const j = i + half, re = real[j] * cos - imaginary[j] * sin, im = real[j] * sin + imaginary[j] * cos;
        real[j] = real[i] - re;
        imaginary[j] = imaginary[i] - im;
        real[i] += re;
        imaginary[i] += im;
      }
    }
  }
}

export class Pictures {
  constructor(rate) {
    this.rate = rate;
    this.bands = bands(rate);
    this.hop = Math.round(rate / FRAMES_PER_S);
    this.length = 0;
    this.tail = new Int16Array(SIZE / 2); // the first frame's middle is the first sample
    this.frames = []; // of a band each a byte: 0 quiet, 255 loud
    this.peaks = []; // lowest and highest sample of each hop
  }

  get lengthS() { return this.length / this.rate; }

  // Adds samples (Int16Array) to the end.
  add(samples) {
    this.length += samples.length;
    const all = new Int16Array(this.tail.length + samples.length);
    all.set(this.tail);
    all.set(samples, this.tail.length);
    let place = 0;
    for (; place + SIZE <= all.length; place += this.hop) this.frame(all.subarray(place, place + SIZE));
    this.tail = all.slice(place);
  }

  // Adds what is left; nothing follows.
  end() {
    this.add(new Int16Array(0));
    const rest = new Int16Array(SIZE);
    rest.set(this.tail.subarray(0, SIZE));
    if (this.tail.length > SIZE / 2) this.frame(rest);
  }

  frame(samples) {
    const real = new Float32Array(SIZE), imaginary = new Float32Array(SIZE);
    let low = 0, high = 0;
    for (let i = 0; i < SIZE; i++) real[i] = (samples[i] / 32768) * WINDOW[i];
    for (let i = (SIZE - this.hop) >> 1; i < (SIZE + this.hop) >> 1; i++) {
      low = Math.min(low, samples[i]);
      high = Math.max(high, samples[i]);
    }
    this.peaks.push([low / 32768, high / 32768]);
    transform(real, imaginary);
    this.frames.push(Uint8Array.from(this.bands, ({ first, weights }) => {
      let energy = 0;
      for (let i = 0; i < weights.length; i++) energy += weights[i] * (real[first + i] ** 2 + imaginary[first + i] ** 2);
      const db = 10 * Math.log10(energy + 1e-12) - 20;
      return Math.max(0, Math.min(255, (255 * (db - FLOOR_DB)) / -FLOOR_DB));
    }));
  }

  // Draws the waveform over the whole width of a canvas; its colour is the canvas's.
  drawWave(canvas) {
    const { pen, width, height } = paper(canvas), count = this.peaks.length;
    if (!count) return;
    const top = this.peaks.reduce((most, [low, high]) => Math.max(most, -low, high), 0.05); // quiet noise stays small
    pen.fillStyle = getComputedStyle(canvas).color;
    for (let x = 0; x < width; x++) {
      const [low, high] = span(this.peaks, ...range(x, width, count)), middle = height / 2;
      const above = (high / top) * middle * 0.95, below = (low / top) * middle * 0.95;
      pen.fillRect(x, middle - above, 1, Math.max(1, above - below));
    }
  }

  // Draws the mel spectrogram over the whole of a canvas.
  drawMel(canvas) {
    const { pen } = paper(canvas), count = this.frames.length, width = canvas.width;
    if (!count) return;
    const picture = new ImageData(width, BANDS);
    for (let x = 0; x < width; x++) {
      const frame = this.frames[Math.floor((x * count) / width)];
      for (let band = 0; band < BANDS; band++) {
        picture.data.set(colour(frame[band] / 255), 4 * ((BANDS - 1 - band) * width + x));
      }
    }
    const drawn = new OffscreenCanvas(width, BANDS);
    drawn.getContext("2d").putImageData(picture, 0, 0);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  }
}

function paper(canvas) {
  const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
  canvas.width = Math.max(1, width * ratio);
  canvas.height = Math.max(1, height * ratio);
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  return { pen, width, height };
}

function range(x, width, count) {
  const from = Math.floor((x * count) / width);
  return [from, Math.max(from + 1, Math.floor(((x + 1) * count) / width))];
}

function span(peaks, from, to) {
  let low = 0, high = 0;
  for (let i = from; i < to; i++) {
    low = Math.min(low, peaks[i][0]);
    high = Math.max(high, peaks[i][1]);
  }
  return [low, high];
}

// From dark violet by red to light yellow.
const COLOURS = [[20, 12, 48], [84, 20, 110], [180, 50, 90], [245, 125, 40], [252, 235, 160]];

function colour(value) {
  const place = value * (COLOURS.length - 1), below = Math.min(COLOURS.length - 2, Math.floor(place)), part = place - below;
  return [...COLOURS[below].map((start, i) => start + part * (COLOURS[below + 1][i] - start)), 255];
}
