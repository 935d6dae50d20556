// One text spoken in several ways, side by side; blind if wanted: names are hidden until one is voted for.
import { Pictures } from "emotts-web/pictures.js";
import { Playback, speak } from "emotts-web/sound.js";

const AT_ONCE = 2, VOTES = "emotts-votes";

export default {
  template: `
    <section class="comparison" :data-state="state" :data-played="played.join(' ')">
      <div v-if="cards.length" class="comparison-bar">
        <q-btn class="comparison-all" flat no-caps icon="playlist_play" :label="words.play_all" :disable="state !== 'ready'"
          @click="playFrom(0)" />
        <span v-if="hidden" class="web-note">{{ words.vote_help }}</span>
        <span v-else-if="tally" class="comparison-tally">{{ words.votes }}: {{ tally }}</span>
      </div>
      <div class="comparison-cards">
        <div v-for="(card, place) in cards" :key="place" class="web-card comparison-card" :data-state="card.state"
          :class="{ playing: playing === place, voted: voted === place }">
          <div class="comparison-head">
            <span class="comparison-name">{{ hidden ? letter(place) : card.name }}</span>
            <span v-if="card.lengthS && !hidden" class="web-note">{{ card.lengthS.toFixed(2) }} s</span>
          </div>
          <div class="web-failure" v-if="card.failure" role="alert">{{ card.failure }}</div>
          <div v-show="card.state === 'ready' && !hidden" class="comparison-pictures">
            <canvas class="comparison-wave" :ref="(canvas) => (waves[place] = canvas)"></canvas>
            <canvas class="comparison-mel" :ref="(canvas) => (mels[place] = canvas)"></canvas>
          </div>
          <div class="comparison-buttons">
            <q-btn class="comparison-play" round unelevated color="primary" :icon="playing === place ? 'stop' : 'play_arrow'"
              :loading="card.state === 'waiting'" :disable="card.state !== 'ready'" :aria-label="words.play"
              @click="playing === place ? stop() : play(place)" />
            <q-btn v-if="hidden" class="comparison-vote" outline no-caps color="primary" :label="words.vote"
              :disable="state !== 'ready'" @click="vote(place)" />
          </div>
        </div>
      </div>
    </section>`,
  props: { words: Object },
  data: () => ({ cards: [], state: "idle", blind: false, voted: null, playing: null, played: [], tally: "" }),
  computed: {
    hidden() { return this.blind && this.voted === null; },
  },
  created() {
    this.waves = {};
    this.mels = {};
  },
  mounted() {
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.$el);
  },
  unmounted() {
    this.resized.disconnect();
    this.stop();
    this.working?.abort();
  },
  methods: {
    // Speaks all entries: {name, body}; blind: in any order, with letters for names.
    async start(entries, blind) {
      this.stop();
      this.working?.abort();
      const working = (this.working = new AbortController());
      this.sounds = [];
      const order = blind ? shuffled(entries) : entries;
      this.cards = order.map((entry) => ({ ...entry, state: "waiting", failure: "", lengthS: 0 }));
      Object.assign(this, { state: "speaking", blind, voted: null, played: [], tally: "" });
      const places = this.cards.keys(), work = async () => {
        for (const place of places) await this.make(place, working);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      if (this.working === working) this.state = "ready";
    },
    async make(place, working) {
      const card = this.cards[place];
      try {
        const { samples, rate } = await speak(JSON.parse(JSON.stringify(card.body)), { signal: working.signal });
        if (this.working !== working) return;
        const pictures = new Pictures(rate);
        pictures.add(samples);
        pictures.end();
        this.sounds[place] = { samples, rate, pictures };
        Object.assign(card, { lengthS: samples.length / rate, state: "ready" });
        await this.$nextTick();
        this.draw();
      } catch (error) {
        if (this.working !== working) return;
        Object.assign(card, { state: "failed", failure: error instanceof TypeError ? this.words.broken : error.message });
      }
    },
    letter(place) { return String.fromCharCode(65 + place); },
    // Plays one; onEnd is called when it was heard to its end.
    play(place, onEnd) {
      this.stop();
      const { samples, rate } = this.sounds[place];
      const playback = (this.playback = new Playback(rate, () => {
        if (this.playback !== playback) return;
        this.playback = this.playing = null;
        onEnd?.();
      }));
      this.playing = place;
      this.played.push(place);
      playback.push(samples, 0);
      playback.end();
    },
    playFrom(place) {
      const next = this.cards.findIndex((card, number) => number >= place && card.state === "ready");
      if (next >= 0) this.play(next, () => this.playFrom(next + 1));
    },
    stop() {
      const playback = this.playback;
      this.playback = this.playing = null;
      playback?.stop();
    },
    vote(place) {
      this.voted = place;
      const known = JSON.parse(sessionStorage.getItem(VOTES) ?? "{}"), name = this.cards[place].name;
      known[name] = (known[name] ?? 0) + 1;
      sessionStorage.setItem(VOTES, JSON.stringify(known));
      const names = this.cards.map((card) => card.name).filter((each) => known[each]);
      this.tally = names.sort((a, b) => known[b] - known[a]).map((each) => `${each} ${known[each]}`).join(" · ");
      this.$nextTick(() => this.draw());
    },
    draw() {
      this.sounds?.forEach(({ pictures }, place) => {
        if (!this.waves[place]?.clientWidth) return;
        pictures.drawWave(this.waves[place]);
        pictures.drawMel(this.mels[place]);
      });
    },
  },
};

function shuffled(entries) {
  const left = [...entries];
  for (let i = left.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [left[i], left[j]] = [left[j], left[i]];
  }
  return left;
}
