"""PDF pages as a scanner would give them: rendered, turned, faded, with noise, through JPEG; all by fixed chance."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2
from PIL import Image as Pillow

from pipeline.core.form import forms
from pipeline.core.model import Extraction
from pipeline.edit.statutory import confront_form

Image = npt.NDArray[np.uint8]
TRUSTED = 0.8


@dataclass(frozen=True)
class Scanner:
    """How a page is spoilt: dots per inch, degrees turned, noise (grey levels), JPEG quality (0: none), share of
    contrast that is lost.
    """

    dpi: int = 200
    turn: float = 0.0
    noise: float = 0.0
    jpeg: int = 0
    fade: float = 0.0


CASES = {
    "150 dpi": Scanner(150),
    "200 dpi": Scanner(200),
    "150 dpi, noise": Scanner(150, noise=12),
    "200 dpi, noise": Scanner(200, noise=20),
    "150 dpi, turned 0.5": Scanner(150, turn=0.5),
    "200 dpi, turned -1": Scanner(200, turn=-1.0),
    "150 dpi, JPEG 50": Scanner(150, jpeg=50),
    "200 dpi, JPEG 30": Scanner(200, jpeg=30),
    "150 dpi, faded 60 %": Scanner(150, fade=0.6, noise=6),
    "200 dpi, faded 75 %": Scanner(200, fade=0.75, noise=6),
    "150 dpi, all of it": Scanner(150, turn=0.7, noise=8, jpeg=60, fade=0.4),
    "200 dpi, all of it": Scanner(200, turn=-0.8, noise=12, jpeg=50, fade=0.5),
    "100 dpi": Scanner(100),
}


def scanned(data: bytes, scanner: Scanner, seed: int = 1) -> list[Image]:
    """The pages of a PDF in grey as they come from the scanner."""
    chance = np.random.default_rng(seed)
    document = pypdfium2.PdfDocument(data)
    try:
        return [
            _spoilt(np.asarray(p.render(scale=scanner.dpi / 72, grayscale=True).to_pil()), scanner, chance)
            for p in document
        ]
    finally:
        document.close()


def _spoilt(page: Image, scanner: Scanner, chance: np.random.Generator) -> Image:
    turned = Pillow.fromarray(page).rotate(scanner.turn, Pillow.Resampling.BICUBIC, fillcolor=255)
    grey = 255 - (255 - np.asarray(turned, dtype=np.float32)) * (1 - scanner.fade)
    grey += chance.normal(0, scanner.noise, grey.shape) if scanner.noise else 0
    spoilt = np.clip(grey, 0, 255).astype(np.uint8)
    return _through_jpeg(spoilt, scanner.jpeg) if scanner.jpeg else spoilt


def _through_jpeg(page: Image, quality: int) -> Image:
    out = io.BytesIO()
    Pillow.fromarray(page).save(out, "JPEG", quality=quality)
    return np.asarray(Pillow.open(out), dtype=np.uint8)


def as_pdf(pages: list[Image], dpi: int) -> bytes:
    """The pages as a PDF that holds nothing but pictures."""
    first, *rest = [Pillow.fromarray(p) for p in pages]
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=dpi)
    return out.getvalue()


def as_picture(page: Image, kind: str) -> bytes:
    """A page as a picture file, `kind` as Pillow names it."""
    out = io.BytesIO()
    Pillow.fromarray(page).save(out, kind)
    return out.getvalue()


def as_tiff(pages: list[Image]) -> bytes:
    """The pages as one TIFF."""
    first, *rest = [Pillow.fromarray(p) for p in pages]
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=rest, compression="tiff_lzw")
    return out.getvalue()


def judge(taken: Extraction, truth: Mapping[str, str]) -> dict[str, list[str]]:
    """The addresses of the report's cells that are right, flagged, silent or missing."""
    cells = {c.address: c for c in taken.cells}
    values = [{c.address: c.value for c in taken.cells}]
    failed = {a for f in confront_form(values, forms()[taken.form])[0] if f.status == "fail" for a in f.cells}
    told = failed | {a for f in taken.findings for a in f.cells}
    found: dict[str, list[str]] = {"right": [], "flagged": [], "silent": [], "missing": []}
    for address, raw in truth.items():
        cell = cells.get(address)
        if cell is None:
            found["missing"].append(address)
        elif cell.raw == raw:
            found["right"].append(address)
        else:
            found["flagged" if cell.confidence < TRUSTED or address in told else "silent"].append(address)
    return found
