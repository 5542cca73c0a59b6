"""The environment: reset and step."""

from typing import Any


class GameEnv:
    def __init__(self, spec: Any) -> None:
        self.spec = spec
        self.state: Any = None

    def reset(self, seed: int | None = None) -> Any:
        self.state = self.spec.initial_state(seed)
        return self.state

    def step(self, move: Any) -> tuple[Any, tuple[float, ...], bool, dict[str, Any]]:
        self.state = self.state.apply_move(move)
        done = self.state.is_terminal()
        return self.state, self.state.returns() if done else (), done, {}
