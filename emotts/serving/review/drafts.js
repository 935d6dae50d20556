// Keeps the text that is being typed in the browser until the server has it on the disk.
export default {
  template: "<span hidden></span>",
  props: {
    field: String, // selector of the text field
    piece: String, // the piece that it shows
    store: String, // what the texts are kept for
  },
  computed: {
    prefix() { return `emotts-draft:${this.store}:`; },
  },
  mounted() {
    this.keep = (event) => {
      if (event.target.matches?.(this.field)) localStorage.setItem(this.prefix + this.piece, event.target.value);
    };
    document.addEventListener("input", this.keep, true);
    const found = Object.keys(localStorage).filter((name) => name.startsWith(this.prefix));
    if (found.length) {
      const texts = found.map((name) => ({ piece: name.slice(this.prefix.length), text: localStorage.getItem(name) }));
      this.$emit("found", { texts });
    }
  },
  unmounted() {
    document.removeEventListener("input", this.keep, true);
  },
  methods: {
    saved(piece, text) {
      const kept = localStorage.getItem(this.prefix + piece);
      if (kept !== null && kept.split(/\s+/).join(" ").trim() === text) localStorage.removeItem(this.prefix + piece);
    },
    forget(piece) {
      localStorage.removeItem(this.prefix + piece);
    },
  },
};
