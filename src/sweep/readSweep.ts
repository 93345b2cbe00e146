/** Reads the section `sweep` of a spec: what varies, how many trials that gives, and which of them are kept. */
import { checkKeys, isMap } from '../compose/blocks.ts'
import { asDiagnostic } from '../compose/compose.ts'
import { Composition } from '../compose/composition.ts'
import { originInside } from '../compose/origins.ts'
import type { Placed } from '../compose/origins.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { formatCount } from '../diagnostics/formatCount.ts'
import { wrongType } from '../diagnostics/schemaMessages.ts'
import { readCondition } from './condition.ts'
import type { Case, Choices, SweepDefinition } from './definition.ts'
import { ParameterReader } from './parameters.ts'
import { readObjective, readStopping } from './objective.ts'
import { readValues } from './readValues.ts'
import { readSample } from './sample.ts'

/** The largest number of trials. All of them are checked before the first one starts. */
export const mostTrials = 100_000

const sections = ['grid', 'zip', 'cases', 'sample', 'where', 'objective', 'stopping'] as const

/** The section `sweep`, and the spec as written around it. */
export interface SweepSection {
  readonly section: Placed
  readonly root: Placed
}

export interface ReadSweep {
  /** Undefined if the section has errors. */
  readonly definition: SweepDefinition | undefined
  readonly diagnostics: readonly Diagnostic[]
}

export function readSweep({ section, root }: SweepSection, file: string): ReadSweep {
  const context = new Composition()
  const definition = readDefinition(context, section, root)
  const diagnostics = context.problems.map((problem) => asDiagnostic(problem, file, () => 1))
  return { definition: diagnostics.length === 0 ? definition : undefined, diagnostics }
}

function readDefinition(context: Composition, { value, origin }: Placed, root: Placed): SweepDefinition | undefined {
  if (!isMap(value)) {
    const help = 'for example `sweep: { grid: { training.batchSize: [32, 64] } }`'
    context.report('schema/wrong-type', origin, wrongType('`sweep`', value, ['object']), { help, atKey: true })
    return undefined
  }
  checkKeys(context, value, origin, '`sweep`', sections)
  const parameters = new ParameterReader(context, root)
  const at = (key: (typeof sections)[number]): Placed => ({ value: value[key], origin: originInside(origin, key) })
  const states = (key: (typeof sections)[number]) => value[key] !== undefined
  const cases = states('cases') ? readCases(context, at('cases'), parameters) : []
  const zip = states('zip') ? readChoices(context, at('zip'), 'zip', parameters) : []
  const grid = states('grid') ? readChoices(context, at('grid'), 'grid', parameters) : []
  const sample = states('sample') ? readSample(context, at('sample'), parameters) : undefined
  const where = states('where') ? readCondition(context, at('where')) : undefined
  const objective = states('objective') ? readObjective(context, at('objective')) : undefined
  const stopping = states('stopping') ? readStopping(context, at('stopping')) : undefined
  checkLengths(context, zip)
  if (parameters.isEmpty && context.problems.length === 0) {
    const help = 'add `grid`, `zip`, `cases` or `sample`'
    context.report('sweep/nothing-varies', origin, 'this sweep varies nothing', { atKey: true, help })
  }
  const count =
    Math.max(1, cases.length) *
    (zip[0]?.values.length ?? 1) *
    grid.reduce((product, { values }) => product * values.length, 1) *
    (sample?.count ?? 1)
  if (count > mostTrials) {
    const message = `this sweep has ${formatCount(count)} trials; the limit is ${formatCount(mostTrials)}`
    const help = 'vary fewer values, or draw some of them with `sample`'
    context.report('sweep/too-many-trials', origin, message, { atKey: true, help })
  }
  return {
    cases,
    zip,
    grid,
    ...(sample && { sample }),
    ...(where && { where }),
    ...(objective && { objective }),
    ...(stopping && { stopping }),
    origin,
    count,
  }
}

/** Reads maps from paths to lists of values: `grid` and `zip`. */
function readChoices(
  context: Composition,
  { value, origin }: Placed,
  key: string,
  parameters: ParameterReader,
): Choices[] {
  if (!isMap(value)) {
    const help = `for example \`${key}: { training.batchSize: [32, 64] }\``
    context.report('schema/wrong-type', origin, wrongType(`\`${key}\``, value, ['object']), { help })
    return []
  }
  return parameters.readMap(value, origin, (entry, path) => {
    const values = readValues(context, entry, path)
    return values && { values }
  })
}

function readCases(context: Composition, { value, origin }: Placed, parameters: ParameterReader): Case[] {
  if (!Array.isArray(value)) {
    const help = 'for example `cases: [{ optimizer: sgd }, { optimizer: adam }]`'
    context.report('schema/wrong-type', origin, wrongType('`cases`', value, ['array']), { help })
    return []
  }
  if (value.length === 0)
    context.report('sweep/nothing-varies', origin, '`cases` has no values', { help: 'list at least one' })
  return value.map((one: unknown, index) => {
    const place = originInside(origin, index)
    if (!isMap(one)) {
      context.report('schema/wrong-type', place, wrongType('a case', one, ['object']), {
        help: 'write the values of a case as a map, for example `{ optimizer: adam }`',
      })
      return []
    }
    return parameters.readCase(one, place)
  })
}

function checkLengths(context: Composition, zip: readonly Choices[]): void {
  const [first, ...others] = zip
  const other = others.find(({ values }) => values.length !== first!.values.length)
  if (first === undefined || other === undefined) return
  const message = `\`${other.parameter.path}\` has ${formatCount(other.values.length)} values, but \`${first.parameter.path}\` has ${formatCount(first.values.length)}`
  const { written, path } = first.parameter.origin
  context.report('sweep/unequal-lengths', other.parameter.origin, message, {
    help: 'the lists of `zip` go together, so they have the same length; `grid` combines each value with each',
    related: [{ message: 'the other list', span: written.locateValue(path) }],
  })
}
