/** JSON Schema validation to diagnostics: the validator finds the places, the reports of this folder say what is wrong there. */
import { toJsonPointer, type Diagnostic, type Path } from '../diagnostics/diagnostic.ts'
import { outOfRange, showValue } from '../diagnostics/schemaMessages.ts'
import type { SourceDocument } from '../source/source.ts'
import { validateSchema } from './generated/validateSchema.js'
import { describeLength, reportMisfit } from './misfits.ts'
import { reportOneType } from './reportOneType.ts'
import { reportMissingKeys, reportUnknownKey } from './reportKeys.ts'
import { reportUnknownValue, reportWrongType } from './reportValues.ts'
import { chooseBranches, isMissing, missingKeys, withoutExtraKeys, type Finding } from './schemaErrors.ts'
import { schemaAt } from './schemaNode.ts'
import { SpecCheck } from './specCheck.ts'

export interface Validation {
  readonly diagnostics: readonly Diagnostic[]
  /**
   * Every place with a mistake that leaves open what is meant by what holds it. An alias brings one mistake, and one
   * diagnostic, to several places.
   */
  readonly broken: readonly Path[]
}

/** Checks the document against the language. */
export function validateSpec(source: SourceDocument): Validation {
  if (validateSchema(source.value)) return { diagnostics: [], broken: [] }
  const findings = withoutExtraKeys(chooseBranches(validateSchema.errors ?? [], source.value))
  const check = new SpecCheck(source)
  const told = new Map<string, Diagnostic>()
  const broken: Path[] = []
  // A missing key that stands there misspelt is one mistake, told at the misspelling.
  const tell = (diagnostic: Diagnostic): void => {
    const place = `${diagnostic.span.start}:${diagnostic.span.end}`
    if (!told.has(place)) told.set(place, diagnostic)
  }
  for (const finding of findings.filter((one) => !isMissing(one))) {
    const diagnostic = reportFinding(check, finding)
    tell(diagnostic)
    if (!isStray(check, finding)) broken.push(diagnostic.path)
  }
  for (const { path, keys } of missingKeys(findings)) {
    broken.push(path)
    const needed = keys.filter((key) => !check.foundElsewhere.has(toJsonPointer([...path, key])))
    if (needed.length > 0) tell(reportMissingKeys(check, path, needed))
  }
  return { diagnostics: [...told.values()], broken }
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
      return check.report('schema/out-of-range', path, outOfRange(key, value, error.keyword, error.params['limit']))
    case 'pattern':
      return reportMisfit(check.source, error.params['pattern'], path, String(value))
    case 'minItems':
    case 'maxItems':
      return check.report('schema/wrong-length', path, describeLength(error, key, value))
    case 'minProperties':
    case 'maxProperties':
      return reportOneType(check, finding)
    default:
      return check.report('schema/wrong-type', path, `\`${key}\` cannot be ${showValue(value)}`)
  }
}

const sectionsOfOptions: ReadonlySet<string | number> = new Set(['optimizer', 'training', 'normalize', 'budget'])

/**
 * Whether a key is one too many among options that mean what they mean without it. Of a layer, they may not: what the
 * key was to do may change its shape.
 */
function isStray(check: SpecCheck, { error, path }: Finding): boolean {
  if (error.keyword !== 'additionalProperties' || !sectionsOfOptions.has(path[0] ?? '')) return false
  return schemaAt(check.schema, path)?.maxProperties !== 1
}
