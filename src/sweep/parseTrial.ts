import type { ComposedSpec } from '../compose/compose.ts'
import type { SpecTexts } from '../diagnostics/diagnostic.ts'
import { countOf, formatCount } from '../diagnostics/formatCount.ts'
import { KnownError } from '../system/knownError.ts'
import { assignmentsOf, valuesOfTrial } from './combinations.ts'
import { readSweep } from './readSweep.ts'
import type { SpecParser } from './specParser.ts'

/**
 * Expands texts with the values of the trial with this number. If its sweep has mistakes, the base is returned.
 *
 * @throws KnownError if there is no such trial.
 */
export function parseTrial(parser: SpecParser, texts: SpecTexts, number: number): ComposedSpec {
  const base = parser.parse(texts)
  if (base.sweep === undefined) {
    if (base.diagnostics.length > 0) return base
    throw new KnownError('usage', `${parser.file} has no \`sweep\`, so it has no trials`, 'remove --trial')
  }
  const { definition } = readSweep(base.sweep, parser.file)
  if (definition === undefined) return base
  if (number > definition.count) {
    const message = `${parser.file} has ${countOf(definition.count, 'trial')}, but --trial is ${formatCount(number)}`
    throw new KnownError('usage', message, '`shapewright sweep --plan` lists the trials')
  }
  return parser.parse(texts, assignmentsOf(valuesOfTrial(definition, number)))
}
