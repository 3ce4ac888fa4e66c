"""Optical character recognition by rapidocr on onnxruntime, with the models of its wheel; nothing is downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rapidocr
from rapidocr.utils.output import RapidOCROutput

from pipeline.core.model import DataFault
from pipeline.read.layout.page import Box

Image = npt.NDArray[np.uint8]
Reading = tuple[str, float]  # text and score, 0 to 1

MODELS = Path(rapidocr.__file__).parent / "models"
DETECT, RECOGNISE = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
# The recogniser pads each line to this width at a height of 48 pixels. Its default of 320 is 2.4 times slower on pages
# of single digits and reads the same.
WIDTH = 96


@cache
def _engine() -> rapidocr.RapidOCR:
    """The engine, one a process, on one thread: a batch runs one process a core.

    Raises DataFault where the models are not there, as rapidocr would otherwise download them.
    """
    if not ((MODELS / DETECT).is_file() and (MODELS / RECOGNISE).is_file()):
        raise DataFault("read.ocr_missing")
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": 0.0,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(MODELS / DETECT),
            "Rec.model_path": str(MODELS / RECOGNISE),
            "Rec.rec_img_shape": [3, 48, WIDTH],
        }
    )


def read_lines(images: Sequence[Image]) -> list[Reading]:
    """What stands on each picture of a single line, in the same order."""
    if not images:
        return []
    found = _engine().recognize_txt([_colour(image) for image in images])
    assert found.txts is not None
    return [(str(text).strip(), float(score)) for text, score in zip(found.txts, found.scores, strict=True)]


def find_lines(image: Image) -> list[tuple[Box, str, float]]:
    """The lines of text on a page: place in pixels, text and score."""
    found = _engine()(_colour(image))
    if not isinstance(found, RapidOCROutput) or found.boxes is None or found.txts is None or found.scores is None:
        return []
    lines = []
    for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        (x0, top), (x1, bottom) = corners.min(axis=0), corners.max(axis=0)
        lines.append((Box(float(x0), float(top), float(x1), float(bottom)), str(text), float(score)))
    return lines


def _colour(image: Image) -> Image:
    return np.repeat(image[:, :, None], 3, axis=2)
