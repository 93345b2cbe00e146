/** Reports texts that do not match the required pattern, and lists of the wrong length. */
import { pathPattern } from '../language/datasetFields.ts'
import { isMap, isScalar, isSeq } from 'yaml'
import type { Diagnostic, Path, TextEdit } from '../diagnostics/diagnostic.ts'
import { foldSpelling } from '../diagnostics/didYouMean.ts'
import { countOf } from '../diagnostics/formatCount.ts'
import { showValue } from '../diagnostics/schemaMessages.ts'
import { byteSizePattern, correctedByteSize } from '../language/byteSize.ts'
import { setValue } from '../source/edits.ts'
import { reportAt } from '../source/report.ts'
import { spanOf, type SourceDocument } from '../source/source.ts'
import { walkNodes } from '../source/walkNodes.ts'
import type { Finding } from './schemaErrors.ts'
import { schemaAt } from './schemaNode.ts'
import type { SpecCheck } from './specCheck.ts'

export function reportMisfit(source: SourceDocument, pattern: unknown, path: Path, value: string): Diagnostic {
  if (pattern === byteSizePattern) return reportByteSize(source, path, value)
  return pattern === pathPattern ? reportPath(source, path, value) : reportName(source, path, value)
}

function keyOf(path: Path): string {
  return String(path.findLast((step) => typeof step === 'string') ?? 'spec')
}

function reportName(source: SourceDocument, path: Path, value: string): Diagnostic {
  const better = betterName(value, path.length === 1 ? 'run' : 'layer')
  const renamed = better === '' ? undefined : setValue(source, path, better)
  const edits = renamed && [...renamed, ...renamedReferences(source, path, value, better)]
  // The fix is a rewrite if it changes only the separators between words.
  const keepsWords = foldSpelling(better) === foldSpelling(value) && /^[\w .:/\\-]*$/.test(value)
  const kind = keepsWords ? 'rewrite' : 'suggestion'
  const message = `\`${keyOf(path)}\` is ${showValue(value)}, but a name must be a letter, then letters, digits, _ and -`
  return reportAt(source, 'schema/bad-name', path, message, {
    help: 'runs, scripts and variables are named after it',
    fixes: edits ? [{ kind, title: `write \`${better}\``, edits }] : [],
  })
}

/** The nearest name with the letters of ASCII; a number gets a word before it. */
function betterName(value: string, word: string): string {
  const name = value
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .replaceAll(/^[-_]+|-+$/g, '')
  return /^\d/.test(name) ? `${word}-${name}` : name
}

const referring: ReadonlySet<unknown> = new Set(['inputs', 'outputs', 'layer'])
const byOutput: ReadonlySet<unknown> = new Set(['loss', 'lossWeights', 'metrics'])

/** Renames a layer where the spec refers to it, so that the new name leaves nothing behind. */
function renamedReferences(source: SourceDocument, path: Path, name: string, better: string): TextEdit[] {
  const written = source.writtenAt(path)?.document
  if (path[0] !== 'layers' || written === undefined || written.file !== source.file) return []
  const nodes: unknown[] = []
  walkNodes(written.nodeAt([]) ?? null, (map) => {
    for (const { key, value } of isMap(map) ? map.items : []) {
      if (!isScalar(key)) continue
      if (referring.has(key.value)) nodes.push(...(isSeq(value) ? value.items : [value]))
      if (byOutput.has(key.value) && isMap(value)) nodes.push(...value.items.map((pair) => pair.key))
    }
  })
  return nodes.flatMap((node) => {
    const span = isScalar(node) && node.value === name ? spanOf(node) : undefined
    return span ? [{ span, newText: better }] : []
  })
}

function reportByteSize(source: SourceDocument, path: Path, value: string): Diagnostic {
  const meant = correctedByteSize(value)
  const edits = meant === undefined ? [] : [{ span: source.locateValue(path), newText: meant }]
  const message = `\`${keyOf(path)}\` is ${showValue(value)}, which is not a size in bytes`
  return reportAt(source, 'schema/unknown-value', path, message, {
    help: 'write a number with a unit, such as `64MB` or `1.5GiB`, or a number of bytes',
    fixes: edits.length > 0 ? [{ kind: 'rewrite', title: `write \`${meant}\``, edits }] : [],
  })
}

function reportPath(source: SourceDocument, path: Path, value: string): Diagnostic {
  const what = value === '' ? 'is empty' : `is ${JSON.stringify(value)}, which contains a control character`
  return reportAt(source, 'schema/unknown-value', path, `\`${keyOf(path)}\` ${what}`, {
    help: 'write the path of a file or folder, such as `data/iris.csv`',
  })
}

/** Reports a list of the wrong length. One whose items are all equal is the same as one number for all axes. */
export function reportLength(check: SpecCheck, { error, path, value }: Finding, key: string): Diagnostic {
  const items = Array.isArray(value) ? (value as unknown[]) : []
  const { minItems, maxItems } = schemaAt(check.schema, path) ?? {}
  const limit = Number(error.params['limit'])
  const bound = minItems === maxItems ? '' : error.keyword === 'minItems' ? 'at least ' : 'at most '
  const message = `\`${key}\` has ${countOf(items.length, 'item')}, but must have ${bound}${limit}`
  const isOne = Number.isInteger(items[0]) && items.every((item) => item === items[0])
  const edits = isOne ? setValue(check.source, path, items[0]) : undefined
  return check.report('schema/wrong-length', path, message, {
    fixes: edits ? [{ kind: 'suggestion', title: `write \`${String(items[0])}\``, edits }] : [],
  })
}
