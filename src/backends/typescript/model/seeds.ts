/** The seeds of a network: `he(3)` for the third layer, or, where functions and loops create layers, `he()` for the next one. */
import { reference, type Call, type Expression, type SeedExpression } from '../../../language/expression.ts'
import type { Program, ProgramLayer } from '../../../program/program.ts'
import { expressionsIn } from '../expressionsIn.ts'
import { fieldsOf } from './layerFields.ts'

export interface Seeds {
  /** Whether the code refers to the seed of the network. */
  readonly isUsed: boolean
  /** The names that it declares. */
  readonly names: readonly string[]
  readonly declarations: readonly string[]
  /** Returns the call of a layer with the names of initializers. */
  rewrite(call: Call): Call
}

/** Gives each seed its number. */
export function numberSeeds(layers: readonly ProgramLayer[]): Seeds {
  const names = nameInitializers(layers)
  return {
    isUsed: callsOf(layers).some(hasSeed),
    names: [...names.values()],
    declarations: [...names].map(
      ([callee, name]) => `const ${name} = (offset: number) => ${callee}({ seed: seed + offset })`,
    ),
    rewrite: (call) =>
      rewriteSeeds(call, names, {
        seed: (seed) => seed,
        argument: (offset) => [{ kind: 'literal', value: offset }],
      }) as Call,
  }
}

/**
 * Gives each seed the next number. Layers that draw random numbers otherwise in scripts, such as dropout, have a seed in
 * `train`, which is skipped. Returns undefined if the numbers of the program are others.
 */
export function countSeeds({ layers: stated, script }: Program, layers: readonly ProgramLayer[]): Seeds | undefined {
  const offsets = callsOf(stated).flatMap((call) => expressionsIn(call).filter((part) => part.kind === 'seed'))
  if (offsets.some(({ offset }, place) => offset !== place + 1)) return undefined
  const names = nameInitializers(layers)
  const draws = drawingLayers(stated, script?.layers ?? new Map())
  if (draws === undefined) return undefined
  return {
    isUsed: offsets.length > 0,
    names: [...names.values(), ...draws.names],
    declarations: [
      ...[...names].map(([callee, name]) => `const ${name} = () => ${callee}({ seed: ++seed })`),
      ...draws.declarations,
    ],
    rewrite: (call) =>
      rewriteSeeds(draws.rewrite(call), names, { seed: () => reference('++seed'), argument: () => [] }) as Call,
  }
}

/** The layers that are created by `seededDropout(options, place)`. */
function drawingLayers(
  layers: readonly ProgramLayer[],
  made: ReadonlyMap<string, Call>,
): Omit<Seeds, 'isUsed'> | undefined {
  const calls = layers.flatMap((layer) => {
    const call = made.get(layer.name)
    return call && 'call' in layer ? [{ call, isSeeded: hasSeed(layer.call) }] : []
  })
  const [first] = calls
  if (first === undefined) return { names: [], declarations: [], rewrite: (call) => call }
  const { callee } = first.call
  const isCounted = calls.every(({ call, isSeeded }, place) => {
    const [, number] = call.args
    const isNext = number?.kind === 'literal' && number.value === place
    return call.callee === callee && isNext && isSeeded === first.isSeeded
  })
  if (!isCounted) return undefined
  const name = `next${callee.replace('seeded', '')}`
  const skipped = first.isSeeded ? '\n  seed++ // as in `train`, where it draws with a seed' : ''
  const declaration = `const ${name} = (options: Parameters<typeof ${callee}>[0]) => {${skipped}
  return ${callee}(options, place++)
}`
  return {
    names: [name, 'place'],
    declarations: [`let place = 0`, declaration],
    rewrite: (call) => (call.callee === callee ? { ...call, callee: name, args: call.args.slice(0, 1) } : call),
  }
}

function callsOf(layers: readonly ProgramLayer[]): Call[] {
  return layers.flatMap((layer) => ('call' in layer ? [layer.call] : []))
}

function hasSeed(call: Call): boolean {
  return expressionsIn(call).some(({ kind }) => kind === 'seed')
}

/** Names the initializers that take only a seed and are used several times: `he` for heNormal. */
function nameInitializers(layers: readonly ProgramLayer[]): ReadonlyMap<string, string> {
  const used = callsOf(layers).flatMap(expressionsIn).filter(isSeededInitializer)
  const callees = used.map(({ callee }) => callee)
  const counts = new Map<string, number>()
  for (const callee of callees) counts.set(callee, (counts.get(callee) ?? 0) + 1)
  const repeated = [...counts].flatMap(([callee, count]) => (count > 1 ? [callee] : []))
  const whole = (callee: string) => callee.slice(callee.lastIndexOf('.') + 1)
  const stem = (callee: string) => whole(callee).replace(/(Normal|Uniform)$/, '')
  const isAlone = (callee: string) => repeated.every((other) => other === callee || stem(other) !== stem(callee))
  return new Map(repeated.map((callee) => [callee, isAlone(callee) ? stem(callee) : whole(callee)]))
}

interface SeedForm {
  seed(expression: SeedExpression): Expression
  /** The arguments of an initializer with a name. */
  argument(offset: number): readonly Expression[]
}

function rewriteSeeds(expression: Expression, names: ReadonlyMap<string, string>, form: SeedForm): Expression {
  const rewrite = (one: Expression) => rewriteSeeds(one, names, form)
  switch (expression.kind) {
    case 'list':
      return { ...expression, items: expression.items.map(rewrite) }
    case 'record':
      return { ...expression, fields: expression.fields.map(([key, value]) => [key, rewrite(value)]) }
    case 'seed':
      return form.seed(expression)
    case 'call': {
      const callee = isSeededInitializer(expression) ? names.get(expression.callee) : undefined
      if (callee === undefined) return { ...expression, args: expression.args.map(rewrite) }
      const [[, seed]] = fieldsOf(expression) as readonly [readonly [string, SeedExpression]]
      return { kind: 'call', callee, args: form.argument(seed.offset) }
    }
    default:
      return expression
  }
}

function isSeededInitializer(expression: Expression): expression is Call {
  if (expression.kind !== 'call' || !expression.callee.startsWith('tf.initializers.')) return false
  const fields = fieldsOf(expression)
  return fields.length === 1 && fields[0]![1].kind === 'seed'
}
