// A square whose corners are emotions: the place of the point is their mixture.
const STEP = 0.05;

export default {
  template: `
    <div class="square" ref="square" tabindex="0" role="group" :aria-label="label" @pointerdown="press"
      @pointermove="drag" @keydown="key">
      <span class="square-point" :class="{ used }" :style="{ left: 100 * at[0] + '%', top: 100 * at[1] + '%' }"></span>
    </div>`,
  props: {
    label: String,
    point: Array, // x and y, from 0 to 1
    used: Boolean, // whether the mixture is what is spoken
  },
  data: () => ({ held: null }),
  computed: {
    at() { return this.held ?? this.point; },
  },
  watch: {
    point() { this.held = null; },
  },
  methods: {
    place(event) {
      const box = this.$refs.square.getBoundingClientRect();
      const within = (value) => Math.round(100 * Math.min(1, Math.max(0, value))) / 100;
      return [within((event.clientX - box.left) / box.width), within((event.clientY - box.top) / box.height)];
    },
    press(event) {
      this.$refs.square.setPointerCapture(event.pointerId);
      this.move(this.place(event));
    },
    drag(event) {
      if (event.buttons) this.move(this.place(event));
    },
    key(event) {
      const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
      const by = moves[event.key];
      if (!by) return;
      event.preventDefault();
      this.move(this.at.map((value, axis) => Math.round(100 * Math.min(1, Math.max(0, value + by[axis]))) / 100));
    },
    move(place) {
      this.held = place;
      this.$emit("moved", { x: place[0], y: place[1] });
    },
  },
};
