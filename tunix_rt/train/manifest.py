"""The training manifest of earlier clients: what `POST /api/tunix/run` would do, as YAML."""

from tunix_rt.train.schema import TrainConfig

VERSION = "1.0"


def render(config: TrainConfig, model_id: str) -> str:
    """A run's config as YAML: read back, `training` and `recipe` say the same as the run's."""
    import yaml

    recipe = config.recipe.model_dump(mode="json")
    request = config.request or {}
    content = {
        "version": VERSION,
        "runner": "tunix",
        "mode": "sft",
        "model": {"model_id": model_id},
        "dataset": {
            "key": config.dataset_key,
            "format": "tunix_sft",
            "path": f"/api/datasets/{config.dataset_key}/export.jsonl?format=tunix_sft",
        },
        "training": request.get("hyperparameters", {}),
        "output": {"output_dir": config.output_dir},
        "recipe": recipe,
    }
    text: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
    return text
