/**
 * A validator that tries alternatives reports the failure of each. This file keeps those of the alternative that was
 * meant: of `kernelSize: 0`, "at least 1", not also "must be a list".
 */
import type { Path } from '../diagnostics/diagnostic.ts'
import type { SchemaError } from './generated/validateSchema.js'

export interface Finding {
  readonly error: SchemaError
  readonly path: Path
  readonly value: unknown
  /** For a value of none of several types: those types. */
  readonly kinds?: readonly string[]
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
    while (start > 0 && isWithin(findings[start - 1]!.error.instancePath, error.instancePath)) start -= 1
    findings.push(...meant(findings.splice(start), { error, path, value }))
  }
  return findings
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
