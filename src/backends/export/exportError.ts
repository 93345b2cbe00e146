/** A network cannot be written in the form that was asked for. `help` says what can be done instead. */
export class ExportError extends Error {
  readonly help: string

  constructor(message: string, help: string) {
    super(message)
    this.name = 'ExportError'
    this.help = help
  }
}
