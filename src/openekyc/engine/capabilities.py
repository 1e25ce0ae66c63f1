"""What the codecs of this installation can do, for `openekyc doctor`."""

DECODERS = ("vp8", "vp9", "h264")


def decoders() -> dict[str, bool]:
    """Whether each needed video decoder is there."""
    from av.codec import codecs_available

    return {name: name in codecs_available for name in DECODERS}


def network_runtimes() -> dict[str, str]:
    """Version of each library that runs networks. Raises ImportError if one cannot be loaded."""
    from importlib.metadata import version

    import ai_edge_litert.interpreter
    import cv2
    import onnxruntime

    loaded = (ai_edge_litert.interpreter, cv2, onnxruntime)
    names = ("ai-edge-litert", "opencv-python-headless", "onnxruntime")
    return {name: version(name) for name, _ in zip(names, loaded, strict=True)}
