import { describe, expect, it } from 'vitest'
import { mergeTrials, type MergedTrial } from '../../src/tasks/sweep/mergeTrials.ts'
import { facts } from './sweepFixture.ts'

/** `a` is a trial with the value a that can be trained and whose spec is called a, `-a` one that cannot. */
const trials = (words: string): MergedTrial[] =>
  words.split(' ').flatMap((word, index) => {
    if (word === '') return []
    const isReady = !word.startsWith('-')
    const [value = '', id = value] = word.replace('-', '').split('=')
    const state = isReady ? ('ready' as const) : ('excluded' as const)
    return [{ number: index + 1, label: value, values: { value }, state, facts, epochs: 1, ...(isReady && { id }) }]
  })
const show = (merged: readonly MergedTrial[]) =>
  merged
    .map(
      ({ number, label, state, id }) =>
        `${number}:${state === 'ready' ? '' : '-'}${label}${id === label || id === undefined ? '' : `=${id}`}`,
    )
    .join(' ')

describe('the trials of a sweep whose file was edited', () => {
  it.each([
    ['nothing changed', 'a b c', 'a b c', '1:a 2:b 3:c'],
    ['one more', 'a b', 'a b c', '1:a 2:b 3:c'],
    ['one more in the middle', 'a b', 'a c b', '1:a 2:b 3:c'],
    ['others', 'a b', 'c d', '1:a 2:b 3:c 4:d'],
    ['one less', 'a b c', 'a c', '1:a 2:b 3:c'],
    ['all specs changed', 'a b', 'a=x b=y', '1:a 2:b 3:a=x 4:b=y'],
    ['excluded now', 'a b', 'a -b', '1:a 2:b'],
    ['no longer excluded', 'a -b', 'a b', '1:a 2:b'],
    ['still excluded', 'a -b', '-b a', '1:a 2:-b'],
    ['equal specs twice', 'a a', 'a a a', '1:a 2:a 3:a'],
    ['none before', '', 'a', '1:a'],
  ])('%s: %s, then %s', (_title, before, now, want) => {
    expect(show(mergeTrials(trials(before), trials(now)))).toBe(want)
  })
})
