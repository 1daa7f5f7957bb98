// A scanner that types like a keyboard (a « keyboard wedge »), and codes typed by hand, with no
// field focused. Pure: it is given keys with their times and says what they come to.

import { readShortCode, readTicket } from "./ticket.js";

// A scanner sends a key every few milliseconds; nobody types so fast.
const BURST_GAP_MS = 80;
// By hand, outside a field, a code may take its time.
const IDLE_MS = 5000;
const LEAST = 4;

// What the keys of a US keyboard say. A scanner set to it, on a machine set to another layout
// (AZERTY), gives wrong characters but right places.
const US = { Space: "  ", Minus: "-_", Equal: "=+", Period: ".>", Slash: "/?", Semicolon: ";:" };
"0)1!2@3#4$5%6^7&8*9(".match(/../g).forEach(([plain, shifted]) => {
  US[`Digit${plain}`] = plain + shifted;
});
[..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].forEach((letter) => {
  US[`Key${letter}`] = letter.toLowerCase() + letter;
});

export class Wedge {
  #typed = "";
  #placed = "";
  #last = -Infinity;
  #burst = true;

  /** What has been typed so far. */
  get text() {
    return this.#typed;
  }

  /**
   * Take one key: {key, code, shift, time in ms, editing: whether a field has the focus}.
   * Answers {take: whether the page must keep the key from doing anything else, text: what was
   * scanned or typed once it is complete}.
   */
  press({ key, code = "", shift = false, time, editing = false }) {
    const gap = time - this.#last;
    if (gap > (editing ? BURST_GAP_MS : IDLE_MS)) this.clear();
    if (key === "Enter" || key === "Tab") return this.#finish(key, gap, editing);
    if (key === "Escape") this.clear();
    if (key === "Backspace" && !editing) this.#drop();
    if (key.length !== 1) return { take: false };
    const started = this.#typed !== "";
    if (started && gap > BURST_GAP_MS) this.#burst = false;
    this.#last = time;
    this.#typed += key;
    this.#placed += (US[code] ?? key.repeat(2))[shift ? 1 : 0];
    // A space presses the button that has the focus, except in the middle of a scan.
    return { take: !editing && (key !== " " || (started && gap <= BURST_GAP_MS)) };
  }

  /** Forget what was typed. */
  clear() {
    this.#typed = this.#placed = "";
    this.#burst = true;
  }

  #drop() {
    this.#typed = this.#typed.slice(0, -1);
    this.#placed = this.#placed.slice(0, -1);
  }

  #finish(key, gap, editing) {
    const text = this.#read();
    const isScan = this.#burst && gap <= BURST_GAP_MS && text !== null;
    const isTyped = !editing && key === "Enter" && this.#typed.trim().length >= LEAST;
    const result = text ?? this.#typed;
    if (!isScan && !isTyped) return { take: false };
    this.clear();
    return { take: true, text: result };
  }

  /** The ticket or the short code that the keys make, by what they say or by where they are. */
  #read() {
    for (const read of [readTicket, readShortCode]) {
      for (const text of [this.#typed, this.#placed]) {
        if (read(text) !== null) return text;
      }
    }
    return null;
  }
}
