/** Sizes in bytes, as written in a spec: `64MB`, `1.5 GiB`, or a number of bytes. */
import * as Type from 'typebox'

const unitBytes: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}

export const byteSizePattern = `^[0-9]+(\\.[0-9]+)? ?(${Object.keys(unitBytes).join('|')})$`

/** `64MB`, `1.5 GiB`, or bytes as a number. */
export type ByteSize = number | string

/**
 * The field of a size in bytes.
 *
 * @param description Its first words; the accepted forms are appended.
 */
export function byteSize(description: string, examples: readonly ByteSize[]) {
  return Type.Unsafe<ByteSize>({
    description: `${description} \`64MB\` (millions of bytes), \`64MiB\` (1024 · 1024 bytes), or a number of bytes.`,
    examples: [...examples],
    anyOf: [
      { type: 'string', pattern: byteSizePattern },
      { type: 'integer', minimum: 1 },
    ],
  })
}

/** @param size A size that the schema accepts. */
export function bytesOf(size: ByteSize): number {
  if (typeof size === 'number') return size
  const [, value = '', unit = ''] = /^([\d.]+) ?(\w+)$/.exec(size) ?? []
  return Math.floor(Number(value) * (unitBytes[unit] ?? Number.NaN))
}

/** The correct spelling of a size whose unit is misspelt: `64 mb`, `64M`, `64 mebibytes`; undefined if it is unclear. */
export function correctedByteSize(text: string): string | undefined {
  const [, value = '', letters = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text.replaceAll('_', '')) ?? []
  const [, prefix = '', isBinary = ''] = /^([kmgt]?)(i?)(?:b|bytes?)?$/i.exec(letters) ?? []
  if (value === '' || (prefix === '' && !/^(b|bytes?)?$/i.test(letters))) return undefined
  const unit = Object.keys(unitBytes).find(
    (known) => known.toLowerCase() === `${prefix}${isBinary}b`.toLowerCase() && /i/.test(known) === (isBinary !== ''),
  )
  return unit === undefined ? undefined : `${value}${unit}`
}
