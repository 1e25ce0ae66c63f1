"""Frames in, a verdict out. Nothing here knows a server."""

import os

# ONNX Runtime reports its use to its maker's servers unless told otherwise before it is loaded. Nothing leaves this machine.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
