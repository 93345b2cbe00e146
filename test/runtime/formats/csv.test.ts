import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCsv } from '../../../src/runtime/formats/csv.ts'

describe('parseCsv', () => {
  it.each([
    [
      'plain fields',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'CRLF, no line end at the end',
      'a,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['quotes', '"a, b","c ""d"""\n', [['a, b', 'c "d"']]],
    [
      'empty fields',
      ',\n"",x\n',
      [
        ['', ''],
        ['', 'x'],
      ],
    ],
    ['empty lines', '\n\na\n\nb\n', [['a'], ['b']]],
    ['a byte order mark', '\ufeffa\n', [['a']]],
    ['nothing', '', []],
  ])('reads %s', (_name, text, want) => {
    expect(parseCsv(text, ',', 'file').map(({ fields }) => fields)).toEqual(want)
  })

  it('counts lines, those within quotes too', () => {
    expect(parseCsv('a\n"two\nlines"\n\nb\n', ',', 'file').map(({ line }) => line)).toEqual([1, 2, 5])
  })

  it('takes another delimiter', () => {
    expect(parseCsv('a;b,c\n', ';', 'file')[0]!.fields).toEqual(['a', 'b,c'])
  })

  it.each([
    ['a quote that is never closed', 'a\n"b\n', 'line 2: a quote is not closed'],
    ['a quote within a field', 'a\nb"c"\n', 'line 2: a quote occurs inside an unquoted field'],
    ['text behind a quote', '"a" b\n', 'line 1: a quoted field is followed by more text'],
    ['a row with more fields', 'a,b\n1,2,3\n', 'line 2: it has 3 fields, but line 1 has 2'],
  ])('refuses %s', (_name, text, message) => {
    expect(() => parseCsv(text, ',', 'the-file')).toThrow(
      expect.objectContaining({
        code: expect.stringMatching(/^data\//),
        message: expect.stringContaining(`the-file, ${message}`),
      }),
    )
  })

  it('reads back what is written by RFC 4180', () => {
    const row = fc.array(fc.string(), { minLength: 2, maxLength: 2 })
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const text = rows
          .map((fields) => fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(','))
          .join('\r\n')
        expect(parseCsv(text, ',', 'file').map(({ fields }) => fields)).toEqual(rows)
      }),
    )
  })
})
