/** Numbers as people read them. */
/** `50,186`. Written out, for loading the tables of Intl would take a fifth of the time that `check` takes. */
export function formatCount(value: number): string {
  return String(value).replaceAll(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ',')
}

/** `1 fix`, `2 fixes`, `1,000 fixes`. */
export function countOf(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`
}

/** `12.8 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(units.length, Math.floor(Math.log2(bytes) / 10))
  return `${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1]}`
}

/** `746.6 M`, for a unit to follow. */
export function formatLarge(value: number): string {
  if (value < 1000) return `${value} `
  const units = ['k', 'M', 'G', 'T', 'P']
  const power = Math.min(units.length, Math.floor(Math.log10(value) / 3))
  return `${(value / 1000 ** power).toFixed(1)} ${units[power - 1]}`
}
