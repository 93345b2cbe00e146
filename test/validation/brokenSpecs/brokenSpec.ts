/**
 * A broken spec of the tables beside this file: a good spec with one section replaced, so that a row shows its one
 * mistake and no more. `# ✗ schema/unknown-key` ends the line that must be blamed, and names the code; it is taken out
 * before the spec is checked.
 */
import type { DiagnosticCode } from '../../../src/diagnostics/codes.ts'

export interface BrokenSpec {
  readonly title: string
  readonly name?: string
  readonly dataset?: string
  readonly input?: string
  readonly layers?: string
  readonly outputs?: string
  readonly optimizer?: string
  readonly loss?: string
  readonly metrics?: string
  readonly training?: string
  /** Further lines at the end. */
  readonly also?: string
  /** The whole text, where a section does not suffice. */
  readonly spec?: string
  /**
   * What the text holds after the first fix; rows without it get no fix, since nothing says what was meant. Every fix
   * that is offered must lead to a clean check.
   */
  readonly fixed?: string
}

export interface MarkedMistake {
  readonly code: DiagnosticCode
  /** Counted from 1. */
  readonly line: number
}

/** The sections of a spec in which nothing is wrong; a row replaces some, and an empty string leaves one out. */
const goodSections = {
  name: 'example',
  dataset: 'mnist',
  input: '',
  layers: `
    - conv2d: { filters: 8, kernelSize: 3, activation: relu }
    - maxPooling2d
    - flatten
    - dense: { units: 10, activation: softmax }`,
  outputs: '',
  optimizer: '{ sgd: { learningRate: 0.01 } }',
  loss: 'categoricalCrossentropy',
  metrics: '[accuracy]',
  training: '{ epochs: 2, batchSize: 32, seed: 1 }',
}

/** The layers that make a class of the MNIST images behind those of a row. */
export const classify = `
    - flatten
    - dense: { units: 10, activation: softmax }`

const mark = / *# ✗ ([a-z]+\/[a-z-]+)$/

/** The text of a row, and the mistakes that are marked in it. */
export function readBrokenSpec(row: BrokenSpec): { text: string; mistakes: readonly MarkedMistake[] } {
  const lines = (row.spec === undefined ? composeSections(row) : trimBlock(row.spec)).split('\n')
  const mistakes = lines.flatMap((line, index) => {
    const code = mark.exec(line)?.[1]
    return code === undefined ? [] : [{ code: code as DiagnosticCode, line: index + 1 }]
  })
  return { text: lines.map((line) => line.replace(mark, '')).join('\n'), mistakes }
}

function composeSections(row: BrokenSpec): string {
  const sections = Object.entries(goodSections).flatMap(([key, good]) => {
    const value = row[key as keyof typeof goodSections] ?? good
    if (value === '') return []
    return [value.startsWith('\n') ? `${key}:\n${indent(trimBlock(value))}` : `${key}: ${value}`]
  })
  return `${[...sections, ...(row.also === undefined ? [] : [trimBlock(row.also)])].join('\n')}\n`
}

/** A text written between backticks, without the line break it begins with and the indentation of its source. */
export function trimBlock(text: string): string {
  const lines = text.replace(/^\n/, '').split('\n')
  const margins = lines.flatMap((line) => (line.trim() === '' ? [] : [/^ */.exec(line)![0].length]))
  return lines.map((line) => line.slice(Math.min(...margins))).join('\n')
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : `  ${line}`))
    .join('\n')
}
