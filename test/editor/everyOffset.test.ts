import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { codeActionsAt } from '../../src/editor/codeActions.ts'
import { completionsAt } from '../../src/editor/completion.ts'
import { definitionAt, referencesAt, renamableAt } from '../../src/editor/definitions.ts'
import { hoverAt } from '../../src/editor/hover.ts'
import { documentLinks } from '../../src/editor/fileLinks.ts'
import { inlayHints } from '../../src/editor/inlayHints.ts'
import { openSpec } from '../../src/editor/openSpec.ts'
import { codeLenses, outlineOf, semanticTokens } from '../../src/editor/symbols.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'

const specs = ['configs', 'configs/sweeps', 'configs/zoo'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}/${name}`),
)

/** Texts on which a parser has the least to hold on to. */
const broken = [
  '',
  '\n',
  '- ',
  'layers:',
  'layers: [',
  'a: &x [*x]\nlayers: *x',
  'layers:\n  - {',
  '{"layers": 1}',
  '\ufeffname: a\r\nlayers:\r\n  - \r\n',
  'layers: { a: $(',
  'vars: 1\nblocks: 2\nlayers: 3',
]

it.each([
  ...specs.map((file) => [file, readFileSync(file, 'utf8')]),
  ...broken.map((text) => ['broken.yaml', text]),
] as [string, string][])('answers everywhere in %s', (file, text) => {
  const document = openSpec(text, file, { host: nodeHost })
  const step = Math.max(1, Math.floor(text.length / 25))
  for (let offset = 0; offset <= text.length; offset += step) {
    for (const item of completionsAt(document, offset)) expect(item.span.start).toBeLessThanOrEqual(item.span.end)
    expect(hoverAt(document, offset)?.markdown).not.toBe('')
    definitionAt(document, offset)
    referencesAt(document, offset)
    renamableAt(document, offset)
  }
  codeActionsAt(document, { start: Math.floor(text.length / 2), end: Math.floor(text.length / 2) })
  for (const { offset } of inlayHints(document, { start: 0, end: text.length }))
    expect(offset).toBeLessThanOrEqual(text.length)
  for (const { span } of [...codeLenses(document), ...documentLinks(document), ...semanticTokens(document)]) {
    expect(span.end).toBeGreaterThanOrEqual(span.start)
  }
  for (const { span, nameSpan } of outlineOf(document)) expect(nameSpan.start).toBeGreaterThanOrEqual(span.start)
})
