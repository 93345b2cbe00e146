/** Helpers for tests of the language service: `|` marks the cursor in a spec, `«…»` a selection. */
import { openSpec } from '../../src/editor/openSpec.ts'
import type { SpecDocument } from '../../src/editor/specDocument.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'

export interface MarkedSpec {
  readonly document: SpecDocument
  readonly offset: number
}

export function atCursor(marked: string): MarkedSpec {
  const offset = marked.indexOf('|')
  return { document: openSpec(marked.replace('|', ''), 'spec.yaml', { host: nodeHost }), offset }
}

export function withSelection(marked: string) {
  const text = marked.replaceAll(/[«»]/g, '')
  const selection = { start: marked.indexOf('«'), end: marked.indexOf('»') - 1 }
  return { document: openSpec(text, 'spec.yaml', { host: nodeHost }), text, selection }
}

/** A spec of MNIST with these layers, each a line. */
export function mnist(...layers: readonly string[]): string {
  return `name: a\ndataset: mnist\nlayers:\n${layers.map((line) => `  - ${line}\n`).join('')}`
}
