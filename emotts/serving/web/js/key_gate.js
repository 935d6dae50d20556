// Asks for the key of the server, where it wants one; a tab is asked once.
import { keepKey, keptKey } from "emotts-web/sound.js";

export default {
  template: `
    <form class="web-card gate" v-if="asks" @submit.prevent="give">
      <label>{{ words.key }} <input type="password" class="gate-key" v-model="key" autocomplete="current-password"></label>
      <q-btn type="submit" unelevated no-caps color="primary" :label="words.enter" />
      <div class="web-failure" v-if="wrong" role="alert">{{ words.wrong_key }}</div>
    </form>`,
  props: {
    words: Object,
    refused: Number, // keys that were wrong
  },
  data: () => ({ key: "", asks: false, tried: false }),
  computed: {
    wrong() { return this.refused > 0 && this.tried; },
  },
  watch: {
    refused() {
      keepKey("");
      this.asks = true;
    },
  },
  mounted() {
    this.key = keptKey();
    this.key ? this.$emit("given", { key: this.key }) : (this.asks = true);
  },
  methods: {
    give() {
      this.tried = true;
      keepKey(this.key);
      this.$emit("given", { key: this.key });
    },
  },
};
