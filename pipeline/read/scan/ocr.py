"""Recognise text in pictures with rapidocr on onnxruntime and the models in its wheel; nothing is downloaded."""

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
Reading = tuple[str, float]  # text and score (0-1)

MODEL_FOLDER = Path(rapidocr.__file__).parent / "models"
DETECTION_MODEL, RECOGNITION_MODEL = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
# Pixels. The recogniser pads each line to this width at a height of 48. Its default of 320 is 2.4 times slower on pages
# of single digits and reads the same.
LINE_WIDTH = 96


@cache
def _get_engine() -> rapidocr.RapidOCR:
    """Return the OCR engine, one per process. It uses one thread, because a batch runs one process per core.

    Raises DataFault if the models are missing: rapidocr would download them.
    """
    if not ((MODEL_FOLDER / DETECTION_MODEL).is_file() and (MODEL_FOLDER / RECOGNITION_MODEL).is_file()):
        raise DataFault("read.ocr_missing")
    return rapidocr.RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": 0.0,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Det.model_path": str(MODEL_FOLDER / DETECTION_MODEL),
            "Rec.model_path": str(MODEL_FOLDER / RECOGNITION_MODEL),
            "Rec.rec_img_shape": [3, 48, LINE_WIDTH],
        }
    )


def read_lines(images: Sequence[Image]) -> list[Reading]:
    """Return the text and score of each picture of a single line, in the same order."""
    if not images:
        return []
    output = _get_engine().recognize_txt([_to_color(image) for image in images])
    assert output.txts is not None
    return [(str(text).strip(), float(score)) for text, score in zip(output.txts, output.scores, strict=True)]


def find_lines(image: Image) -> list[tuple[Box, str, float]]:
    """Return the lines of text on a page: place in pixels, text and score (0-1)."""
    output = _get_engine()(_to_color(image))
    if not isinstance(output, RapidOCROutput) or output.boxes is None or output.txts is None or output.scores is None:
        return []
    lines = []
    for corners, text, score in zip(output.boxes, output.txts, output.scores, strict=True):
        (x0, top), (x1, bottom) = corners.min(axis=0), corners.max(axis=0)
        lines.append((Box(float(x0), float(top), float(x1), float(bottom)), str(text), float(score)))
    return lines


def _to_color(image: Image) -> Image:
    """Return a grey picture with three equal channels, as rapidocr expects."""
    return np.repeat(image[:, :, None], 3, axis=2)
