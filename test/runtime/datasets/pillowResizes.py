"""Writes pillowResizes.json, what Pillow makes of images: python pillowResizes.py > pillowResizes.json"""

import json

import PIL
from PIL import Image, ImageOps


def pixels(height, width, channels):
    """The image that resizeLikePillow.test.ts draws, too: byte i is (i * 73 + (i // 7) * 31) % 256."""
    return bytes((i * 73 + (i // 7) * 31) % 256 for i in range(height * width * channels))


def resize(image, size):
    if size[0] >= image.width and size[1] >= image.height:
        return image.resize(size, Image.BICUBIC)
    for shape in ((size[0], image.height), size):
        reduces = shape[0] < image.width or shape[1] < image.height
        image = image.resize(shape, Image.LANCZOS if reduces else Image.BICUBIC)
    return image


cases = []
for source, target in [
    ((1, 1), (3, 4)), ((2, 2), (4, 4)), ((3, 5), (9, 7)), ((4, 4), (5, 11)), ((5, 3), (8, 6)), ((8, 6), (12, 4)), ((7, 9), (3, 10)),
]:
    for mode in ("L", "RGB", "RGBA"):
        channels = len(mode)
        if channels == 4 and (target[0] < source[0] or target[1] < source[1]):
            continue  # Pillow would take opacity out and in between the two steps.
        image = Image.frombytes(mode, source[::-1], pixels(*source, channels))
        result = resize(image, target[::-1])
        cases.append(["fill", source, target, channels, channels, result.tobytes().hex()])
    image = Image.frombytes("RGB", source[::-1], pixels(*source, 3))
    cases.append(["fill", source, target, 3, 1, resize(image.convert("L"), target[::-1]).tobytes().hex()])
    image = Image.frombytes("RGBA", source[::-1], pixels(*source, 4))
    cases.append(["fill", source, target, 4, 3, resize(image.convert("RGB"), target[::-1]).tobytes().hex()])
for source, target in [((2, 3), (6, 6)), ((4, 2), (8, 8)), ((3, 5), (9, 9)), ((6, 3), (6, 12))]:
    image = Image.frombytes("RGB", source[::-1], pixels(*source, 3))
    cases.append(["cover", source, target, 3, 3, ImageOps.fit(image, target[::-1], Image.BICUBIC).tobytes().hex()])
for source, target in [((2, 3), (6, 9)), ((4, 2), (8, 8)), ((3, 6), (12, 12)), ((6, 3), (6, 13))]:
    image = Image.frombytes("RGB", source[::-1], pixels(*source, 3))
    padded = ImageOps.pad(image, target[::-1], Image.BICUBIC)
    cases.append(["contain", source, target, 3, 3, padded.tobytes().hex()])

lines = ",\n".join(json.dumps(case) for case in cases)
print('{ "pillow": "%s", "cases": [\n%s\n] }' % (PIL.__version__, lines))
