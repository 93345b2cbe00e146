/** Checks that each pattern that chooses layers by name matches a layer with weights. */
import { didYouMean, listWords } from '../diagnostics/didYouMean.ts'
import type { Path } from '../diagnostics/diagnostic.ts'
import { matchesName } from '../language/layerPattern.ts'
import { renameKey, setValue } from '../source/edits.ts'
import type { CheckedNetwork } from './checkedNetwork.ts'
import { defineRule, type Finding } from './defineRule.ts'

/** The largest number of layers that a message lists. */
const mostListed = 10

interface PlacedPattern {
  readonly pattern: string
  readonly path: Path
  readonly isKey: boolean
}

export const layerPatterns = defineRule({
  codes: ['graph/no-match'],
  check(network) {
    const { shaped, source } = network
    if (!shaped.complete) return []
    const names = shaped.nodes.filter(({ weights }) => weights.length > 0).map(({ name }) => name)
    return patternsOf(network).flatMap(({ pattern, path, isKey }): Finding[] => {
      if (names.some((name) => matchesName(pattern, name))) return []
      const meant = didYouMean(pattern, names)
      const edits = meant === undefined ? undefined : (isKey ? renameKey : setValue)(source, path, meant)
      const more = names.length > mostListed ? ', …' : ''
      const title = `replace \`${pattern}\` with \`${meant}\``
      return [
        {
          path,
          atKey: isKey,
          message: `\`${pattern}\` matches no layer that has weights`,
          help:
            meant === undefined
              ? `the layers with weights are ${listWords(names.slice(0, mostListed), 'and')}${more}`
              : `did you mean \`${meant}\`?`,
          fixes: edits ? [{ kind: 'suggestion', title, edits }] : [],
        },
      ]
    })
  },
})

/** The patterns of the spec, with their places. */
function patternsOf({ spec, source }: CheckedNetwork): PlacedPattern[] {
  const { layers = [], except = [] } = spec.weights ?? {}
  const ofWeights = Object.entries({ layers, except }).flatMap(([key, patterns]) =>
    patterns.map((pattern, index) => {
      const whole = ['weights', key]
      const isListed = source.nodeAt([...whole, index]) !== undefined
      return { pattern, path: isListed ? [...whole, index] : whole, isKey: false }
    }),
  )
  const { trainable, learningRates } = spec
  const ofMaps = Object.entries({ trainable, learningRates }).flatMap(([key, map]) =>
    Object.keys(map).map((pattern) => ({ pattern, path: [key, pattern], isKey: true })),
  )
  return [...ofWeights, ...ofMaps]
}
