/** Colours text if the stream is a terminal and NO_COLOR is not set, or FORCE_COLOR is set. */
import { createColors } from 'picocolors'
import type { Palette } from '../diagnostics/renderPretty.ts'
import { sealFor } from './terminal.ts'

export function paletteFor(stream: { readonly isTTY?: boolean }): Palette {
  const { env } = process
  const isForced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0'
  const isForbidden = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb'
  const colors = createColors(!isForbidden && (isForced || stream.isTTY === true))
  const seal = sealFor(stream)
  const names = ['bold', 'dim', 'red', 'yellow', 'cyan', 'green', 'blue'] as const
  const painters = names.map((name) => {
    const [before = '', after = ''] = colors[name]('|').split('|')
    const paint = (text: string): string => (before === '' ? text : seal(before) + text + seal(after))
    return [name, paint] as const
  })
  return Object.fromEntries(painters) as unknown as Palette
}
