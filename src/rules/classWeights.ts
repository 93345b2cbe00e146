/** Checks that `classWeights` fits the classes of the dataset. */
import { didYouMean, listWords } from '../diagnostics/didYouMean.ts'
import { renameKey } from '../source/edits.ts'
import { withoutNotes } from '../validation/perOutput.ts'
import { defineRule, type Finding } from './defineRule.ts'
import { describeLabels, type CheckedNetwork } from './checkedNetwork.ts'

const place = ['training', 'classWeights']

export const classWeights = defineRule({
  codes: ['meaning/class-weights'],
  check(network) {
    const { spec, shaped, dataset } = network
    const weights = spec.training.classWeights
    if (weights === undefined) return []
    const refuse = (message: string, help: string) => [{ path: place, message, help, atKey: true }]
    if (shaped.outputs.length > 1) {
      const message = `\`classWeights\` needs a network with one output, but this one has ${shaped.outputs.length}`
      return refuse(message, 'remove it; `lossWeights` weights the outputs')
    }
    if (dataset !== undefined && dataset.classes === undefined) {
      return refuse(
        `\`classWeights\` needs class labels, but does not fit ${describeLabels(network)}`,
        'remove `classWeights`',
      )
    }
    if (weights === 'balanced') return []
    const entries = Object.entries(withoutNotes(weights))
    if (entries.length === dataset?.classes && entries.every(([, weight]) => weight === 0)) {
      return refuse(
        'the weight of every class is 0, so nothing would be trained',
        'use a positive weight for each class that counts; the default is 1',
      )
    }
    return entries.flatMap(([key]) => checkKey(key, network))
  },
})

/** Reports a key that is neither the name of a class nor its index. If all class names are numbers, a number is a name. */
function checkKey(key: string, { spec, source, dataset }: CheckedNetwork): Finding[] {
  const { classes } = dataset ?? {}
  const names = spec.facts?.classNames ?? []
  const isNumber = /^\d+$/.test(key)
  const isIndex = isNumber && !(names.length > 0 && names.every((name) => /^\d+$/.test(name)))
  if (classes === undefined || names.includes(key) || (isIndex && Number(key) < classes)) return []
  // Without known names, only a number can be checked.
  if (names.length === 0 && !isNumber) return []
  const path = [...place, key]
  const meant = isNumber ? undefined : didYouMean(key, names)
  const edits = meant === undefined ? undefined : renameKey(source, path, meant)
  const range = names.length > 0 ? listWords(names.slice(0, 20), 'and') : `0 to ${classes - 1}`
  const what = isIndex
    ? `the index ${key}, but the ${classes} classes are numbered from 0 to ${classes - 1}`
    : `\`${key}\`, which is not a class`
  return [
    {
      path,
      message: `\`classWeights\` contains ${what}`,
      atKey: true,
      help: meant === undefined ? `the classes are ${range}` : `did you mean \`${meant}\`?`,
      fixes: edits ? [{ kind: 'suggestion', title: `replace \`${key}\` with \`${meant}\``, edits }] : [],
    },
  ]
}
