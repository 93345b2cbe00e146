/** Every code has a page; its wrong spec gives that very code, its right one nothing, and docs/diagnostics says the same. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { describeDiagnostics } from '../../scripts/describeDiagnostics.ts'
import { checkText } from '../../src/compile.ts'
import { diagnosticCodes, ignorableCodes, type DiagnosticCode } from '../../src/diagnostics/codes.ts'
import { diagnosticPages } from '../../src/diagnostics/pages/allPages.ts'

const codes = Object.keys(diagnosticCodes) as DiagnosticCode[]

const found = (text: string) => checkText(text, 'spec.yaml').diagnostics.map(({ code }) => code)

describe.each(codes)('%s', (code) => {
  it('is what the wrong spec gives, and nothing else', () => {
    expect(new Set(found(diagnosticPages[code].wrong))).toEqual(new Set([code]))
  })

  it('is not what the right spec gives', () => {
    expect(found(diagnosticPages[code].right)).toEqual([])
  })

  it('is an error, unless it can be ignored', () => {
    const [first] = checkText(diagnosticPages[code].wrong, 'spec.yaml').diagnostics
    const mayBeIgnored = (ignorableCodes as readonly string[]).includes(code) || code === 'meaning/needless-ignore'
    expect(first?.severity === 'error').toBe(!mayBeIgnored)
  })
})

it('is what docs/diagnostics is made of', () => {
  const files = describeDiagnostics()
  expect(readdirSync('docs/diagnostics').toSorted()).toEqual(Object.keys(files).toSorted())
  for (const [name, text] of Object.entries(files)) expect(readFileSync(`docs/diagnostics/${name}`, 'utf8')).toBe(text)
})
