import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { applyEdits } from '../../src/diagnostics/diagnostic.ts'
import { completionsAt } from '../../src/editor/completion.ts'
import { definitionAt, referencesAt, renamableAt, renameAt } from '../../src/editor/definitions.ts'
import { documentLinks } from '../../src/editor/fileLinks.ts'
import { atCursor, mnist } from './cursor.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const composed = [
  'name: a',
  'dataset: mnist',
  'vars: { width: 4, twice: $(2 * width) }',
  'blocks:',
  '  unit:',
  '    params: { filters: , width: 3 }',
  '    layers:',
  '      - conv2d: { name: inner, filters: $filters, kernelSize: $width }',
  '      - reLU: { inputs: inner }',
  'layers:',
  '  - unit: { name: first, filters: $width }',
  '  - unit: { filters: $(twice + width) }',
  '  - repeat: { times: 2, as: i, layers: [{ dense: { units: $(i + width) } }] }',
  '  - concatenate: { inputs: [first, first] }',
  'outputs: [concatenate]',
].join('\n')

/** The composed spec with the cursor after the nth occurrence of a text. */
function cursorIn(text: string, occurrence = 1): string {
  let at = -1
  for (let count = 0; count < occurrence; count += 1) at = composed.indexOf(text, at + 1)
  return `${composed.slice(0, at + text.length)}|${composed.slice(at + text.length)}`
}

const lineOf = (text: string, offset: number) => text.slice(0, offset).split('\n').length

const definitions: readonly [what: string, given: string, line: number | undefined][] = [
  ['a variable', cursorIn('filters: $wid'), 3],
  ['a variable in an expression', cursorIn('$(twi'), 3],
  ['a variable in another variable', cursorIn('$(2 * wid'), 3],
  ['a parameter, which hides a variable', cursorIn('kernelSize: $wid'), 6],
  ['a counter', cursorIn('units: $(i'), 13],
  ['a block', cursorIn('  - uni'), 5],
  ['a parameter in a call', cursorIn('- unit: { name: first, fil'), 6],
  ['a layer in a block', cursorIn('inputs: inn'), 8],
  ['a call by its name', cursorIn('inputs: [fir'), 11],
  ['a layer by its automatic name', cursorIn('outputs: [concat'), 14],
  ['nothing in a number', cursorIn('times: 2'), undefined],
]

const resnet = 'extends: ./configs/zoo/resnet-20.yaml\nname: a\n'
/** A network whose layers are chosen by their names, in calls and iterations too. */
const chosen = (text: string) =>
  `name: a
dataset: mnist
blocks:
  unit:
    layers:
      - conv2d: { name: inner, filters: 3, kernelSize: 3 }
      - batchNormalization
layers:
  - unit: { name: first }
  - repeat: { name: rest, times: 2, layers: [{ unit: { name: step } }] }
  - flatten
  - dense: { name: head, units: 10 }
${text}
`

const placesOfLayers: readonly [what: string, given: string, line: number | undefined][] = [
  ['a frozen layer', chosen("trainable: { '*': false, 'he|ad': true }"), 12],
  ['a layer with a learning rate', chosen('learningRates: { he|ad: 2 }'), 12],
  ['a layer that keeps its weights', chosen('weights: { from: runs/a, except: [he|ad] }'), 12],
  ['a call in the name of a layer', chosen('trainable: { fir|st/inner: true }'), 9],
  ['a layer in a call', chosen("trainable: { 'first/inn|er': true }"), 6],
  ['a layer in a call in an iteration', chosen('learningRates: { rest/1/step/in|ner: 2 }'), 6],
  ['a call in an iteration', chosen('learningRates: { rest/1/st|ep/inner: 2 }'), 10],
  ['nothing of a pattern', chosen("trainable: { 'he|*': true }"), undefined],
]

it.each([...definitions, ...placesOfLayers])('finds the definition of %s', (_what, given, line) => {
  const { document, offset } = atCursor(given)
  const span = definitionAt(document, offset)
  expect(span && lineOf(document.text, span.start)).toBe(line)
})

describe('paths', () => {
  const folder = temporaryFolder()
  beforeAll(() => {
    for (const name of ['run/model', 'exported', 'empty']) mkdirSync(join(folder, name), { recursive: true })
    for (const name of ['run/spec.yaml', 'run/model/model.json', 'exported/model.json', 'a.safetensors'])
      writeFileSync(join(folder, name), '')
  })

  const paths: readonly [from: string, target: string | undefined][] = [
    ['run', 'run/spec.yaml'],
    ['exported', 'exported/model.json'],
    ['exported/model.json', 'exported/model.json'],
    ['a.safetensors', 'a.safetensors'],
    ['empty', undefined],
    ['missing', undefined],
  ]

  it.each(paths)('leads from the weights of %s to %s', (from, target) => {
    const { document, offset } = atCursor(chosen(`weights: { from: '${folder}/|${from}' }`))
    const file = target && join(folder, target)
    expect(documentLinks(document).map((link) => link.file)).toEqual(file === undefined ? [] : [file])
    expect(definitionAt(document, offset)?.file).toBe(file)
  })

  it('offers the folders with trained models as weights', () => {
    const { document, offset } = atCursor(chosen(`weights: { from: ${folder}/| }`))
    const labels = completionsAt(document, offset).map(({ label }) => label.slice(folder.length + 1))
    expect(labels.toSorted()).toEqual(['a.safetensors', 'empty/', 'exported', 'exported/', 'run', 'run/'])
  })
})

const inherited: readonly [what: string, given: string, file: string, text: string][] = [
  [
    'an overridden layer',
    'extends: ./configs/mnist-cnn.yaml\nname: a\noverride: { den|se: { units: 4 } }\n',
    'configs/mnist-cnn.yaml',
    'dense',
  ],
  ['a variable', `${resnet}training: { epochs: $(10 * dep|th) }\n`, 'configs/zoo/resnet-20.yaml', 'depth'],
  ['a block', `${resnet}layers: [{ u|nit: { filters: 4 } }]\n`, 'configs/zoo/resnet-20.yaml', 'unit'],
]

it.each(inherited)('finds the definition of %s in the file that is extended', (_what, given, file, text) => {
  const { document, offset } = atCursor(given)
  const span = definitionAt(document, offset)!
  expect([span.file, readFileSync(file, 'utf8').slice(span.start, span.end)]).toEqual([file, text])
})

const references: readonly [what: string, given: string, lines: readonly number[]][] = [
  ['a variable, without the parameter of the same name', cursorIn('vars: { wid'), [3, 3, 11, 12, 13]],
  ['a parameter', cursorIn('params: { filters: , wid'), [6, 8]],
  ['a block', cursorIn('  uni'), [5, 11, 12]],
  ['a call', cursorIn('name: fir'), [11, 14, 14]],
  [
    'a layer that is chosen by name',
    chosen("trainable: { he|ad: true }\nlearningRates: { 'head': 2, 'he*': 3 }\nweights: { from: a, except: head }"),
    [12, 13, 14, 15],
  ],
  [
    'a layer in calls',
    chosen('trainable:\n  first/in|ner: true\n  rest/0/step/inner: true\n  first: false'),
    [6, 14, 15],
  ],
  [
    'a call around layers',
    chosen('trainable:\n  fir|st/inner: true\n  rest/0/step/inner: true\n  first: false'),
    [9, 14, 16],
  ],
]

it.each(references)('finds all places of %s', (_what, given, lines) => {
  const { document, offset } = atCursor(given)
  expect(referencesAt(document, offset).map(({ start }) => lineOf(document.text, start))).toEqual(lines)
})

describe('rename', () => {
  const renames: readonly [what: string, given: string, to: string, line: number, want: string][] = [
    ['a variable', cursorIn('vars: { wid'), 'w', 12, '  - unit: { filters: $(twice + w) }'],
    ['a parameter in calls', cursorIn('params: { fil'), 'n', 11, '  - unit: { name: first, n: $width }'],
    ['a block', cursorIn('  - uni'), 'stage', 5, '  stage:'],
    ['a call', cursorIn('inputs: [fir'), 'entry', 14, '  - concatenate: { inputs: [entry, entry] }'],
    [
      'a quoted name',
      mnist("flatten: { name: 'fl|at' }", 'dense: { units: 3, inputs: "flat" }'),
      'rows',
      5,
      '  - dense: { units: 3, inputs: "rows" }',
    ],
    [
      'a layer that is chosen by name',
      chosen("trainable: { '*': false, 'he|ad': true }"),
      'top',
      13,
      "trainable: { '*': false, 'top': true }",
    ],
    [
      'a call with layers that are chosen by name',
      chosen('trainable: { first/inner: true, first: false }').replace('name: first', 'name: fir|st'),
      'stem',
      13,
      'trainable: { stem/inner: true, stem: false }',
    ],
    [
      'a layer that starts from weights',
      chosen('weights: { from: a, layers: [he|ad] }'),
      'top',
      13,
      'weights: { from: a, layers: [top] }',
    ],
  ]

  it.each(renames)('changes all places of %s', (_what, given, to, line, want) => {
    const { document, offset } = atCursor(given)
    const edits = renameAt(document, offset, to)
    expect(typeof edits === 'string' ? edits : applyEdits(document.text, edits).split('\n')[line - 1]).toBe(want)
  })

  const refused: readonly [given: string, to: string, message: string][] = [
    [cursorIn('vars: { wid'), 'twice', '`twice` is already the name of another variable'],
    [cursorIn('vars: { wid'), '2x', '`2x` is not a name: write a letter, then letters, digits and _'],
    [cursorIn('outputs: [concat'), 'join', 'nothing here can be renamed'],
    [chosen("trainable: { 'head|*': true }"), 'top', 'nothing here can be renamed'],
    ...["trainable: { 'he*': false }", "learningRates: { '*d': 2 }", "weights: { from: a, layers: 'head*' }"].map(
      (section): [string, string, string] => [
        chosen(section).replace('name: head', 'name: he|ad'),
        'stop',
        '`stop` matches other patterns of layer names than `head`: change the patterns first',
      ],
    ),
  ]

  it.each(refused)('refuses %j to %s', (given, to, message) => {
    const { document, offset } = atCursor(given)
    expect(renameAt(document, offset, to)).toBe(message)
    expect(renamableAt(document, offset) === undefined).toBe(message === 'nothing here can be renamed')
  })
})
