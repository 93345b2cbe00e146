/**
 * A validator that tries alternatives reports the failure of each. This file keeps those of the alternative that was
 * meant: of `kernelSize: 0`, "at least 1", not also "must be a list".
 */
import type { Path } from '../diagnostics/diagnostic.ts'
import { lossTable } from '../parts/losses/table.ts'
import type { SchemaError } from './generated/validateSchema.js'
import { mapsOutputs } from './perOutput.ts'

export interface Finding {
  readonly error: SchemaError
  readonly path: Path
  readonly value: unknown
  /** For a value of none of several types: those types. */
  readonly kinds?: readonly string[]
  /** Where the alternatives were tried that it comes from, the outermost but the last. */
  readonly triedAt?: string
}

export function chooseBranches(errors: readonly SchemaError[], root: unknown): Finding[] {
  const findings: Finding[] = []
  for (const error of errors) {
    const path = parsePointer(error.instancePath, root)
    const value = valueAt(root, path)
    if (error.keyword !== 'anyOf') {
      findings.push({ error, path, value })
      continue
    }
    // The failures of the alternatives stand right before that of `anyOf` itself, at its place or below.
    let start = findings.length
    while (start > 0 && isOfAlternative(findings[start - 1]!, error.instancePath)) start -= 1
    const tried = findings.splice(start)
    const chosen = meant(ofMeantForm(tried, error.instancePath, value), { error, path, value })
    for (const finding of chosen) findings.push({ ...finding, triedAt: error.instancePath })
  }
  return findings
}

/** Of `loss`, which is a choice or maps outputs to choices, the failures as that which it was meant to be. */
function ofMeantForm(tried: readonly Finding[], place: string, value: unknown): readonly Finding[] {
  if (place !== '/loss' || value === null || typeof value !== 'object' || Array.isArray(value)) return tried
  const isMap = mapsOutputs(value as Record<string, unknown>, Object.keys(lossTable))
  // The failures of the choice were gathered at the same place before.
  const isPerOutput = tried.some(({ triedAt }) => triedAt === place)
  return isPerOutput ? tried.filter(({ triedAt }) => (triedAt === place) !== isMap) : tried
}

/** The failures worth telling among those of all alternatives for one value. */
function meant(tried: readonly Finding[], whole: Finding): Finding[] {
  const here = (finding: Finding) => finding.error.instancePath === whole.error.instancePath
  const isMismatch = (finding: Finding) =>
    here(finding) &&
    (finding.error.keyword === 'type' || (finding.error.keyword === 'enum' && typeof whole.value !== 'string'))
  const matching = tried.filter((finding) => !isMismatch(finding))
  if (matching.length > 0) return matching
  const kinds = tried.flatMap(
    ({ error, kinds: known }) => known ?? (error.keyword === 'type' ? [String(error.params['type'])] : []),
  )
  return [{ ...whole, error: { ...whole.error, keyword: 'type', params: {} }, kinds: [...new Set(kinds)] }]
}

/** What comes of alternatives that were tried further out is done with, though its place may be below. */
function isOfAlternative({ error, triedAt }: Finding, place: string): boolean {
  const isDone = triedAt !== undefined && triedAt !== place && isWithin(place, triedAt)
  return isWithin(error.instancePath, place) && !isDone
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`)
}

/** A JSON pointer to a path; steps into lists become numbers. */
function parsePointer(pointer: string, root: unknown): Path {
  const path: (string | number)[] = []
  let value = root
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    const key = Array.isArray(value) ? Number(name) : name
    path.push(key)
    value = (value as Record<string | number, unknown> | null)?.[key]
  }
  return path
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | null)?.[step], root)
}

export function isMissing({ error }: Finding): boolean {
  return error.keyword === 'required'
}

/** The keys that each map lacks. */
export function missingKeys(findings: readonly Finding[]): { path: Path; keys: string[] }[] {
  const lacking = new Map<string, { path: Path; keys: string[] }>()
  for (const { error, path } of findings.filter(isMissing)) {
    const entry = lacking.get(error.instancePath) ?? { path, keys: [] }
    entry.keys.push(String(error.params['missingProperty']))
    lacking.set(error.instancePath, entry)
  }
  return [...lacking.values()]
}

/** An item with several keys is one mistake; that all but one are unknown merely follows. */
export function withoutExtraKeys(findings: readonly Finding[]): Finding[] {
  const crowded = new Set(
    findings.flatMap(({ error }) => (error.keyword === 'maxProperties' ? [error.instancePath] : [])),
  )
  return findings.filter(({ error }) => error.keyword !== 'additionalProperties' || !crowded.has(error.instancePath))
}
