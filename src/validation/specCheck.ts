/** The state that the reports of schema errors share while one spec is checked. */
import { isScalar } from 'yaml'
import { meantReference } from '../compose/meantReference.ts'
import { namesAt } from '../compose/namesAt.ts'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { Diagnostic, Fix, FixKind, Path, TextEdit } from '../diagnostics/diagnostic.ts'
import { reportAt, type ReportOptions } from '../source/report.ts'
import type { SourceDocument } from '../source/source.ts'
import { once } from '../system/once.ts'
import { composeSchema } from './schema.ts'
import type { SchemaNode } from './schemaNode.ts'
import { endsInProbabilities, translatePart, type Translation } from './translatePart.ts'

/** Composed once, when the first mistake needs it: a check that tries many fixes uses it often. */
export const composedSchema = once(() => composeSchema() as SchemaNode)

export class SpecCheck {
  readonly source: SourceDocument
  readonly schema = composedSchema()
  /** Keys that are in the spec under another word: `/layers/0/conv2d/kernelSize`, written `kernel_size`. */
  readonly foundElsewhere = new Set<string>()
  /** The sections that fixes add to the spec. */
  readonly addedSections = new Set<string>()

  constructor(source: SourceDocument) {
    this.source = source
  }

  valueAt(path: Path): unknown {
    return path.reduce<unknown>(
      (value, step) => (value as Record<string | number, unknown> | undefined)?.[step],
      this.source.value,
    )
  }

  report(code: DiagnosticCode, path: Path, message: string, options?: ReportOptions): Diagnostic {
    return reportAt(this.source, code, path, message, options)
  }

  /** The help and the fix for a text that lacks the `$` of a reference. */
  forgottenReference(path: Path, value: unknown): ReturnType<typeof meantReference> {
    const { source } = this
    const written = source.writtenAt(path)
    const node = written?.document.nodeAt(written.path)
    // A text that a reference stands for was not written here.
    if (written === undefined || typeof value !== 'string' || !isScalar(node) || node.value !== value) return {}
    return meantReference(value, namesAt(written.document.value, written.path), source.locateValue(path))
  }

  /** Translates a foreign part, but not to a loss of logits if the network ends in probabilities. */
  translate(word: string, value: unknown, choice: SchemaNode): readonly Translation[] {
    const found = translatePart(word, value, { root: this.schema, choice })
    const takesLogits = found.some(({ options }) => options['fromLogits'] === true)
    return takesLogits && endsInProbabilities(this.source.value) ? [] : found
  }
}

/** Whether a path leads to an item of `layers`, or to the layer inside a wrapper layer. */
export function isLayerPlace(path: Path): boolean {
  return path[0] === 'layers' && (path.length === 2 || path.at(-1) === 'layer')
}

export function fix(title: string, edits: readonly TextEdit[], kind: FixKind = 'rewrite'): Fix {
  return { kind, title, edits }
}
