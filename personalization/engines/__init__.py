"""The engines, by name: all answer to one protocol."""

from typing import Final

from personalization.engines.base import Engine
from personalization.engines.inductive import InductiveEngine
from personalization.engines.lookalike import LookalikeEngine
from personalization.engines.predictive import PredictiveEngine
from personalization.engines.rules import RulesEngine

ENGINES: Final[dict[str, Engine]] = {
    engine.name: engine for engine in (RulesEngine(), PredictiveEngine(), LookalikeEngine(), InductiveEngine())
}
