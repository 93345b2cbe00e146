/** Conversions between numbers of channels. */

/**
 * Converts pixels to 1, 3 or 4 channels, as Pillow and TensorFlow do: grey is 0.299 R + 0.587 G + 0.114 B of the encoded
 * values (ITU-R BT.601), grey is repeated for RGB, opacity is dropped without changing colours, and missing opacity is 255.
 *
 * @param from 1: grey, 2: grey and opacity, 3: RGB, 4: RGB and opacity.
 */
export function convertChannels(pixels: Uint8Array, from: number, to: number): Uint8Array {
  if (from === to) return pixels
  const count = pixels.length / from
  const result = new Uint8Array(count * to)
  for (let pixel = 0; pixel < count; pixel++) {
    const [at, put] = [pixel * from, pixel * to]
    if (to === 1) {
      result[put] = from < 3 ? pixels[at]! : greyOf(pixels[at]!, pixels[at + 1]!, pixels[at + 2]!)
      continue
    }
    for (let channel = 0; channel < 3; channel++) result[put + channel] = pixels[at + (from < 3 ? 0 : channel)]!
    if (to === 4) result[put + 3] = from === 2 || from === 4 ? pixels[at + from - 1]! : 255
  }
  return result
}

/** Grey by Pillow's weights in units of 1/65536 (src/libImaging/Convert.c), rounded to the nearest. */
function greyOf(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
}

/** Multiplies colours by their opacity, so invisible colours do not affect resampling. */
export function premultiplyColours(pixels: Uint8Array): Uint8Array {
  return pixels.map((value, at) => {
    if (at % 4 === 3) return value
    const product = value * pixels[at - (at % 4) + 3]! + 128
    return ((product >> 8) + product) >> 8
  })
}

/** Undoes `premultiplyColours`. */
export function unpremultiplyColours(pixels: Uint8Array): Uint8Array {
  return pixels.map((value, at) => {
    const opacity = pixels[at - (at % 4) + 3]!
    return at % 4 === 3 || opacity === 0 ? value : Math.min(255, Math.trunc((255 * value) / opacity))
  })
}
