/**
 * GitHub's workflow commands: `::error file=…,line=…,title=…::message`, one a line. A runner unescapes %25, %0D and %0A
 * in the message, in properties %3A and %2C as well (actions/runner, ActionCommand.cs), and drops the columns of what
 * spans several lines.
 */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { renderGithub } from '../../src/diagnostics/renderGithub.ts'
import { readBrokenSpec } from '../validation/brokenSpecs/brokenSpec.ts'
import { foreignWordRows } from '../validation/brokenSpecs/foreignWords.ts'
import { structureRows } from '../validation/brokenSpecs/structure.ts'
import { valueRows } from '../validation/brokenSpecs/values.ts'

interface Command {
  readonly command: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
}

/** Reads a line as the runner does. */
function readCommand(line: string): Command {
  const [, command = '', stated = '', message = ''] = /^::([a-z]+) ([^:]*)::(.*)$/.exec(line) ?? []
  const pairs = stated.split(',').map((pair): [string, string] => {
    const at = pair.indexOf('=')
    return [pair.slice(0, at), unescape(unescape(pair.slice(at + 1), '%3A', ':'), '%2C', ',')]
  })
  const properties = Object.fromEntries(pairs.map(([key, value]) => [key, unescapeData(value)]))
  return { command, properties, message: unescapeData(message) }
}

const unescape = (text: string, from: string, to: string) => text.replaceAll(from, to)
const unescapeData = (text: string) => unescape(unescape(unescape(text, '%0D', '\r'), '%0A', '\n'), '%25', '%')

const diagnostic = (rest: Partial<Diagnostic>): Diagnostic => ({
  code: 'schema/unknown-key',
  severity: 'error',
  message: 'm',
  path: [],
  span: { start: 0, end: 1 },
  related: [],
  fixes: [],
  ...rest,
})

const render = (rest: Partial<Diagnostic>, text = 'name: a\n', file = 'a.yaml') =>
  renderGithub([diagnostic(rest)], text, file)

describe('a workflow command', () => {
  it.each([
    ['error', 'error'],
    ['warning', 'warning'],
    ['hint', 'notice'],
  ] as const)('of an %s is %s', (severity, command) => {
    expect(render({ severity })).toMatch(`::${command} file=a.yaml,line=1`)
  })

  it.each([
    ['100% sure', '100%25 sure'],
    ['two\nlines', 'two%0Alines'],
    ['two\r\nlines', 'two%0D%0Alines'],
    ['a %0A that is none', 'a %250A that is none'],
    ['a: b, c::d', 'a: b, c::d'],
  ])('writes the message %j as %j', (message, written) => {
    const line = render({ message })
    expect(line.endsWith(`::${written}\n`)).toBe(true)
    expect(readCommand(line.trimEnd()).message).toBe(message)
  })

  it.each([
    ['a,b:c.yaml', 'a%2Cb%3Ac.yaml'],
    ['100%.yaml', '100%25.yaml'],
    ['a\nb.yaml', 'a%0Ab.yaml'],
    ['C:\\specs\\a.yaml', 'C%3A\\specs\\a.yaml'],
  ])('writes the file %j as %j', (file, written) => {
    const line = render({}, 'name: a\n', file)
    expect(line).toContain(`file=${written},line=1`)
    expect(readCommand(line.trimEnd()).properties['file']).toBe(file)
  })

  it('prints the places in the data, one per line', () => {
    const places = [{ file: 'a.csv', line: 7, message: 'x' }, { file: 'b.png', message: 'y' }, { message: 'z' }]
    const line = render({ message: 'm', help: 'h', evidence: { places, more: 1200 } })
    expect(readCommand(line.trimEnd()).message).toBe('m\na.csv:7: x\nb.png: y\nz\nand 1,200 more\nh')
  })

  it('gives columns only for spans within one line', () => {
    const text = 'layers:\n  - a\n  - b\n'
    const places = [
      { start: 0, end: 6 },
      { start: 0, end: 12 },
    ].map((span) => readCommand(render({ span }, text).trimEnd()).properties)
    expect(places).toEqual([
      { file: 'a.yaml', line: '1', endLine: '1', col: '1', endColumn: '7', title: 'schema/unknown-key' },
      { file: 'a.yaml', line: '1', endLine: '2', title: 'schema/unknown-key' },
    ])
  })

  it('is one line per diagnostic of every broken spec, and can be parsed back', () => {
    for (const row of [...foreignWordRows, ...structureRows, ...valueRows]) {
      const { text } = readBrokenSpec(row)
      const { diagnostics } = checkText(text, 'a.yaml')
      const commands = renderGithub(diagnostics, text, 'a.yaml').trimEnd().split('\n').map(readCommand)
      const messages = diagnostics.map(({ message, help }) => (help === undefined ? message : `${message}\n${help}`))
      expect(commands.map(({ message }) => message)).toEqual(messages)
      expect(commands.map(({ properties }) => properties['title'])).toEqual(diagnostics.map(({ code }) => code))
    }
  })
})
