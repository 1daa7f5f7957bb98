"""One measure, its floor and its target, as one line of JSON."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """A measured value; `floor` was measured in the same run, `ratio` is value ÷ floor.

    `target` is the least ratio where there is a floor, with `at_most` the greatest; without a
    floor it is the most that `value` may be.
    """

    measure: str
    value: float
    unit: str
    floor: float | None = None
    target: float | None = None
    at_most: bool = False

    @property
    def ratio(self) -> float | None:
        """Value over floor, or None without a floor."""
        return None if not self.floor else self.value / self.floor

    @property
    def holds(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        ratio = self.ratio
        if ratio is None:
            return self.value <= self.target
        return ratio <= self.target if self.at_most else ratio >= self.target

    def line(self) -> str:
        """The result as one line of JSON, without the fields that do not apply."""
        fields: dict[str, float | str | bool | None] = {
            "measure": self.measure,
            "value": round(self.value, 3),
            "unit": self.unit,
            "floor": None if self.floor is None else round(self.floor, 3),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "target": self.target,
            "holds": self.holds,
        }
        return json.dumps({name: value for name, value in fields.items() if value is not None})
