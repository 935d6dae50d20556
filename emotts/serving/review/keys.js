// Keys that act on the whole page; what is typed into a field stays there.
const COMPOSED_MS = 50; // the field has what an input method composed by then

export default {
  template: "<span hidden></span>",
  props: { table: Array },
  mounted() {
    this.listen = (event) => {
      const inText = event.target.matches?.("textarea, input:not([type=range]), [contenteditable=true]");
      const composing = event.isComposing;
      if (event.altKey || (composing && !event.ctrlKey && !event.metaKey)) return; // the input method's own keys
      if (inText && event.code === "Enter" && !event.ctrlKey && !event.metaKey) {
        event.preventDefault(); // a text is one line
        return event.target.blur();
      }
      const key = this.table.find(
        (each) =>
          each.code === event.code &&
          each.shift === event.shiftKey &&
          each.ctrl === (event.ctrlKey || event.metaKey) &&
          (each.in_text || !inText),
      );
      if (!key) return;
      event.preventDefault();
      if (event.repeat && !key.repeats) return; // a key that is held decides on one piece only
      if (document.activeElement !== document.body) document.activeElement.blur(); // the next key is for the page
      if (key.action === "leave") return;
      const act = () => this.$emit("act", { action: key.action });
      composing ? setTimeout(act, COMPOSED_MS) : act(); // leaving the field ends the syllable that is composed
    };
    document.addEventListener("keydown", this.listen, true);
  },
  unmounted() {
    document.removeEventListener("keydown", this.listen, true);
  },
};
