/** Every kind of edit, on flow and block style; comments and layout stay. */
import { describe, expect, it } from 'vitest'
import { applyEdits, type Path, type TextEdit } from '../../src/diagnostics/diagnostic.ts'
import {
  addEntry,
  insertItemBefore,
  nestUnderFirst,
  removeEntry,
  renameKey,
  setValue,
  yamlText,
} from '../../src/source/edits.ts'
import { parseSource, type SourceDocument } from '../../src/source/source.ts'

type Edit = (source: SourceDocument) => TextEdit[] | undefined

function edited(text: string, edit: Edit): string {
  const { source, diagnostics } = parseSource(text, 'spec.yaml')
  expect(diagnostics).toEqual([])
  const edits = edit(source)
  return edits === undefined ? 'no edit' : applyEdits(text, edits)
}

const table = (name: string, rows: readonly (readonly [string, string])[], edit: Edit) =>
  describe(name, () => {
    it.each(rows)('%j', (before, after) => expect(edited(before, edit)).toBe(after))
  })

table(
  'renameKey',
  [
    ['a: { b: 1 }', 'a: { word: 1 }'],
    ['a:\n  b: 1 # note\n', 'a:\n  word: 1 # note\n'],
    ['a: { "b": 1 }', 'a: { word: 1 }'],
    ['a: { b }', 'a: { word }'],
    ['x: &x { b: 1 }\na: *x\n', 'x: &x { word: 1 }\na: *x\n'],
    ['x: &x { b: 1 }\na: { <<: *x }\n', 'x: &x { word: 1 }\na: { <<: *x }\n'],
  ],
  (source) => renameKey(source, ['a', 'b'], 'word'),
)

table(
  'renameKey of a bare word in a list',
  [
    ['a:\n  - Flatten # note\n', 'a:\n  - flatten # note\n'],
    ['a: [Flatten, x]', 'a: [flatten, x]'],
  ],
  (source) => renameKey(source, ['a', 0], 'flatten'),
)

table(
  'setValue',
  [
    ['a: { b: 1 }', 'a: { b: [3, 3] }'],
    ['a: { b: 1, c: 2 }', 'a: { b: [3, 3], c: 2 }'],
    ['a:\n  b: 1 # note\n', 'a:\n  b: [3, 3] # note\n'],
    ['a:\n  b: "1"\n  c: 2\n', 'a:\n  b: [3, 3]\n  c: 2\n'],
    ['a:\n  b: [1,\n      2] # note\n  c: 2\n', 'a:\n  b: [3, 3] # note\n  c: 2\n'],
    ['a:\n  b:\n    - 1 # one\n    - 2 # two\n  c: 2\n', 'a:\n  b:\n    [3, 3] # two\n  c: 2\n'],
    ['a: { c: 2 }', 'a: { c: 2, b: [3, 3] }'],
    ['a: {}', 'a: { b: [3, 3] }'],
    ['x: &x 1\na: { b: *x }', 'x: &x [3, 3]\na: { b: *x }'],
    ['a: 1', 'no edit'],
  ],
  (source) => setValue(source, ['a', 'b'], [3, 3]),
)

table(
  'addEntry',
  [
    ['a: { b: 1 }', 'a: { b: 1, word: same }'],
    ['a: {b: 1}', 'a: {b: 1, word: same}'],
    ['a: {}', 'a: { word: same }'],
    ['a: { b: 1, }', 'a: { b: 1, word: same, }'],
    ['a: { b: }', 'a: { b:, word: same }'],
    ['a:\n  b: 1\n', 'a:\n  b: 1\n  word: same\n'],
    ['a:\n  b: 1 # note\nc: 2\n', 'a:\n  b: 1 # note\n  word: same\nc: 2\n'],
    ['a:\n  b: 1', 'a:\n  b: 1\n  word: same'],
    ['a:\r\n  b: 1\r\nc: 2\r\n', 'a:\r\n  b: 1\r\n  word: same\r\nc: 2\r\n'],
    ['a:\n  b:\n    c: 1 # note\n# end\n', 'a:\n  b:\n    c: 1 # note\n  word: same\n# end\n'],
    ['a:\n  b: # note\nc: 2\n', 'a:\n  b: # note\n  word: same\nc: 2\n'],
    ['a:\n  b: >\n    text\n\nc: 2\n', 'a:\n  b: >\n    text\n  word: same\n\nc: 2\n'],
    ['a: 1', 'no edit'],
  ],
  (source) => addEntry(source, ['a'], 'word', 'same'),
)

table(
  'removeEntry',
  [
    ['a: { b: 1 }', 'a: {}'],
    ['a: { b: 1, c: 2 }', 'a: { c: 2 }'],
    ['a: { c: 2, b: 1 }', 'a: { c: 2 }'],
    ['a: { c: 2, b: [1, 2], d: 3 }', 'a: { c: 2, d: 3 }'],
    ['a:\n  b: 1\n  c: 2\n', 'a:\n  c: 2\n'],
    ['a:\n  c: 2\n  b: 1\n', 'a:\n  c: 2\n'],
    ['a:\n  c: 2 # two\n  b: 1 # one\nd: 3\n', 'a:\n  c: 2 # two\nd: 3\n'],
    ['a:\n  c: 2\n  # about d\n  b: 1 # one\n  # about d\n  d: 3\n', 'a:\n  c: 2\n  # about d\n  # about d\n  d: 3\n'],
    ['a:\r\n  c: 2\r\n  b: 1\r\n', 'a:\r\n  c: 2\r\n'],
    ['a:\n  b: 1\n', 'no edit'],
    ['a: { c: 2 }', 'no edit'],
    ['x: &x { b: 1 }\na: { <<: *x }\n', 'no edit'],
  ],
  (source) => removeEntry(source, ['a', 'b']),
)

table(
  'insertItemBefore',
  [
    ['a:\n  - x\n  - y\n', 'a:\n  - x\n  - flatten\n  - y\n'],
    ['a:\n- x\n- y # note\n', 'a:\n- x\n- flatten\n- y # note\n'],
    ['a:\n  - x\n  # about y\n  - y: { b: 1 }\n', 'a:\n  - x\n  # about y\n  - flatten\n  - y: { b: 1 }\n'],
    ['a:\r\n  - x\r\n  - y\r\n', 'a:\r\n  - x\r\n  - flatten\r\n  - y\r\n'],
    ['a: [x, y]', 'a: [x, flatten, y]'],
    ['a:\n  - x\n  - &the-y y\n', 'a:\n  - x\n  - flatten\n  - &the-y y\n'],
    ['a: [x, &the-y y]', 'a: [x, flatten, &the-y y]'],
    ['a: [x]', 'no edit'],
    ['a: 1', 'no edit'],
  ],
  (source) => insertItemBefore(source, ['a', 1], 'flatten'),
)

table(
  'nestUnderFirst',
  [
    ['a:\n  - t:\n    b: 1\n    c: 2\n', 'a:\n  - t:\n      b: 1\n      c: 2\n'],
    [
      'a:\n  - t: # why\n    # note\n    b: 1 # one\n\n    c:\n      - 2\n',
      'a:\n  - t: # why\n    # note\n      b: 1 # one\n\n      c:\n        - 2\n',
    ],
    ['a:\n  - t: { b: 1 }\n    c: 2 # two\n', 'a:\n  - t: { b: 1, c: 2 } # two\n'],
    ['a:\n  - t:\n      b: 1\n    c: 2\n', 'a:\n  - t:\n      b: 1\n      c: 2\n'],
    ['a:\n  - { t: , b: 1 }\n', 'no edit'],
    ['a:\n  - t: {}\n', 'no edit'],
  ],
  (source) => nestUnderFirst(source, ['a', 0]),
)

describe('yamlText', () => {
  it.each([
    ['relu', 'relu'],
    ['two words', '"two words"'],
    ['', '""'],
    ['no', '"no"'],
    ['NULL', '"NULL"'],
    ['3', '"3"'],
    ['a"b\n', '"a\\"b\\n"'],
    [3, '3'],
    [0.001, '0.001'],
    [null, 'null'],
    [true, 'true'],
    [[28, null], '[28, null]'],
    [{ a: { b: [] } }, '{ a: { b: [] } }'],
    [{ 'a: b': 1 }, '{ "a: b": 1 }'],
  ])('%j', (value, text) => expect(yamlText(value)).toBe(text))

  it.each([
    'a',
    'two words',
    'no',
    '3',
    '- x',
    '# no',
    '"',
    "'",
    '{',
    '&a',
    '*a',
    '🙂',
    '\t',
    '~',
    '0x1f',
    '1e3',
    '.inf',
    '<<',
  ])('%j is read back as it was', (word) => {
    const { source } = parseSource(`a: ${yamlText({ [word]: [word] })}`, 'spec.yaml')
    const path: Path = ['a']
    expect(source.nodeAt(path)).toBeDefined()
    expect(JSON.stringify(source.value)).toBe(JSON.stringify({ a: { [word]: [word] } }))
  })
})
