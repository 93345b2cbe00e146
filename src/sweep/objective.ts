/** Reads what trials are compared by, and when poor ones stop. */
import { checkKeys, isMap } from '../compose/blocks.ts'
import type { Composition } from '../compose/composition.ts'
import { originInside } from '../compose/origins.ts'
import type { Placed } from '../compose/origins.ts'
import { showValue } from '../diagnostics/schemaMessages.ts'
import type { LogName } from '../language/callbackDef.ts'
import { suggestWord } from '../validation/suggestWord.ts'
import type { SweepDefinition } from './definition.ts'
import { pathsOf } from './readValues.ts'
import { readWhole } from './sample.ts'
import type { Objective, Stopping } from './trial.ts'

const directions = ['maximize', 'minimize'] as const

export function readObjective(context: Composition, { value, origin }: Placed): SweepDefinition['objective'] {
  const [word = '', ...others] = isMap(value) ? pathsOf(value) : []
  const direction = directions.find((one) => one === word)
  const metric = isMap(value) ? value[word] : undefined
  if (direction !== undefined && others.length === 0 && typeof metric === 'string') {
    return { metric, direction, origin: originInside(origin, direction) }
  }
  const isUnknown = isMap(value) && others.length === 0 && direction === undefined
  const place = isUnknown ? originInside(origin, word) : origin
  const meant = isUnknown ? suggestWord(word, directions).word : undefined
  const edits = [{ span: place.written.locateKey(place.path), newText: meant ?? '' }]
  context.report('sweep/bad-objective', place, `an objective cannot be ${showValue(isUnknown ? word : value)}`, {
    atKey: isUnknown,
    help: 'name a metric of the logs: `objective: { maximize: val_accuracy }`, or `{ minimize: val_loss }`',
    fixes: meant === undefined ? [] : [{ kind: 'suggestion', title: `replace it with \`${meant}\``, edits }],
  })
  return undefined
}

const kinds = ['successiveHalving', 'asha'] as const

export function readStopping(context: Composition, { value, origin }: Placed): SweepDefinition['stopping'] {
  const names = isMap(value) ? pathsOf(value) : [String(value)]
  const [name = ''] = names
  const kind = kinds.find((one) => one === name)
  if (kind === undefined || names.length !== 1) {
    const place = isMap(value) && names.length > 0 ? originInside(origin, name) : origin
    const { word } = suggestWord(name, kinds)
    const span = isMap(value) ? place.written.locateKey(place.path) : place.written.locateValue(place.path)
    const message = names.length > 1 ? 'a sweep has one kind of stopping' : `\`${name}\` is not a kind of stopping`
    context.report('sweep/bad-stopping', place, message, {
      atKey: isMap(value),
      help: 'for example `stopping: { successiveHalving: { minEpochs: 1, reduction: 3 } }`',
      fixes:
        word === undefined || names.length > 1
          ? []
          : [{ kind: 'suggestion', title: `replace it with \`${word}\``, edits: [{ span, newText: word }] }],
    })
    return undefined
  }
  return readRungs(
    context,
    kind,
    isMap(value) ? { value: value[kind], origin: originInside(origin, kind) } : { value: null, origin },
  )
}

function readRungs(
  context: Composition,
  kind: Stopping['kind'],
  { value, origin }: Placed,
): SweepDefinition['stopping'] {
  if (value !== null && value !== undefined && !isMap(value)) {
    context.report('sweep/bad-stopping', origin, `\`${kind}\` must be a map, but is ${showValue(value)}`, {
      help: `for example \`${kind}: { minEpochs: 1, reduction: 3 }\``,
    })
    return undefined
  }
  const options = isMap(value) ? value : {}
  checkKeys(context, options, origin, `\`${kind}\``, ['minEpochs', 'reduction'])
  const read = (key: string, least: number, byDefault: number) =>
    options[key] === undefined
      ? byDefault
      : readWhole(context, { value: options[key], origin: originInside(origin, key) }, key, least)
  return { kind, minEpochs: read('minEpochs', 1, 1), reduction: read('reduction', 2, 3), origin }
}

/**
 * What trials are compared by if the sweep does not say it: as `runs` compares, the validation before the training, and an
 * accuracy before the loss.
 */
export function defaultObjective(logs: readonly LogName[]): Objective {
  const names = logs.map(({ name }) => name)
  const validated = names.filter((name) => name.startsWith('val_'))
  const accuracy = (of: readonly string[]) => of.find((name) => /accuracy$/i.test(name))
  const metric = accuracy(validated) ?? validated.find((name) => name === 'val_loss') ?? accuracy(names) ?? 'loss'
  return { metric, direction: /accuracy$/i.test(metric) ? 'maximize' : 'minimize' }
}
