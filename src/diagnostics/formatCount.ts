/** Formats numbers for people. */

/** Formats `50,186`. It does not use Intl, since loading its tables takes a fifth of the time of `check`. */
export function formatCount(value: number): string {
  return String(value).replaceAll(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',')
}

/** Formats `1 fix`, `2 fixes`, `1,000 fixes`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`
}

/** Formats `12.8 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length, Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1]}`
}

/** Formats `746.6 M`, to be followed by a unit. */
export function formatLarge(value: number): string {
  if (value < 1000) return `${value} `
  const units = ['k', 'M', 'G', 'T', 'P']
  const power = Math.min(units.length, Math.floor(Math.log10(value) / 3))
  return `${(value / 1000 ** power).toFixed(1)} ${units[power - 1]}`
}

/** Formats the least and the largest of the known values: `3,106 to 13,610`. Undefined if none is known. */
export function formatRange(
  values: Iterable<number | null>,
  format: (value: number) => string = formatCount,
): string | undefined {
  let [least, most] = [Infinity, -Infinity]
  for (const value of values) {
    if (value !== null) [least, most] = [Math.min(least, value), Math.max(most, value)]
  }
  if (least > most) return undefined
  const [from, to] = [format(least), format(most)]
  return from === to ? from : `${from} to ${to}`
}
