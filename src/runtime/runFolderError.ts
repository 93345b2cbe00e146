/** The folder of a run cannot be made, or not be gone on with. `help` says what to do. */
export class RunFolderError extends Error {
  readonly help: string

  constructor(message: string, help: string) {
    super(message)
    this.name = 'RunFolderError'
    this.help = help
  }
}
