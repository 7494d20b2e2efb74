"""Bytes of a source file to text, whatever editor wrote them; no byte is lost."""

import codecs

MARKS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
# PostgreSQL stores no NUL; the other control characters mean nothing in a text.
CONTROLS = {code: None for code in range(32) if chr(code) not in "\t\n"} | {0x7F: None, 0xFEFF: None}


def decode(data: bytes) -> tuple[str, str]:
    """The text, its lines ended by line feeds, and what it was taken for: UTF-8, UTF-16, UTF-32 or windows-1252."""
    text, encoding = _decode(data)
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(CONTROLS), encoding


def printable(text: str) -> str:
    """The text without what no database keeps: control characters, and halves of characters."""
    return text.encode("utf-8", "replace").decode().translate(CONTROLS)


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    guess = _unmarked_utf16(data)
    if guess:
        return data.decode(guess, "replace"), guess
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return "".join(_western(byte) for byte in data), "windows-1252"


def _unmarked_utf16(data: bytes) -> str:
    sample = data[:2000]
    pairs = len(sample) // 2
    if pairs < 2:
        return ""
    if sample[1::2].count(0) > pairs * 0.6:
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) > pairs * 0.6 else ""


def _western(byte: int) -> str:
    # windows-1252 leaves five bytes undefined; browsers read them as ISO 8859-1 (https://encoding.spec.whatwg.org/).
    return bytes([byte]).decode("cp1252", "ignore") or chr(byte)
