/** Formats the numbers of a report. */

/** Returns `0.0712`, `12.30` or `1.20e-5`: at least three significant digits. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size === 0) return '0'
  if (size < 1e-4 || size >= 1e6) return value.toExponential(2)
  if (size >= 1000) return value.toFixed(0)
  return value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4)
}

/** Returns `97.91%` for 0.9791. */
export function formatPercent(part: number, digits = 2): string {
  return `${(100 * part).toFixed(digits)}%`
}

/** Returns `8.4 s`, `3 min 12 s` or `2 h 05 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
  const whole = Math.round(seconds)
  const pad = (value: number) => String(value).padStart(2, '0')
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor(whole / 60) % 60)} min`
}

/** Returns `25 Nov 2026, 00:21 UTC`, or the text itself if it is not a date. */
export function formatDate(text: string): string {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) return text
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
  const time = date.toISOString().slice(11, 16)
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}, ${time} UTC`
}

/** Whether a metric of this name is a fraction, shown in per cent. */
export function isShare(name: string): boolean {
  return /accuracy$|precision$|recall$/i.test(name)
}

/** Formats a metric, in per cent if it is a fraction. */
export function formatMetric(name: string, value: number): string {
  return isShare(name) ? formatPercent(value) : formatValue(value)
}

/** Returns `digit_topKCategoricalAccuracy` as words: `digit top k categorical accuracy`. */
export function metricLabel(name: string): string {
  const words = name.replaceAll('_', ' ').replaceAll(/([a-z\d])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$2 ')
  return words.toLowerCase()
}
