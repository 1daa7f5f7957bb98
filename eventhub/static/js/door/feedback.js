// A verdict is heard and felt, not only seen: one high note, two, or a low one.

const NOTES = {
  green: [[880, 0, 0.12]],
  amber: [
    [660, 0, 0.12],
    [660, 0.18, 0.12],
  ],
  red: [[196, 0, 0.45]],
};
const BUZZES = { green: [60], amber: [80, 70, 80], red: [350] };
const VOLUME = 0.25;

let audio = null;

/** Let sound be played: browsers allow it from the first key or tap on. */
export function unlockSound() {
  audio ??= "AudioContext" in window ? new AudioContext() : null;
  if (audio?.state === "suspended") audio.resume().catch(() => {});
}

/** Sound and vibration of a colour. */
export function feedback(colour) {
  navigator.vibrate?.(BUZZES[colour] ?? []);
  if (audio?.state !== "running") return;
  for (const [pitch, start, length] of NOTES[colour] ?? []) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.value = VOLUME;
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + start);
    tone.stop(audio.currentTime + start + length);
  }
}
