"""A consultant's logo: a PNG or JPEG of reasonable size, written anew without what else its file may carry."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, UnidentifiedImageError

from cxaudit.errors import UnusableData

KINDS = ("PNG", "JPEG")
HEAVIEST_MB = 2
MOST_PIXELS = 16_000_000
WIDEST, TALLEST = 800, 320  # what a page or a slide can show of it


def clean_logo(data: bytes) -> bytes:
    """The image as a PNG of at most 800 × 320 pixels, without metadata.

    Raises:
        UnusableData: neither PNG nor JPEG, damaged, beyond 2 MB or beyond 16 million pixels.
    """
    if len(data) > HEAVIEST_MB * 1_000_000:
        raise UnusableData("error.logo.heavy", most=HEAVIEST_MB)
    try:
        image = Image.open(BytesIO(data), formats=KINDS)
        if image.width * image.height > MOST_PIXELS:
            raise UnusableData("error.logo.large", width=image.width, height=image.height)
        bare = image.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnusableData("error.logo.kind") from error
    bare.thumbnail((WIDEST, TALLEST))
    out = BytesIO()
    bare.save(out, "PNG")
    return out.getvalue()


def scale_within(logo: bytes, width: float, height: float) -> float:
    """The factor that brings an image of the workbook into a box of pixels; never larger than it is."""
    with Image.open(BytesIO(logo)) as image:
        dots = image.info.get("dpi", (96, 96))
        shown = (image.width * 96 / (dots[0] or 96), image.height * 96 / (dots[1] or 96))
    return min(1.0, width / shown[0], height / shown[1])
