"""Colours of a brand, made fit to read.

Whoever keeps a company's look chooses one colour. From it come the six accent tokens of tokens.css, each a pair for the
light and the dark theme, lightened or darkened only as far as contrast asks (WCAG 2.2, 1.4.3 and 1.4.11).
"""

import colorsys
import re

LIGHT_SURFACE = "#f3f4f6"
DARK_SURFACE = "#1b2537"
WHITE = "#ffffff"
TEXT_CONTRAST = 4.5
STEPS = 200
HEX = re.compile(r"#[0-9a-fA-F]{6}")


def accessible_accent(color: str) -> tuple[str, str]:
    """The colour for text on light and on dark grounds, at least 4.5:1 on each; nearest to what was asked for.

    Raises ValueError unless color is # and six hexadecimal digits.
    """
    if not HEX.fullmatch(color):
        raise ValueError(f"{color!r} is not a colour such as #2563eb.")
    return readable_on(color, LIGHT_SURFACE), readable_on(color, DARK_SURFACE)


def accent_tokens(color: str) -> str:
    """The accent tokens as a style sheet. Raises ValueError as accessible_accent does."""
    light, dark = accessible_accent(color)
    fill = readable_on(color, WHITE)
    pairs = {
        "accent": (fill, fill),
        "accent-hover": (shaded(fill, -0.07), shaded(fill, -0.07)),
        "accent-active": (shaded(fill, -0.12), shaded(fill, -0.12)),
        "accent-text": (light, dark),
        "accent-soft": (mixed(light, WHITE, 0.92), mixed(dark, "#111827", 0.86)),
        "focus": (light, dark),
    }
    lines = [f"  --{name}: light-dark({on_light}, {on_dark});" for name, (on_light, on_dark) in pairs.items()]
    return "\n".join([":root {", *lines, "}", ""])


def readable_on(color: str, ground: str) -> str:
    """The colour, moved away from the ground in lightness until its contrast reaches 4.5:1."""
    away = -1 if luminance(ground) > 0.18 else 1
    for step in range(STEPS + 1):
        candidate = shaded(color, away * step / STEPS)
        if contrast(candidate, ground) >= TEXT_CONTRAST:
            return candidate
    return "#000000" if away < 0 else WHITE


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21, as WCAG 2 reckons it."""
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """Relative luminance of a colour, 0 to 1 (WCAG 2)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def shaded(color: str, by: float) -> str:
    """The colour, lighter (by > 0) or darker; its hue stays."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*channels(color))
    return as_hex(colorsys.hls_to_rgb(hue, min(1.0, max(0.0, lightness + by)), saturation))


def mixed(color: str, other: str, share: float) -> str:
    """The colour with this share of another one."""
    return as_hex(tuple(a * (1 - share) + b * share for a, b in zip(channels(color), channels(other), strict=True)))


def channels(color: str) -> tuple[float, float, float]:
    """Red, green and blue, 0 to 1."""
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def as_hex(rgb: tuple[float, ...]) -> str:
    """Red, green and blue as # and six digits."""
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in rgb)
