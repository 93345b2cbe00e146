/** A data set is missing or damaged. The message names the file; `help` says how to get a good one. */
export class DataError extends Error {
  readonly help: string

  constructor(message: string, help: string) {
    super(message)
    this.name = 'DataError'
    this.help = help
  }
}
