/** Checks that `normalize` is consistent and fits the channels of the samples. */
import { countOf } from '../diagnostics/formatCount.ts'
import type { Path } from '../diagnostics/diagnostic.ts'
import { defineRule } from './defineRule.ts'

export const normalizeMisfit = defineRule({
  codes: ['meaning/normalize-misfit'],
  check({ spec }) {
    const { normalize, facts } = spec
    if (normalize === undefined) return []
    const { mean, std, fit } = normalize
    const finding = (path: Path, message: string, help: string) => ({ path, message, help, atKey: true })
    const choose = 'set both `mean` and `std`, one number per channel, or `fit: true`'
    if (fit && (mean ?? std) !== undefined) {
      return [finding(['normalize', 'fit'], '`fit: true` cannot be combined with `mean` or `std`', choose)]
    }
    if (fit) return []
    if (mean === undefined || std === undefined) {
      const missing = mean === undefined ? (std === undefined ? '`mean` and `std`' : '`mean`') : '`std`'
      return [finding(['normalize'], `\`normalize\` is missing ${missing}`, choose)]
    }
    const channels = facts?.sampleShape?.at(-1) ?? mean.length
    return Object.entries({ mean, std }).flatMap(([key, { length }]) => {
      if (length === channels) return []
      const message = `\`${key}\` has ${countOf(length, 'number')}, but the samples have ${countOf(channels, 'channel')}`
      return [finding(['normalize', key], message, choose)]
    })
  },
})
