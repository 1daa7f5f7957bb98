// Calls to the server, with the device's token.

const TIMEOUT_MS = 8000;

/** The server answered and said no: `code` is its problem document's. */
export class Refused extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

async function call(url, token, options = {}) {
  const response = await fetch(url, {
    ...options,
    cache: "no-store",
    credentials: "omit",
    headers: { Authorization: `Bearer ${token}`, ...options.headers },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.ok) return response.json();
  const problem = await response.json().catch(() => ({}));
  throw new Refused(response.status, problem.code ?? "", problem.detail ?? "");
}

/** The copy: whole, or what changed since `cursor`; tells how many scans are still to send. */
export function readCopy({ snapshot, token }, cursor, pending) {
  const query = new URLSearchParams({ cursor, pending: String(pending) });
  return call(`${snapshot}?${query}`, token);
}

/** Send scans; resolves to the server's answer. */
export function sendScans({ scans: url, token }, scans, pending) {
  return call(url, token, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ sent_at: new Date().toISOString(), scans, pending }),
  });
}
