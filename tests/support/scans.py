"""Render PDF pages as a scanner would: rotated, faded, with noise and JPEG artefacts, reproducible by a seed."""

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
TRUSTED = 0.8  # cells with a lower confidence must be checked by a person


@dataclass(frozen=True)
class Scanner:
    """The damage to a page.

    `turn` is in degrees, `noise` the standard deviation in grey levels, `jpeg` the JPEG quality (0: no JPEG), and
    `fade` the share of contrast that is lost.
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
    """Return the pages of a PDF as grey images from the scanner."""
    rng = np.random.default_rng(seed)
    document = pypdfium2.PdfDocument(data)
    try:
        return [
            _damage(np.asarray(p.render(scale=scanner.dpi / 72, grayscale=True).to_pil()), scanner, rng)
            for p in document
        ]
    finally:
        document.close()


def _damage(page: Image, scanner: Scanner, rng: np.random.Generator) -> Image:
    """Rotate a page, fade it, and add noise and JPEG artefacts."""
    turned = Pillow.fromarray(page).rotate(scanner.turn, Pillow.Resampling.BICUBIC, fillcolor=255)
    grey = 255 - (255 - np.asarray(turned, dtype=np.float32)) * (1 - scanner.fade)
    grey += rng.normal(0, scanner.noise, grey.shape) if scanner.noise else 0
    damaged = np.clip(grey, 0, 255).astype(np.uint8)
    return _through_jpeg(damaged, scanner.jpeg) if scanner.jpeg else damaged


def _through_jpeg(page: Image, quality: int) -> Image:
    """Compress a page as JPEG and decompress it."""
    out = io.BytesIO()
    Pillow.fromarray(page).save(out, "JPEG", quality=quality)
    return np.asarray(Pillow.open(out), dtype=np.uint8)


def as_pdf(pages: list[Image], dpi: int) -> bytes:
    """Return the pages as a PDF with one picture per page and no text."""
    first, *rest = [Pillow.fromarray(p) for p in pages]
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=dpi)
    return out.getvalue()


def as_picture(page: Image, kind: str) -> bytes:
    """Return a page as a picture file; `kind` is a format name of Pillow."""
    out = io.BytesIO()
    Pillow.fromarray(page).save(out, kind)
    return out.getvalue()


def as_tiff(pages: list[Image]) -> bytes:
    """Return the pages as one TIFF."""
    first, *rest = [Pillow.fromarray(p) for p in pages]
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=rest, compression="tiff_lzw")
    return out.getvalue()


def judge(extraction: Extraction, truth: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the addresses of the cells that are `right`, `flagged`, `silent` or `missing`.

    `truth` has the printed texts by address. A wrong cell is flagged if its confidence is below TRUSTED, or if a
    finding or a failed edit names it; otherwise it is silent.
    """
    cells = {c.address: c for c in extraction.cells}
    values = [{c.address: c.value for c in extraction.cells}]
    failed = {a for f in confront_form(values, forms()[extraction.form])[0] if f.status == "fail" for a in f.cells}
    reported = failed | {a for f in extraction.findings for a in f.cells}
    verdicts: dict[str, list[str]] = {"right": [], "flagged": [], "silent": [], "missing": []}
    for address, raw in truth.items():
        cell = cells.get(address)
        if cell is None:
            verdicts["missing"].append(address)
        elif cell.raw == raw:
            verdicts["right"].append(address)
        else:
            verdicts["flagged" if cell.confidence < TRUSTED or address in reported else "silent"].append(address)
    return verdicts
