// Speaks, plays, draws and saves one take, and lists those that were spoken before.
import { Pictures } from "emotts-web/pictures.js";
import { Playback, download, speak } from "emotts-web/sound.js";
import { forgetTakes, keepTake, readTakes } from "emotts-web/history.js";

const DRAFT = "emotts-draft-request", FORMATS = ["wav", "flac", "mp3", "opus"];

export default {
  template: `
    <section class="player" :data-state="state" :data-playing="playing" :data-takes="takes.length">
      <div class="web-failure" v-if="failure" role="alert">{{ failure }}</div>
      <div v-if="body" class="web-card player-card">
        <div class="player-title">
          <span class="player-emotion">{{ described(body) }}</span>
          <span class="player-length">{{ lengthS.toFixed(2) }} s</span>
        </div>
        <div class="player-pictures" ref="pictures" @pointerdown="seek">
          <canvas class="player-wave" ref="wave" role="img" :aria-label="words.waveform"></canvas>
          <canvas class="player-mel" ref="mel" role="img" :aria-label="words.mel"></canvas>
          <div class="player-cursor" :style="{ left: cursor + '%' }"></div>
        </div>
        <div class="player-buttons">
          <q-btn class="player-play" unelevated no-caps color="primary" :icon="playing ? 'stop' : 'play_arrow'"
            :label="playing ? words.stop : words.play" @click="toggle" />
          <q-btn v-for="format in formats" :key="format" class="player-save" flat dense no-caps icon="download"
            :label="format" :disable="state !== 'ready'" :aria-label="words.download + ' ' + format" @click="save(format)" />
        </div>
      </div>
      <div v-if="takes.length" class="web-card player-history">
        <div class="player-head">
          <span>{{ words.history }}</span>
          <q-btn flat dense no-caps icon="delete_outline" :label="words.forget" @click="forget" />
        </div>
        <button v-for="take in takes" :key="take.id" class="player-take" :class="{ shown: take.id === shown }"
          @click="choose(take)">
          <span class="player-take-text">{{ take.body.input }}</span>
          <span class="player-take-how">{{ described(take.body) }} · {{ (take.samples.length / take.rate).toFixed(1) }} s</span>
        </button>
      </div>
    </section>`,
  props: {
    words: Object, // what it says
    names: Object, // emotions by their names, in the page's language
    draft: Object, // the request that the controls stand for; kept for a reload
  },
  data: () => ({
    state: "idle", // idle, speaking, ready, failed
    failure: "", body: null, takes: [], shown: null, playing: false, cursor: 0, lengthS: 0, formats: FORMATS,
  }),
  watch: {
    draft(draft) { sessionStorage.setItem(DRAFT, JSON.stringify(draft)); },
  },
  async mounted() {
    this.resized = new ResizeObserver(() => this.draw());
    const draft = sessionStorage.getItem(DRAFT);
    if (draft) this.$emit("chosen", { body: JSON.parse(draft) });
    await this.list();
    if (this.takes.length && !this.body) await this.show(this.takes[0]);
  },
  unmounted() {
    this.stop();
    this.resized.disconnect();
  },
  methods: {
    // Speaks a request: heard as soon as its first part is there, then kept.
    async speak(body) {
      this.stop();
      const working = (this.working = new AbortController());
      Object.assign(this, { state: "speaking", failure: "", body, shown: null, lengthS: 0, cursor: 0 });
      await this.$nextTick();
      let pictures = null, playback = null;
      this.pictures = this.samples = null;
      this.watchSize();
      const onPiece = (piece, rate) => {
        if (this.working !== working) return;
        playback ??= this.playback = this.begun(rate);
        this.pictures = pictures ??= new Pictures(rate);
        playback.push(piece, pictures.lengthS);
        pictures.add(piece);
        this.lengthS = pictures.lengthS;
        this.drawSoon();
      };
      try {
        const { samples, rate } = await speak(body, { signal: working.signal, onPiece });
        if (this.working !== working) return;
        pictures.end();
        playback.end();
        Object.assign(this, { samples, rate });
        this.drawSoon();
        await this.keep({ body: JSON.parse(JSON.stringify(body)), samples, rate });
        if (this.working === working) this.state = "ready";
      } catch (error) {
        if (this.working !== working) return;
        playback?.stop();
        this.fail(error);
      }
    },
    begun(rate) {
      const playback = new Playback(rate, () => { if (this.playback === playback) this.ended(); });
      this.playing = true;
      const follow = () => {
        if (this.playback !== playback) return;
        this.cursor = Math.min(100, (100 * playback.position()) / Math.max(this.lengthS, 0.01));
        requestAnimationFrame(follow);
      };
      requestAnimationFrame(follow);
      return playback;
    },
    ended() {
      this.playback = null;
      this.playing = false;
      this.cursor = 0;
    },
    fail(error) {
      this.state = "failed";
      this.failure = error instanceof TypeError ? this.words.broken : error.message;
      if (!this.pictures) this.body = null;
    },
    async keep(take) {
      try {
        await keepTake(take);
        await this.list();
        this.shown = this.takes[0]?.id ?? null;
      } catch {
        // a browser that keeps nothing: the list lasts until the page is left
        const id = `${Date.now()}`;
        this.takes.unshift(Object.freeze({ ...take, id }));
        this.shown = id;
      }
    },
    async list() {
      this.takes = (await readTakes().catch(() => this.takes)).map(Object.freeze);
    },
    async show({ id, body, samples, rate }) {
      this.stop();
      Object.assign(this, { body, shown: id, samples, rate, state: "ready", failure: "", lengthS: samples.length / rate });
      await this.$nextTick();
      this.pictures = new Pictures(rate);
      this.pictures.add(samples);
      this.pictures.end();
      this.watchSize();
      this.draw();
    },
    async choose(take) {
      await this.show(take);
      this.$emit("chosen", { body: take.body });
      this.play(0);
    },
    play(fromS) {
      this.playback?.stop();
      this.playback = this.begun(this.rate);
      this.playback.push(this.samples.subarray(Math.round(fromS * this.rate)), fromS);
      this.playback.end();
    },
    toggle() {
      if (this.playing) this.playback.stop();
      else if (this.samples) this.play(0);
    },
    seek(event) {
      if (!this.samples) return;
      const box = this.$refs.pictures.getBoundingClientRect();
      this.play(Math.max(0, Math.min(0.999, (event.clientX - box.left) / box.width)) * this.lengthS);
    },
    stop() {
      this.working?.abort();
      this.working = null;
      this.playback?.stop();
    },
    async save(format) {
      try {
        await download(this.body, format, `emotts-${this.body.emotion.replace(/[^\w]+/g, "-")}-${this.body.seed}`);
      } catch (error) {
        this.failure = error instanceof TypeError ? this.words.broken : error.message;
      }
    },
    async forget() {
      await forgetTakes().catch(() => {});
      this.takes = [];
    },
    described(body) {
      const terms = body.emotion.split("+").map((term) => {
        const [name, weight] = term.split(":");
        return (this.names[name] ?? name) + (weight ? ` ${Math.round(100 * weight)} %` : "");
      });
      return `${terms.join(" + ")} · ${body.intensity.toFixed(2)}`;
    },
    watchSize() {
      this.resized.disconnect();
      if (this.$refs.pictures) this.resized.observe(this.$refs.pictures);
    },
    drawSoon() {
      if (this.drawing) return;
      this.drawing = true;
      requestAnimationFrame(() => {
        this.drawing = false;
        this.draw();
      });
    },
    draw() {
      if (!this.pictures || !this.$refs.wave) return;
      this.pictures.drawWave(this.$refs.wave);
      this.pictures.drawMel(this.$refs.mel);
    },
  },
};
