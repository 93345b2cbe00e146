/** README and docs/measurements show what the last full run of the training benchmark measured. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type TrainingSpeed, trainingSpeedPage, withSummary } from '../../bench/train/page.ts'

const measured = JSON.parse(readFileSync('docs/measurements/training-speed.json', 'utf8')) as TrainingSpeed

describe('the figures of the training benchmark', () => {
  it('are those of README', () => {
    const readme = readFileSync('README.md', 'utf8')
    expect(readme).toBe(withSummary(readme, measured))
  })
  it('are those of docs/measurements/training-speed.md', () => {
    expect(readFileSync('docs/measurements/training-speed.md', 'utf8')).toBe(trainingSpeedPage(measured))
  })
})
