"""The networks, loaded from a folder of weight files whose hashes were checked first.

`Models` is the engine's only mutable cache: each network is built when it is first used and then kept. Everything runs on one
thread, because a machine serves several verifications at once and one thread each is the cheapest way to do so. Not safe to share
between threads; a worker process owns one.
"""

import zipfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
import onnxruntime
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as faults

from openekyc.engine import lock, protobuf
from openekyc.engine.activations import without_prelu
from openekyc.engine.face.canonical import CanonicalFace
from openekyc.engine.quiet import without_info_lines
from openekyc.errors import ModelError

if TYPE_CHECKING:
    from openekyc.engine.documents.recognise import Reader

Array = NDArray[np.float32]

ONNX_FAULTS = (
    faults.Fail,
    faults.InvalidArgument,
    faults.InvalidGraph,
    faults.InvalidProtobuf,
    faults.NoModel,
    faults.NotImplemented,
    faults.RuntimeException,
    RuntimeError,
    ValueError,
)
"""What ONNX Runtime raises about a file that is no network, or not one for this input."""

_TASK_LANDMARKS = "face_landmarks_detector.tflite"
_TASK_BLENDSHAPES = "face_blendshapes.tflite"
_TASK_GEOMETRY = "geometry_pipeline_metadata_landmarks.binarypb"


class OnnxNetwork:
    """One input, one output, on ONNX Runtime. `varying`: the input comes in many sizes."""

    def __init__(self, model: bytes, *, varying: bool = False) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Constants are dequantised once at load: SFace takes 22 ms a face instead of 34, its output moves by 2e-6.
        options.add_session_config_entry("session.disable_quant_qdq", "1")
        if varying:  # inputs of many sizes: an arena would keep memory for each of them
            options.enable_cpu_mem_arena = options.enable_mem_pattern = False
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def __call__(self, batch: Array) -> Array:
        output: Array = self._session.run(None, {self._input: batch})[0]
        return output


class Passive(NamedTuple):
    """A passive network: the cue it speaks for, and how it is fed and read."""

    cue: str
    network: OnnxNetwork
    input: lock.NetworkInput


class LiteNetwork:
    """One input, several outputs in the file's order, on LiteRT with XNNPACK."""

    def __init__(self, model: bytes) -> None:
        with without_info_lines():
            self._interpreter = Interpreter(model_content=model, num_threads=1)
            self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs: Sequence[int] = [item["index"] for item in self._interpreter.get_output_details()]

    def __call__(self, batch: Array) -> tuple[Array, ...]:
        self._interpreter.set_tensor(self._input, batch)
        self._interpreter.invoke()
        return tuple(self._interpreter.get_tensor(index) for index in self._outputs)


class Models:
    """The weights in `folder`, and the passive network that the description `own` names. Raises ModelError (with its remedy) unless every
    file is there, byte for byte, and the own network takes and gives what it should."""

    def __init__(self, folder: Path, own: Path | None = None) -> None:
        self.folder = folder
        self.files = lock.files(lock.Weights(folder, own))
        self._own = None if own is None else self._load_own(own)  # at once: one that does not fit must stop the start
        cv2.setNumThreads(1)
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # hostile pictures must not fill the log

    @cached_property
    def face_detector(self) -> Any:
        """YuNet as `cv2.FaceDetectorYN`; the caller sets its input size and thresholds."""
        no_config = np.empty(0, np.uint8)
        return cv2.FaceDetectorYN.create("onnx", np.frombuffer(self._read("face_detector"), np.uint8), no_config, (320, 320))

    @cached_property
    def face_recognizer(self) -> OnnxNetwork:
        """SFace: (n, 3, 112, 112) float32 RGB 0..255, aligned faces -> (n, 128) embeddings, not normalised."""
        return OnnxNetwork(without_prelu(without_surplus_inputs(self._read("face_recognizer"))))

    @cached_property
    def silent(self) -> tuple[Passive, ...]:
        """The networks of the cue `silent` and, if the operator has one, `silent_own`."""
        packaged = Passive("silent", OnnxNetwork(self._read("silent_liveness")), self._input("silent_liveness"))
        return (packaged,) if self._own is None else (packaged, self._own)

    @cached_property
    def face_landmarks(self) -> LiteNetwork:
        """(1, 256, 256, 3) float32 RGB 0..1 -> 478 points, face presence (before the sigmoid), and a third output nobody documents."""
        return LiteNetwork(self._task_part(_TASK_LANDMARKS))

    @cached_property
    def face_blendshapes(self) -> LiteNetwork:
        """(1, 146, 2) float32 pixels -> (52,) blendshapes 0..1."""
        return LiteNetwork(self._task_part(_TASK_BLENDSHAPES))

    @cached_property
    def canonical_face(self) -> CanonicalFace:
        """The average face in centimetres that head poses refer to."""
        return CanonicalFace.parse(self._task_part(_TASK_GEOMETRY))

    @cached_property
    def text_detector(self) -> OnnxNetwork:
        """PP-OCRv6 tiny: (1, 3, h, w) float32 **BGR**, normalised, sides in multiples of 32 -> (1, 1, h, w) probability of text."""
        return OnnxNetwork(self._read("text_detector"), varying=True)

    @cached_property
    def text_reader(self) -> "Reader":
        """PP-OCRv6 tiny: Latin and 6,174 Han signs."""
        return _reader(OnnxNetwork(self._read("text_reader"), varying=True), self._read("text_symbols"))

    @cached_property
    def text_reader_large(self) -> "Reader":
        """PP-OCRv6 small: Latin, 15,565 Han signs and kana, at five times the cost."""
        return _reader(OnnxNetwork(self._read("text_reader_large"), varying=True), self._read("text_symbols_large"))

    def forget_finders(self) -> None:
        """Let go of the networks that find faces; they are built again when they are asked for."""
        for name in ("face_detector", "face_landmarks", "face_blendshapes"):
            vars(self).pop(name, None)

    def warm_up(self) -> None:
        """Build every network now, so that the first verification is as quick as the others."""
        for name, attribute in vars(type(self)).items():
            if isinstance(attribute, cached_property):
                getattr(self, name)

    def _load_own(self, description: Path) -> Passive:
        item, place = self.files[lock.OWN], self._input(lock.OWN)
        path = description.parent / item.file
        try:
            network = OnnxNetwork(path.read_bytes())
            scores = network(np.zeros((1, 3, place.height, place.width), np.float32))
        except ONNX_FAULTS as error:
            raise ModelError(f"The network {path} does not run: {str(error).splitlines()[0]}.", lock.OWN_REMEDY) from None
        if scores.ndim != 2 or scores.shape[0] != 1 or not place.live_class < scores.shape[1] or not np.isfinite(scores).all():
            raise ModelError(
                f"The network {path} answers {scores.shape}, not (1, classes) with the class {place.live_class}.", lock.OWN_REMEDY
            )
        return Passive(lock.OWN, network, place)

    def _input(self, name: str) -> lock.NetworkInput:
        found = self.files[name].input
        if found is None:
            raise ModelError(f"The lock file does not say how {name} is fed.", lock.REMEDY)
        return found

    def _read(self, name: str) -> bytes:
        return (self.folder / self.files[name].file).read_bytes()

    def _task_part(self, part: str) -> bytes:
        with zipfile.ZipFile(self.folder / self.files["face_landmarker"].file) as task:
            return task.read(part)


def _reader(network: OnnxNetwork, symbols: bytes) -> "Reader":
    from openekyc.engine.documents.recognise import Reader  # comparing faces needs nothing of documents

    return Reader(network, symbols)


def without_surplus_inputs(model: bytes) -> bytes:
    """An ONNX model whose graph asks only for inputs that it uses and does not hold itself.

    SFace's int8 file lists its weights as graph inputs too, the unquantised ones among them although no node reads them, which
    makes ONNX Runtime demand them and keeps constants from being folded. Field numbers: onnx.proto (ModelProto.graph = 7,
    GraphProto.node = 1, initializer = 5, input = 11; NodeProto.input = 1; TensorProto.name = 8; ValueInfoProto.name = 1).
    """
    graph = next(protobuf.children(model, 7))
    held = {name for tensor in protobuf.children(graph, 5) for name in protobuf.children(tensor, 8)}
    read = {name for node in protobuf.children(graph, 1) for name in protobuf.children(node, 1)}
    trimmed = b"".join(field.raw for field in protobuf.fields(graph) if field.number != 11 or _name(field.value) in read - held)
    return b"".join(protobuf.embed(7, trimmed) if field.number == 7 else field.raw for field in protobuf.fields(model))


def _name(value_info: int | bytes) -> bytes:
    return next(protobuf.children(value_info, 1)) if isinstance(value_info, bytes) else b""
