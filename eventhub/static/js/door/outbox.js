// Scans on their way to the server: kept until the server has answered for that very id.
// In memory only: the page says so and asks before it is closed.

export const BATCH = 500;
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 30000;

export class Outbox {
  #waiting = [];
  #listeners = new Map();
  #sending = null;
  #failures = 0;
  #post;
  #onAnswer;

  /**
   * `post(scans, pending)` sends scans and resolves to the answer of POST /api/v1/door/scans, or
   * rejects; `onAnswer(scan, verdict)` is told each verdict.
   */
  constructor(post, onAnswer) {
    this.#post = post;
    this.#onAnswer = onAnswer;
  }

  /** How many scans wait for their answer. */
  get size() {
    return this.#waiting.length;
  }

  /** How long to wait before the next try, in ms. */
  get wait() {
    return Math.min(FIRST_WAIT_MS * 2 ** Math.max(0, this.#failures - 1), LONGEST_WAIT_MS);
  }

  /** Keep a scan, and send what waits. Resolves to its verdict; rejects where it still waits. */
  async add(scan) {
    this.#waiting.push(scan);
    let verdict = null;
    this.#listeners.set(scan.id, (what) => {
      verdict = what;
    });
    try {
      await this.flush();
      if (verdict === null) await this.flush(); // the first one was on its way without this scan
    } finally {
      this.#listeners.delete(scan.id);
    }
    if (verdict === null) throw new Error("the server has not answered for this scan");
    return verdict;
  }

  /** Send what waits, one call at a time. Rejects where the server could not be reached. */
  flush() {
    this.#sending ??= this.#flush().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #flush() {
    if (this.#waiting.length === 0) return;
    const batch = this.#waiting.slice(0, BATCH);
    try {
      const answer = await this.#post(batch, this.#waiting.length - batch.length);
      this.#failures = 0;
      this.#settle(batch, answer.verdicts);
    } catch (error) {
      this.#failures += 1;
      throw error;
    }
  }

  #settle(batch, verdicts) {
    const answered = new Map(verdicts.map((verdict) => [verdict.id, verdict]));
    this.#waiting = this.#waiting.filter((scan) => !answered.has(scan.id));
    for (const scan of batch) {
      const verdict = answered.get(scan.id);
      if (verdict === undefined) continue;
      this.#listeners.get(scan.id)?.(verdict);
      this.#onAnswer(scan, verdict);
    }
  }
}
