/** The time of a trial: seconds per sample = perSample + perFlop · operations of the forward pass. */
export interface TimeModel {
  /** Seconds before the first step: starting the process and reading the data. */
  readonly start: number
  readonly perSample: number
  readonly perFlop: number
  /** The samples of an epoch. */
  readonly samples: number
  readonly validationSamples: number
}
