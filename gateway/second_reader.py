"""Where does the second reader come from? A file of weights beside the messages it was made of."""

from __future__ import annotations

import functools
import gzip
import json
from collections.abc import Iterable
from importlib import resources
from typing import Any

from rules.second_reader import Model, Read, Topic

MODEL_FILE = "model.json.gz"


@functools.cache
def load_second_reader() -> Model:
    """Return the model that ships with this release. Read once: it is never changed."""
    packed = (resources.files("rules") / "examples" / MODEL_FILE).read_bytes()
    return model_of(json.loads(gzip.decompress(packed)))


def model_of(value: dict[str, Any]) -> Model:
    """Return the model written as `value`; see `as_values`."""
    return Model(
        tuple(Topic(**topic) for topic in value["topics"]),
        {
            feature: (rarity, tuple((index, weight) for index, weight in pairs))
            for feature, (rarity, pairs) in value["weights"].items()
        },
        tuple(Read(one["topic"], one["text"], frozenset(one["features"])) for one in value["read"]),
    )


def as_values(model: Model) -> dict[str, Any]:
    """Return the model as values to be written as JSON."""
    return {
        "topics": [
            {
                "name": topic.name,
                "bias": topic.bias,
                "decided": topic.decided,
                "doubtful": topic.doubtful,
            }
            for topic in model.topics
        ],
        "weights": {feature: model.weights[feature] for feature in sorted(model.weights)},
        "read": [_read(one.topic, one.text, one.features) for one in model.read],
    }


def _read(topic: str, text: str, features: Iterable[str]) -> dict[str, Any]:
    return {"topic": topic, "text": text, "features": sorted(features)}
