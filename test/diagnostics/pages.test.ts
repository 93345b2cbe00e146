/** Every code has a page; its wrong spec gives that very code, and its right one nothing. */
import { describe, expect, it } from 'vitest'
import { checkForCode } from '../../src/tasks/checkForCode.ts'
import { checkText } from '../../src/analyze.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { allCodes, factsOf, type DiagnosticCode } from '../../src/diagnostics/codes.ts'
import { diagnosticPages } from '../../src/diagnostics/generated/pages.js'

/** Finds the diagnostics of a spec, with the check that finds the code. */
const check = async (code: DiagnosticCode, text: string) => {
  const analysis = checkText(text, 'spec.yaml', { host: nodeHost, trials: true })
  return (await checkForCode(code, analysis)).diagnostics
}

const found = async (code: DiagnosticCode, text: string) => (await check(code, text)).map((one) => one.code)

describe.each(allCodes)('%s', (code) => {
  it('is the only diagnostic of the wrong spec', async () => {
    expect(new Set(await found(code, diagnosticPages[code].wrong))).toEqual(new Set([code]))
  })

  it('is not a diagnostic of the right spec', async () => {
    expect(await found(code, diagnosticPages[code].right)).toEqual([])
  })

  it('has the severity that its page states', async () => {
    const [first] = await check(code, diagnosticPages[code].wrong)
    expect(factsOf(code).severities).toContain(first?.severity)
  })
})
