/** A monitored value of the logs, and the direction in which it improves. */
export interface MonitorOptions {
  /** Its name in the logs, such as `val_loss`. */
  readonly monitor: string
  /** `min` if smaller values are better, `max` if larger ones are. */
  readonly mode: 'min' | 'max'
}

/** Whether `value` is better than `best` by more than `minDelta`; false if either is NaN. */
export function isImprovement(value: number, best: number, mode: 'min' | 'max', minDelta = 0): boolean {
  return mode === 'min' ? value + minDelta < best : value - minDelta > best
}

/** The value that any other improves on. */
export function worstValue(mode: 'min' | 'max'): number {
  return mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
}

/** The monitored value of an epoch; NaN if the logs do not have it. */
export function monitoredValue({ monitor }: MonitorOptions, logs: Readonly<Record<string, number>>): number {
  return logs[monitor] ?? Number.NaN
}
