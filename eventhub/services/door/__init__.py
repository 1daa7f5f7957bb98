"""Records what happens at the door: scans are facts, presences are derived from them."""

from eventhub.services.door.record import ScanAnswer, ScanAnswers, record_scans

__all__ = ["ScanAnswer", "ScanAnswers", "record_scans"]
