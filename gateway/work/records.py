"""How a decision is written in the journal, so that `why` can tell it whole, years later."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from rules.effects import CarryOut, Decision, Effect
from rules.line_effects import RefuseHours, RefusePeople
from rules.topics import Understanding

MOST_EVIDENCE = 20


def record_of(decision: Decision) -> dict[str, Any]:
    """Return the decision as JSON values. Words of the message that decided are part of it."""
    return {
        "ending": str(decision.ending),
        "labels": list(decision.labels),
        "reasons": [
            {
                "rule": reason.rule,
                "clause": reason.clause,
                "words": list(reason.words),
                "facts": reason.facts,
            }
            for reason in decision.reasons
        ],
        "effects": [effect_record(effect) for effect in decision.effects],
    }


def understanding_record(understanding: Understanding) -> dict[str, Any]:
    """Return what was found in the text, beside the labels that the decision names."""
    return {
        "perhaps": sorted(understanding.perhaps),
        "evidence": [
            {"label": one.label, "words": one.text, "rule": one.rule}
            for one in understanding.evidence[:MOST_EVIDENCE]
        ],
    }


def effect_record(effect: Effect) -> dict[str, Any]:
    """Return one effect by its name and its fields."""
    values = {field.name: _plain(getattr(effect, field.name)) for field in fields(effect)}
    if isinstance(effect, RefuseHours | RefusePeople):
        values["why"] = effect.recorded
    if isinstance(effect, RefusePeople):
        values["choices"] = len(effect.choices)  # names of others
    if isinstance(effect, CarryOut):
        values.pop("why")  # stands where few may look: with the approval, or the removal
    return {"effect": type(effect).__name__, **values}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value if isinstance(value, int | bool | None) else str(value)
