// The door's copy of the event: registrations by id, kept up to date by what the server sends.

/** An empty copy. */
export function emptyCopy() {
  return { cursor: "", event: null, checkpoints: [], registrations: new Map(), at: null };
}

/** The copy after an answer of GET /api/v1/door/snapshot, whole or partial. */
export function applied(copy, snapshot) {
  const registrations = snapshot.full ? new Map() : new Map(copy.registrations);
  for (const registration of snapshot.registrations) {
    registrations.set(registration.id, registration);
  }
  for (const id of snapshot.removed) registrations.delete(id);
  return {
    cursor: snapshot.cursor,
    event: snapshot.event,
    checkpoints: snapshot.checkpoints,
    registrations,
    at: snapshot.server_time,
  };
}

/** Whether someone is expected here: confirmed or invited, and for this checkpoint. */
export function isExpected(registration, checkpoint) {
  return (
    (registration.state === "confirmed" || registration.state === "invited") &&
    registration.checkpoints.includes(checkpoint)
  );
}

/**
 * What is counted: `present` people anywhere, `here` at this checkpoint, `expected` here and not
 * here yet, `registered` people who are confirmed or invited.
 */
export function counts(copy, checkpoint) {
  const found = { present: 0, here: 0, expected: 0, registered: 0 };
  for (const registration of copy.registrations.values()) {
    const isHere = checkpoint in registration.present;
    if (Object.keys(registration.present).length > 0) found.present += 1;
    if (isHere) found.here += 1;
    else if (isExpected(registration, checkpoint)) found.expected += 1;
    if (registration.state === "confirmed" || registration.state === "invited") {
      found.registered += 1;
    }
  }
  return found;
}
