/** The weights of classes against the classes that there are. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { didYouMean, listWords } from '../diagnostics/didYouMean.ts'
import { renameKey } from '../source/edits.ts'
import { reportAt } from '../source/report.ts'
import { withoutNotes } from '../validation/perOutput.ts'
import { tellLabels, type CheckedNetwork } from './meaningCheck.ts'

const place = ['training', 'classWeights']

export function checkClassWeights(network: CheckedNetwork): Diagnostic[] {
  const { spec, shaped, source, dataset } = network
  const { classWeights } = spec.training
  if (classWeights === undefined) return []
  const refuse = (message: string, help: string) => [
    reportAt(source, 'meaning/class-weights', place, message, { help, atKey: true }),
  ]
  if (shaped.outputs.length > 1) {
    const message = `\`classWeights\` are for a network of one output, and this one has ${shaped.outputs.length}`
    return refuse(message, 'leave it out; `lossWeights` says how much each output counts')
  }
  if (dataset !== undefined && dataset.classes === undefined) {
    return refuse(`\`classWeights\` weigh classes, but these are ${tellLabels(network)}`, 'leave it out')
  }
  if (classWeights === 'balanced') return []
  const weights = Object.entries(withoutNotes(classWeights))
  if (weights.length === dataset?.classes && weights.every(([, weight]) => weight === 0)) {
    return refuse('every class has the weight 0, so that nothing would be trained', 'give each its weight; 1 is usual')
  }
  return weights.flatMap(([key]) => tellStranger(key, network))
}

/** A key that is neither the name of a class nor its index; where classes are called by numbers, a number is a name. */
function tellStranger(key: string, { spec, source, dataset }: CheckedNetwork): Diagnostic[] {
  const { classes } = dataset ?? {}
  const names = spec.facts?.classNames ?? []
  const isNumber = /^\d+$/.test(key)
  const isIndex = isNumber && !(names.length > 0 && names.every((name) => /^\d+$/.test(name)))
  if (classes === undefined || names.includes(key) || (isIndex && Number(key) < classes)) return []
  // Without names, only a number can be judged.
  if (names.length === 0 && !isNumber) return []
  const path = [...place, key]
  const meant = isNumber ? undefined : didYouMean(key, names)
  const edits = meant === undefined ? undefined : renameKey(source, path, meant)
  const range = names.length > 0 ? listWords(names.slice(0, 20), 'and') : `0 to ${classes - 1}`
  const what = isIndex
    ? `the index ${key}, but there are ${classes} classes, from 0 on`
    : `\`${key}\`, which is no class`
  return [
    reportAt(source, 'meaning/class-weights', path, `\`classWeights\` holds ${what}`, {
      atKey: true,
      help: meant === undefined ? `the classes: ${range}` : `did you mean \`${meant}\`?`,
      fixes: edits ? [{ kind: 'suggestion', title: `replace \`${key}\` by \`${meant}\``, edits }] : [],
    }),
  ]
}
