/**
 * Selects schema errors. A validator reports the failures of all alternatives; this file keeps those of the alternative
 * that was meant: for `kernelSize: 0`, "at least 1", not also "must be a list".
 */
import type { Path } from '../diagnostics/diagnostic.ts'
import { lossTable } from '../parts/losses/table.ts'
import type { SchemaError } from './generated/validateSchema.js'
import { mapsOutputs } from './perOutput.ts'

export interface Finding {
  readonly error: SchemaError
  readonly path: Path
  readonly value: unknown
  /** The allowed types, if the value has none of several. */
  readonly kinds?: readonly string[]
  /** The place of the last resolved `anyOf` whose alternatives gave this failure. */
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
    // The failures of the alternatives come right before the failure of `anyOf` itself, at its place or below.
    let start = findings.length
    while (start > 0 && isOfAlternative(findings[start - 1]!, error.instancePath)) start -= 1
    const tried = findings.splice(start)
    const chosen = meant(ofMeantForm(tried, error.instancePath, value), { error, path, value })
    for (const finding of chosen) findings.push({ ...finding, triedAt: error.instancePath })
  }
  return findings
}

/** For `loss`, keeps the failures of the form that was meant: a choice, or a map from outputs to choices. */
function ofMeantForm(tried: readonly Finding[], place: string, value: unknown): readonly Finding[] {
  if (place !== '/loss' || value === null || typeof value !== 'object' || Array.isArray(value)) return tried
  const isMap = mapsOutputs(value as Record<string, unknown>, Object.keys(lossTable))
  // The failures of the choice were already resolved at the same place.
  const isPerOutput = tried.some(({ triedAt }) => triedAt === place)
  return isPerOutput ? tried.filter(({ triedAt }) => (triedAt === place) !== isMap) : tried
}

/** Selects the failures to report among those of all alternatives for one value. */
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

/** Whether a failure comes from an alternative at `place`. One of an `anyOf` further out is excluded, though its place may be below. */
function isOfAlternative({ error, triedAt }: Finding, place: string): boolean {
  const isDone = triedAt !== undefined && triedAt !== place && isWithin(place, triedAt)
  return isWithin(error.instancePath, place) && !isDone
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}/`)
}

/** Converts a JSON pointer to a path, with numbers for list indices. */
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

/** Collects the missing keys of each map. */
export function missingKeys(findings: readonly Finding[]): { path: Path; keys: string[] }[] {
  const lacking = new Map<string, { path: Path; keys: string[] }>()
  for (const { error, path } of findings.filter(isMissing)) {
    const entry = lacking.get(error.instancePath) ?? { path, keys: [] }
    entry.keys.push(String(error.params['missingProperty']))
    lacking.set(error.instancePath, entry)
  }
  return [...lacking.values()]
}

/** Drops what is wrong with the keys of an item that has several: having several keys is already reported as one mistake. */
export function withoutExtraKeys(findings: readonly Finding[]): Finding[] {
  const crowded = new Set(
    findings.flatMap(({ error }) => (error.keyword === 'maxProperties' ? [error.instancePath] : [])),
  )
  const isOfExtraKey = ({ error: { keyword, instancePath } }: Finding) =>
    keyword === 'additionalProperties'
      ? crowded.has(instancePath)
      : crowded.has(instancePath.slice(0, Math.max(0, instancePath.lastIndexOf('/'))))
  return findings.filter((finding) => !isOfExtraKey(finding))
}
