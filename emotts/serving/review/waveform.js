// One piece of a recording with the sound around it: drawn, played, and its cut dragged.
const sounds = new Map(); // address -> promise of the decoded sound
let context = null;

function sound(url) {
  if (!sounds.has(url)) {
    if (sounds.size > 8) sounds.delete(sounds.keys().next().value);
    context ??= new AudioContext();
    const loaded = fetch(url).then(async (answer) => {
      if (!answer.ok) throw new Error(await answer.text());
      return context.decodeAudioData(await answer.arrayBuffer());
    });
    loaded.catch(() => sounds.delete(url));
    sounds.set(url, loaded);
  }
  return sounds.get(url);
}

export default {
  template: `
    <div class="waveform">
      <canvas ref="canvas" @pointerdown="press" @pointermove="drag" @pointerup="release" @pointercancel="release"></canvas>
      <div class="waveform-error" v-if="failure">{{ failure }}</div>
    </div>`,
  props: {
    url: String, // the sound
    ahead: String, // the sound of the next piece, loaded in advance
    from: Number, // time of its first sample in the recording
    start: Number, // the piece's start in the recording
    end: Number,
    others: Array, // start and end of the pieces around it
    plays: Boolean, // whether it is played when it is shown
    count: Number, // one more whenever the server has shown a piece: a cut that it refused is taken back
  },
  data: () => ({ failure: "", cursor: null, playing: null, held: null, cut: null }),
  watch: {
    url() {
      this.stop();
      this.cursor = null;
      this.load();
    },
    count() {
      if (this.held === null) this.cut = null;
      this.draw();
    },
  },
  mounted() {
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.$refs.canvas);
    this.load();
  },
  unmounted() {
    this.stop();
    this.resized.disconnect();
  },
  methods: {
    async load() {
      const url = this.url;
      this.buffer = null;
      this.failure = "";
      if (!url) return this.draw();
      try {
        const buffer = await sound(url);
        if (url !== this.url) return; // another piece is shown by now
        this.buffer = buffer;
      } catch (error) {
        if (url === this.url) this.failure = String(error.message ?? error);
      }
      this.draw();
      if (this.plays && this.buffer) this.play(false);
      if (this.ahead) sound(this.ahead).catch(() => {});
    },
    position() { return this.cursor; },
    edges() { return this.cut ?? [this.start, this.end]; },
    x(time) { return ((time - this.from) / this.buffer.duration) * this.$refs.canvas.clientWidth; },
    time(event) {
      const box = this.$refs.canvas.getBoundingClientRect();
      const fraction = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      return this.from + fraction * this.buffer.duration;
    },
    draw() {
      const canvas = this.$refs.canvas;
      if (!canvas) return;
      const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      const pen = canvas.getContext("2d");
      pen.scale(ratio, ratio);
      if (!this.buffer) return;
      canvas.dataset.from = this.from;
      canvas.dataset.length = this.buffer.duration;
      canvas.dataset.cut = this.edges().map((time) => time.toFixed(3)).join(" ");
      const [start, end] = this.edges().map((time) => this.x(time));
      const style = getComputedStyle(canvas);
      const colour = (name) => style.getPropertyValue(name);
      pen.fillStyle = colour("--other");
      for (const [from, to] of this.others) pen.fillRect(this.x(from), 0, this.x(to) - this.x(from), height);
      pen.fillStyle = colour("--piece");
      pen.fillRect(start, 0, end - start, height);
      this.drawSound(pen, width, height, (x) => colour(x >= start && x <= end ? "--sound" : "--outside"));
      pen.fillStyle = colour("--cut");
      for (const x of [start, end]) {
        pen.fillRect(x - 1, 0, 2, height);
        pen.fillRect(x - 5, 0, 10, 12);
      }
      if (this.cursor !== null) {
        pen.fillStyle = colour("--cursor");
        pen.fillRect(this.x(this.cursor) - 0.75, 0, 1.5, height);
      }
    },
    drawSound(pen, width, height, colour) {
      const samples = this.buffer.getChannelData(0);
      const step = samples.length / width, middle = height / 2;
      let top = 0.05; // quiet speech fills the picture, noise does not
      for (let i = 0; i < samples.length; i += 16) top = Math.max(top, Math.abs(samples[i]));
      for (let x = 0; x < width; x++) {
        let low = 0, high = 0;
        for (let i = Math.floor(x * step); i < (x + 1) * step; i += 1) {
          if (samples[i] < low) low = samples[i];
          if (samples[i] > high) high = samples[i];
        }
        pen.fillStyle = colour(x);
        const above = (high / top) * middle * 0.92, below = (low / top) * middle * 0.92;
        pen.fillRect(x, middle - above, 1, Math.max(1, above - below));
      }
    },
    async play(fromCursor) {
      if (this.playing) return this.stop();
      if (!this.buffer) return;
      if (context.state === "suspended") {
        if (!navigator.userActivation?.hasBeenActive) return; // a browser plays nothing before the first key
        await context.resume();
      }
      const [start, end] = this.edges();
      const begin = fromCursor && this.cursor !== null && this.cursor < end ? this.cursor : start;
      const source = context.createBufferSource();
      source.buffer = this.buffer;
      source.connect(context.destination);
      const began = context.currentTime;
      const playing = (this.playing = { source });
      source.onended = () => { if (this.playing === playing) this.stop(); };
      source.start(0, begin - this.from, end - begin);
      this.$refs.canvas.dataset.played = `${begin.toFixed(3)} ${end.toFixed(3)}`;
      const follow = () => {
        if (this.playing !== playing) return;
        this.cursor = Math.min(end, begin + context.currentTime - began);
        this.draw();
        requestAnimationFrame(follow);
      };
      follow();
    },
    stop() {
      const playing = this.playing;
      this.playing = null;
      if (!playing) return;
      playing.source.onended = null;
      playing.source.stop();
      this.draw();
    },
    press(event) {
      if (!this.buffer) return;
      this.stop(); // or the cursor would go on with the sound
      const x = this.x(this.time(event)), near = event.pointerType === "touch" ? 18 : 8;
      const distances = this.edges().map((time) => Math.abs(this.x(time) - x));
      this.held = Math.min(...distances) <= near ? distances.indexOf(Math.min(...distances)) : null;
      this.$refs.canvas.setPointerCapture(event.pointerId);
      if (this.held === null) {
        this.cursor = this.time(event);
        this.draw();
      }
    },
    drag(event) {
      if (this.held === null || !event.buttons) return;
      this.cut = [...this.edges()];
      this.cut[this.held] = this.time(event);
      this.draw();
    },
    release() {
      if (this.held !== null && this.cut && this.cut[0] < this.cut[1]) {
        this.$emit("cut", { start_s: this.cut[0], end_s: this.cut[1] });
      }
      this.held = null;
    },
  },
};
