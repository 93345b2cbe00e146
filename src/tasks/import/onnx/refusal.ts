/** What is thrown for a node that the language cannot say; the reader turns it into a problem with the place of the node. */
export class Refusal extends Error {
  readonly help: string | undefined

  constructor(message: string, help?: string) {
    super(message)
    this.help = help
  }
}

/** @throws Refusal always. */
export function refuse(message: string, help?: string): never {
  throw new Refusal(message, help)
}

/** A text of the file for a message: quoted, and shortened. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}
