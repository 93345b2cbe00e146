/** Draws pixels as a PNG in a data URL. */
import { encode } from 'fast-png'
import type { Picture } from '../../tasks/inspect/inspection.ts'

/** @param channels 1 for grey, 3 for colour, 4 for colour with transparency. */
export function drawPng(pixels: Uint8Array, width: number, height: number, channels: number): Picture {
  const bytes = encode({ width, height, data: pixels, channels })
  return { width, height, url: `data:image/png;base64,${Buffer.from(bytes).toString('base64')}` }
}
