"""The linear models of the emotion classifiers: each gives a score for every emotion, all emotions being as likely."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import RidgeClassifierCV

__all__ = ["Discriminants", "ridge_discriminants", "shrunken_discriminants"]

_PENALTIES = np.logspace(0, 6, 13)

Array = npt.NDArray[np.float64]
Discriminants = Callable[[Array, npt.NDArray[np.int64]], tuple[Array, Array]]
"""From z-scores (clip, feature) and emotions (clip,), numbered from 0, to coefficients and intercepts."""


def shrunken_discriminants(scores: Array, emotions: npt.NDArray[np.int64]) -> tuple[Array, Array]:
    """Fit linear discriminant analysis, its covariance shrunk as the data ask for (Ledoit and Wolf 2004).

    Args:
        scores: (clip, feature), fewer features than would take long to invert.
        emotions: (clip,), numbered from 0.

    Returns:
        Coefficients (emotion, feature) and intercepts (emotion,).
    """
    count = int(emotions.max()) + 1
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto", priors=np.full(count, 1 / count))
    model.fit(scores, emotions)
    return _of_every_emotion(model.coef_, model.intercept_)


def ridge_discriminants(scores: Array, emotions: npt.NDArray[np.int64]) -> tuple[Array, Array]:
    """Fit ridge regression on the emotions, its penalty chosen by cross-validation that leaves out one clip at a time.

    For many more features than clips: its time grows with the clips. Arguments and result are those of
    :func:`shrunken_discriminants`.
    """
    model = RidgeClassifierCV(alphas=_PENALTIES, class_weight="balanced").fit(scores, emotions)
    return _of_every_emotion(model.coef_, model.intercept_)


def _of_every_emotion(coefficients: Array, intercepts: Array) -> tuple[Array, Array]:
    """Return a row for every emotion; of two, scikit-learn keeps the second one alone, which is compared with 0."""
    rows, level = np.atleast_2d(np.asarray(coefficients)), np.atleast_1d(np.asarray(intercepts))
    if len(rows) > 1:
        return rows, level
    return np.concatenate([np.zeros_like(rows), rows]), np.concatenate([np.zeros(1), level])
