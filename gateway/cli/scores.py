"""How often are the topic packs right? Counts, and the three usual figures made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Count:
    """Right, wrongly given and missed, of one label."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, *, given: bool, true: bool) -> None:
        """Count one message."""
        self.right += given and true
        self.wrong += given and not true
        self.missed += true and not given

    @property
    def precision(self) -> float | None:
        """The share of those given that were right; None where none was given."""
        given = self.right + self.wrong
        return self.right / given if given else None

    @property
    def recall(self) -> float | None:
        """The share of the true ones that were given; None where there was none."""
        true = self.right + self.missed
        return self.right / true if true else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None without a case of either kind."""
        cases = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / cases if cases else None


@dataclass(slots=True)
class Scores:
    """One `Count` a label, in the order the labels were first counted."""

    counts: dict[str, Count] = field(default_factory=dict)

    def add(self, label: str, *, given: bool, true: bool) -> None:
        """Count one message under `label`."""
        self.counts.setdefault(label, Count()).add(given=given, true=true)

    def add_set(self, labels: Iterable[str], given: frozenset[str], true: frozenset[str]) -> None:
        """Count one message under each of `labels`."""
        for label in labels:
            self.add(label, given=label in given, true=label in true)

    def as_table(self) -> str:
        """Return the figures as lines for a person."""
        lines = [
            f"{'':14}{'precision':>10}{'recall':>8}{'F1':>7}{'right':>7}{'wrong':>7}{'missed':>8}"
        ]
        for label, count in self.counts.items():
            lines.append(
                f"{label:14}{_shown(count.precision):>10}{_shown(count.recall):>8}"
                f"{_shown(count.f1):>7}"
                f"{count.right:7}{count.wrong:7}{count.missed:8}"
            )
        return "\n".join(lines)

    def as_values(self) -> dict[str, dict[str, float | None]]:
        """Return the figures for a program; null where there was no case."""
        return {
            label: {
                "precision": _rounded(count.precision),
                "recall": _rounded(count.recall),
                "f1": _rounded(count.f1),
                "right": count.right,
                "wrong": count.wrong,
                "missed": count.missed,
            }
            for label, count in self.counts.items()
        }


def _shown(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
