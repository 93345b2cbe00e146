/** What `normalize` says against the samples, and whether it says one thing. */
import type { Path } from '../diagnostics/diagnostic.ts'
import { defineRule } from './defineRule.ts'

export const normalizeMisfit = defineRule({
  codes: ['meaning/normalize-misfit'],
  check({ spec }) {
    const { normalize, facts } = spec
    if (normalize === undefined) return []
    const { mean, std, fit } = normalize
    const tell = (path: Path, message: string, help: string) => ({ path, message, help, atKey: true })
    const choose = 'write `mean` and `std`, a number for each channel, or `fit: true`'
    if (fit && (mean ?? std) !== undefined) {
      return [tell(['normalize', 'fit'], 'what is fitted to the training samples is stated as well', choose)]
    }
    if (fit) return []
    if (mean === undefined || std === undefined) {
      const missing = mean === undefined ? (std === undefined ? 'by what' : '`mean`') : '`std`'
      return [tell(['normalize'], `\`normalize\` does not say ${missing}`, choose)]
    }
    const channels = facts?.sampleShape?.at(-1) ?? mean.length
    return Object.entries({ mean, std }).flatMap(([key, { length }]) => {
      if (length === channels) return []
      const message = `\`${key}\` has ${length} ${length === 1 ? 'number' : 'numbers'}, but the samples have ${channels} ${channels === 1 ? 'channel' : 'channels'}`
      return [tell(['normalize', key], message, choose)]
    })
  },
})
