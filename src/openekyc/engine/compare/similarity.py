"""From a cosine to the similarity an integrator sees, 0..100.

The scale is fixed by false match rates: 70 is the cosine that 1 in 1,000 pairs of different people reach, 80 the one that 1 in
10,000 reach; 50 and 30 stand for 1 in 100 and 1 in 10. Between the corners it runs straight.
"""

import numpy as np

# Measured by `tools/calibrate_similarity.py` on half of the people of Labeled Faces in the Wild, folds 1 and 2; docs/research/comparison.md
# holds the error rates on the other half.
CORNERS = (
    (-1.0, 0.0),
    (0.2142, 30.0),
    (0.3056, 50.0),
    (0.3719, 70.0),
    (0.4234, 80.0),
    (1.0, 100.0),
)


def similarity(cosine: float) -> float:
    """Similarity 0..100 of two embeddings with this cosine; strictly rising over -1..1."""
    cosines, similarities = zip(*CORNERS, strict=True)
    return round(float(np.interp(cosine, cosines, similarities)), 2)
