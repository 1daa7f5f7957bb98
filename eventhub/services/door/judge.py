"""Says what each scan comes to, in the order sent."""

import uuid
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from eventhub.domain.door import effective_time, judge_arrival
from eventhub.domain.registration import AttendanceMode
from eventhub.domain.scan import VERDICT_MEANINGS, ScanKind, Verdict
from eventhub.domain.sent_scan import SentScan
from eventhub.domain.ticket import SignedTicket
from eventhub.queries.door import Door
from eventhub.services.door.book import Book, Fact
from eventhub.services.door.effects import Effects
from eventhub.services.door.walk_ins import take_walk_in


@dataclass(frozen=True, slots=True)
class _Named:
    """Whom a scan names: a registration of this event, or why it is none.

    Both None: it is well said but not known yet (or its row was lost).
    """

    registration_id: uuid.UUID | None = None
    refused: Verdict | None = None
    message: str = ""


@dataclass(slots=True)
class Judge:
    """Judges the scans of one call. `genuine` holds the tickets whose signature is right."""

    session: Session
    door: Door
    book: Book
    effects: Effects
    genuine: AbstractSet[SignedTicket]
    now: datetime

    def judge(self, scan: SentScan) -> Fact:
        """The scan with its verdict, in the book, with all that it brings about."""
        fact = Fact(
            scan_id=scan.scan_id,
            kind=scan.kind,
            verdict=Verdict.UNKNOWN,
            effective_at=effective_time(scan.scanned_at, scan.offset_ms, self.now),
            recorder=self.door.name,
            checkpoint_id=(
                scan.checkpoint_id if scan.checkpoint_id in self.door.checkpoints else None
            ),
            named=str(scan.registration_id) if scan.registration_id else None,
            undoes=scan.undoes,
            mode=scan.mode,
            shown=scan.shown,
            overridden=scan.overridden,
            is_test=scan.is_test,
            held=scan.kind is not None and self.door.revoked_at is not None,
        )
        match scan.kind:
            case ScanKind.UNDO:
                self._undo(scan, fact)
            case ScanKind.WALK_IN:
                self._walk_in(scan, fact)
            case ScanKind.ARRIVAL | ScanKind.EXCUSE:
                self._arrival_or_excuse(scan, fact)
            case None:
                pass
        if fact.held:
            fact.verdict, fact.message, fact.first_seen = Verdict.HELD, "", None
        fact.message = fact.message or VERDICT_MEANINGS[fact.verdict].sentence
        self.effects.add(fact)
        return fact

    def _undo(self, scan: SentScan, fact: Fact) -> None:
        """An undo is taken whether or not what it names has come."""
        target = self.book.facts.get(scan.undoes or "")
        fact.registration_id = target.registration_id if target else None
        fact.verdict = Verdict.RECORDED

    def _walk_in(self, scan: SentScan, fact: Fact) -> None:
        if fact.checkpoint_id is None:
            return
        fact.verdict = Verdict.RECORDED
        if fact.held or fact.is_test:
            return
        fact.registration_id, fact.message = take_walk_in(
            self.session, self.book, self.effects, scan
        )
        if fact.mode is None:
            fact.mode = self.book.standings[fact.registration_id].mode

    def _arrival_or_excuse(self, scan: SentScan, fact: Fact) -> None:
        is_arrival = scan.kind is ScanKind.ARRIVAL
        placeless = not is_arrival and "checkpoint" not in scan.sent
        if fact.checkpoint_id is None and not placeless:
            return
        named = self._named(scan)
        if named.refused is not None:
            fact.verdict, fact.message = named.refused, named.message
            fact.registration_id = named.registration_id
            return
        fact.registration_id = named.registration_id
        if not is_arrival:
            fact.verdict = Verdict.RECORDED
        elif named.registration_id is None or fact.checkpoint_id is None:
            fact.verdict = Verdict.ACCEPTED_UNSYNCED
        else:
            self._arrival(scan, fact, named.registration_id, fact.checkpoint_id)

    def _arrival(
        self, scan: SentScan, fact: Fact, registration_id: uuid.UUID, checkpoint_id: int
    ) -> None:
        standing = self.book.standings[registration_id]
        if fact.mode is None:
            fact.mode = AttendanceMode.ONSITE if scan.has_ticket_text else standing.mode
        earlier = [
            other
            for other in self.book.of_registration.get(registration_id, ())
            if other.checkpoint_id == checkpoint_id
            and not other.undone
            and other.arrives
            and (scan.is_test or not other.is_test)
        ]
        fact.verdict = judge_arrival(
            standing,
            self.door.checkpoints[checkpoint_id],
            fact.effective_at,
            arrived=bool(earlier),
        )
        if fact.verdict is Verdict.ALREADY_PRESENT:
            first = min(earlier, key=lambda other: (other.effective_at, other.scan_id))
            fact.first_seen = {"at": first.effective_at.isoformat(), "device": first.recorder}

    def _named(self, scan: SentScan) -> _Named:
        """Whom the scan names; a ticket goes before a registration's id."""
        if scan.has_ticket_text:
            return self._ticket_holder(scan)
        return self._registration(scan.registration_id)

    def _ticket_holder(self, scan: SentScan) -> _Named:
        ticket = scan.ticket
        if ticket is None:
            known = self.book.codes.get(scan.short_code or "")
            if known is None:
                return _Named(refused=Verdict.UNKNOWN)
        else:
            if ticket not in self.genuine:
                return _Named(refused=Verdict.FORGED)
            if ticket.event_number != self.door.event_id:
                return self._elsewhere(ticket.event_number)
            known = self.book.tickets.get(ticket.ticket_id)
            if known is None:
                return self._registration(scan.registration_id)
        if known.revoked:
            return _Named(known.registration_id, Verdict.REVOKED)
        return _Named(known.registration_id)

    def _registration(self, named: uuid.UUID | None) -> _Named:
        if named is None:
            return _Named()
        if named in self.book.elsewhere:
            return self._elsewhere(self.book.elsewhere[named])
        return _Named(self.book.canonical.get(named))

    def _elsewhere(self, event_id: int) -> _Named:
        title = self.book.titles.get(event_id)
        message = f"Ce billet est celui d’un autre évènement\u00a0: «\u00a0{title}\u00a0»."
        return _Named(refused=Verdict.OTHER_EVENT, message=message if title else "")
