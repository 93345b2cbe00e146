import type { Diagnostic, TextEdit } from '../diagnostics/diagnostic.ts'

/** A change of a spec that an editor offers at a place. */
export interface CodeAction {
  readonly title: string
  /** The kinds of the Language Server Protocol. */
  readonly kind: 'quickfix' | 'refactor' | 'refactor.extract' | 'refactor.inline' | 'source.fixAll.shapewright'
  readonly edits: readonly TextEdit[]
  /** The diagnostic that it removes. */
  readonly diagnostic?: Diagnostic
  /** Whether it is the one to apply if the user does not choose. */
  readonly isPreferred?: boolean
}
