/** Validates a spec by its JSON Schema: the validator finds the places of mistakes, the reports of this folder explain them. */
import { keyOfSpan, toJsonPointer, type Diagnostic, type Path } from '../diagnostics/diagnostic.ts'
import { mergeGroup } from '../diagnostics/mergeUses.ts'
import { showValue } from '../diagnostics/schemaMessages.ts'
import type { SourceDocument } from '../source/source.ts'
import { validateSchema } from './generated/validateSchema.js'
import { reportLength, reportMisfit } from './misfits.ts'
import { reportOneType } from './reportOneType.ts'
import { lacksAnchor, reportMissingKeys, reportUnknownKey } from './reportKeys.ts'
import { reportOtherPart } from './reportParts.ts'
import { reportOutOfRange, reportUnknownValue, reportWrongType } from './reportValues.ts'
import { chooseBranches, isMissing, missingKeys, withoutExtraKeys, type Finding } from './schemaErrors.ts'
import { schemaAt } from './schemaNode.ts'
import { SpecCheck } from './specCheck.ts'

export interface Validation {
  readonly diagnostics: readonly Diagnostic[]
  /**
   * The places of mistakes that make the surrounding part unusable. An alias brings one mistake, and so one diagnostic, to
   * several places.
   */
  readonly broken: readonly Path[]
}

/** Validates a document against the schema of the language. */
export function validateSpec(source: SourceDocument): Validation {
  if (validateSchema(source.value)) return { diagnostics: [], broken: source.unknown }
  const all = withoutExtraKeys(chooseBranches(validateSchema.errors ?? [], source.value))
  const findings = withoutUnknown(all, source.unknown)
  const check = new SpecCheck(source)
  const bySpan = new Map<string, Diagnostic[]>()
  const broken: Path[] = [...source.unknown]
  // A required key that is merely misspelt is reported once, at the misspelling.
  const add = (diagnostic: Diagnostic): void => {
    const place = keyOfSpan(diagnostic.span)
    const others = bySpan.get(place)
    if (others === undefined) bySpan.set(place, [diagnostic])
    else if (others[0]?.code === diagnostic.code) others.push(diagnostic)
  }
  for (const finding of findings.filter((one) => !isMissing(one))) {
    const diagnostic = reportOtherPart(check, finding) ?? reportFinding(check, finding)
    add(diagnostic)
    if (!isStray(check, finding)) broken.push(diagnostic.path)
  }
  for (const { path, keys } of missingKeys(findings)) {
    broken.push(path)
    const needed = keys.filter((key) => !check.foundElsewhere.has(toJsonPointer([...path, key])))
    if (needed.length > 0 && !lacksAnchor(check, path)) add(reportMissingKeys(check, path, needed))
  }
  return { diagnostics: [...bySpan.values()].map(mergeGroup), broken }
}

/** Drops what the validator says about values that could not be computed. */
function withoutUnknown(findings: readonly Finding[], unknown: readonly Path[]): readonly Finding[] {
  if (unknown.length === 0) return findings
  const places = new Set(unknown.map(toJsonPointer))
  return findings.filter(
    ({ path }) => !path.some((_step, index) => places.has(toJsonPointer(path.slice(0, index + 1)))),
  )
}

function reportFinding(check: SpecCheck, finding: Finding): Diagnostic {
  const { error, path, value } = finding
  const key = String(path.findLast((step) => typeof step === 'string') ?? 'spec')
  switch (error.keyword) {
    case 'additionalProperties':
      return reportUnknownKey(check, finding, String(error.params['additionalProperty']))
    case 'enum':
      return reportUnknownValue(check, finding, key, error.params['allowedValues'] as readonly unknown[])
    case 'type':
      return reportWrongType(check, finding, key)
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return reportOutOfRange(check, finding, key)
    case 'pattern':
      return reportMisfit(check.source, error.params['pattern'], path, String(value))
    case 'minItems':
    case 'maxItems':
      return reportLength(check, finding, key)
    case 'minProperties':
    case 'maxProperties':
      return reportOneType(check, finding)
    default:
      return check.report('schema/wrong-type', path, `\`${key}\` cannot be ${showValue(value)}`)
  }
}

const sectionsOfOptions: ReadonlySet<string | number> = new Set(['optimizer', 'training', 'normalize', 'budget'])

/**
 * Whether an unknown key can be ignored, since the other options mean the same without it. In a layer they may not: the
 * unknown key may have been meant to change the shape.
 */
function isStray(check: SpecCheck, { error, path }: Finding): boolean {
  if (error.keyword !== 'additionalProperties' || !sectionsOfOptions.has(path[0] ?? '')) return false
  return schemaAt(check.schema, path)?.maxProperties !== 1
}
