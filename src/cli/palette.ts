/** Colours text on terminals, unless NO_COLOR is set or FORCE_COLOR is 0; with another FORCE_COLOR, everywhere. */
import { plainPalette, type Palette } from '../diagnostics/renderPretty.ts'
import { sealFor } from './terminal.ts'

export function paletteFor(stream: { readonly isTTY?: boolean }): Palette {
  const { env } = process
  const { FORCE_COLOR: forced, NO_COLOR: forbidden = '', TERM: terminal } = env
  const isForbidden = forbidden !== '' || terminal === 'dumb' || forced === '0' || forced === 'false'
  if (isForbidden || !(forced !== undefined || stream.isTTY === true)) return plainPalette
  const seal = sealFor(stream)
  const painters = Object.entries(sequences).map(([name, [before, after]]) => {
    const paint = (text: string): string => seal(before) + text + seal(after)
    return [name, paint] as const
  })
  return Object.fromEntries(painters) as unknown as Palette
}

/** The control sequences before and after a coloured text (ECMA-48, 8.3.117). */
const sequences: Readonly<Record<keyof Palette, readonly [before: string, after: string]>> = {
  bold: ['\u001b[1m', '\u001b[22m'],
  dim: ['\u001b[2m', '\u001b[22m'],
  red: ['\u001b[31m', '\u001b[39m'],
  yellow: ['\u001b[33m', '\u001b[39m'],
  cyan: ['\u001b[36m', '\u001b[39m'],
  green: ['\u001b[32m', '\u001b[39m'],
  blue: ['\u001b[34m', '\u001b[39m'],
}
