/** Training cannot go on. `help` says what to try. */
export class TrainingError extends Error {
  readonly help: string

  constructor(message: string, help: string) {
    super(message)
    this.name = 'TrainingError'
    this.help = help
  }
}
