/** Offsets to lines and columns, as editors count them. */
import { describe, expect, it } from 'vitest'
import { LineIndex } from '../../src/diagnostics/positions.ts'
import {
  applyEdits,
  toJsonPointer,
  withoutOverlaps,
  type Fix,
  type TextEdit,
} from '../../src/diagnostics/diagnostic.ts'

const edit = (start: number, end: number, newText: string): TextEdit => ({ span: { start, end }, newText })

describe('LineIndex', () => {
  it.each([
    ['', 0, 1, 1],
    ['ab\ncd', 0, 1, 1],
    ['ab\ncd', 2, 1, 3],
    ['ab\ncd', 3, 2, 1],
    ['ab\ncd', 5, 2, 3],
    ['ab\ncd', 99, 2, 3],
    ['ab\ncd', -1, 1, 1],
    ['ab\r\ncd', 4, 2, 1],
    ['ab\r\ncd', 3, 1, 4],
    ['\n\n\n', 2, 3, 1],
    ['\u{feff}a: 1', 1, 1, 2],
    // An emoji is two UTF-16 code units, which is what editors and LSP count.
    ['🙂: 1\nb', 4, 1, 5],
    ['🙂\nb', 3, 2, 1],
    // Only \n ends a line; editors agree on that for YAML.
    ['a\u2028b', 2, 1, 3],
  ])('%j at %i', (text, offset, line, column) => {
    expect(new LineIndex(text).position(offset)).toMatchObject({ line, column })
  })

  it('gives lines without their breaks', () => {
    const lines = new LineIndex('one\r\ntwo\n\nfour')
    expect([1, 2, 3, 4, 5].map((line) => lines.line(line))).toEqual(['one', 'two', '', 'four', ''])
  })

  it('gives the range of a span', () => {
    const range = new LineIndex('ab\ncd').range({ start: 1, end: 4 })
    expect(range).toEqual({
      start: { line: 1, column: 2, offset: 1 },
      end: { line: 2, column: 2, offset: 4 },
    })
  })
})

describe('applyEdits', () => {
  it.each([
    [[], 'abcdef'],
    [[edit(0, 1, 'X')], 'Xbcdef'],
    [[edit(4, 6, ''), edit(0, 2, 'long')], 'longcd'],
    [[edit(3, 3, '-')], 'abc-def'],
    [[edit(0, 0, '<'), edit(6, 6, '>')], '<abcdef>'],
    [[edit(1, 2, ''), edit(2, 3, 'C')], 'aCdef'],
  ])('%j', (edits, text) => expect(applyEdits('abcdef', edits)).toBe(text))

  it('leaves out fixes that touch the text of another', () => {
    const fixes: Fix[] = [
      { kind: 'rewrite', title: 'a', edits: [edit(0, 2, 'x')] },
      { kind: 'suggestion', title: 'b', edits: [edit(1, 3, 'y')] },
      { kind: 'rewrite', title: 'c', edits: [edit(4, 5, 'z'), edit(8, 9, '')] },
    ]
    expect(withoutOverlaps(fixes).map(({ title }) => title)).toEqual(['a', 'c'])
  })
})

describe('toJsonPointer', () => {
  it.each([
    [[], ''],
    [['layers', 3, 'conv2d'], '/layers/3/conv2d'],
    [['a/b', 'c~d'], '/a~1b/c~0d'],
  ])('%j', (path, pointer) => expect(toJsonPointer(path)).toBe(pointer))
})
