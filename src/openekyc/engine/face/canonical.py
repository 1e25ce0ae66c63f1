"""The canonical face: the average head in centimetres that MediaPipe's landmarks and head poses refer to.

Axes: x to the right of the picture (the person's left), y upwards, z out of the face towards the camera. The geometry comes inside
the landmark task file. Source: MediaPipe, `geometry_pipeline_metadata.proto` and `mesh_3d.proto`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openekyc.engine import protobuf

_FLOATS_PER_VERTEX = 5  # x, y, z, u, v


@dataclass(frozen=True, slots=True)
class CanonicalFace:
    """`vertices` (468, 3) float64 in centimetres; `uv` (468, 2) texture coordinates, v downwards; `triangles` (898, 3) vertex indices;
    `basis` (n,) indices of the vertices that pose estimation rests on and `weights` (n,) how much each counts."""

    vertices: NDArray[np.float64]
    uv: NDArray[np.float64]
    triangles: NDArray[np.int32]
    basis: NDArray[np.intp]
    weights: NDArray[np.float64]

    @classmethod
    def parse(cls, metadata: bytes) -> "CanonicalFace":
        """Read GeometryPipelineMetadata: canonical_mesh = 1 {vertex_buffer = 3, index_buffer = 4}, procrustes_landmark_basis = 2
        {landmark_id = 1, weight = 2}."""
        mesh = next(protobuf.children(metadata, 1))
        table = np.array(protobuf.floats(mesh, 3)).reshape(-1, _FLOATS_PER_VERTEX)
        references = list(protobuf.children(metadata, 2))
        return cls(
            vertices=table[:, :3],
            uv=table[:, 3:],
            triangles=np.array(protobuf.integers(mesh, 4), np.int32).reshape(-1, 3),
            basis=np.array([next(iter(protobuf.integers(item, 1)), 0) for item in references]),
            weights=np.array([protobuf.floats(item, 2)[0] for item in references]),
        )
