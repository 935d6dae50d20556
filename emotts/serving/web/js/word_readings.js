// The words of a text, each with how it is read.
export default {
  template: `
    <div class="readings">
      <span v-for="(each, place) in read" :key="place" class="readings-word" :class="each.kind" :title="each.phones">
        <span class="readings-written">{{ each.word }}</span>
        <span class="readings-read">{{ each.reading || "–" }}</span>
      </span>
    </div>`,
  props: {
    read: Array, // {word, reading, phones, kind: lexicon, front-end, left-out or silent}
  },
};
