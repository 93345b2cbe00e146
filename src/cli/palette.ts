/** Colours, where the stream is a terminal and NO_COLOR is not set. */
import { createColors } from 'picocolors'
import type { Palette } from '../diagnostics/renderPretty.ts'

export function paletteFor(stream: { readonly isTTY?: boolean }): Palette {
  const { env } = process
  const isForced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0'
  const isForbidden = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb'
  return createColors(!isForbidden && (isForced || stream.isTTY === true))
}
