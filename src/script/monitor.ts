/** A value of the logs that is watched, and in which direction it is better. */
export interface MonitorOptions {
  /** Its name in the logs: `val_loss`. */
  readonly monitor: string
  /** Whether smaller values are better, or larger ones. */
  readonly mode: 'min' | 'max'
}

/** Whether `value` is better than `best` by more than `minDelta`. No number is better than NaN. */
export function isImprovement(value: number, best: number, mode: 'min' | 'max', minDelta = 0): boolean {
  return mode === 'min' ? value + minDelta < best : value - minDelta > best
}

/** What every value is better than. */
export function worstValue(mode: 'min' | 'max'): number {
  return mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
}

/** The watched value of an epoch. */
export function monitoredValue({ monitor }: MonitorOptions, logs: Readonly<Record<string, number>>): number {
  return logs[monitor] ?? Number.NaN
}
