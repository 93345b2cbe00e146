/** What the page and the server of the studio say to each other, as JSON. Types only. */

/** A spec in the folder, or an example of the static page. */
export interface SpecEntry {
  /** Relative to the folder, with `/`. */
  readonly path: string
}

/** The language of a compiled script. */
export interface CompileTarget {
  readonly name: string
  readonly label: string
}

export interface CompiledScript {
  readonly fileName: string
  readonly text: string
}
