/**
 * Every YAML block of README and docs is a spec, or a part of one, that `check` accepts. A block whose mistakes are the point is followed by a text
 * block that names their codes, or has `<!-- wrong: CODE -->` before it. `<!-- not run: REASON -->` leaves a block out; the test prints these.
 */
import { expect, it } from 'vitest'
import { checkFragment } from '../../scripts/docs/examples.ts'
import type { Host } from '../../src/system/host.ts'
import { nodeHost } from '../../src/system/nodeHost.ts'
import { blocksOf, readPages, type Block, type Page } from './markdownPages.ts'

/** The wrong and right specs of docs/diagnostics are those of test/diagnostics/pages.test.ts. */
const pages = readPages().filter(({ path }) => !path.startsWith('docs/diagnostics/'))

/** The codes that a block states, by a marker or in the texts up to the next block of YAML. */
function statedCodes(blocks: readonly Block[], index: number): ReadonlySet<string> {
  const end = blocks.findIndex(({ language }, at) => at > index && language === 'yaml')
  const texts = blocks.slice(index + 1, end < 0 ? undefined : end).filter(({ language }) => language === 'text')
  const shown = texts.flatMap(({ text }) => [...text.matchAll(/^\w+\[(\w+\/[\w-]+)\]/gm)].map(([, code]) => code!))
  return new Set([...blocks[index]!.wrong, ...shown])
}

/** A host that has the blocks of a page that begin with `# NAME.yaml` as files. */
function hostOf(blocks: readonly Block[]): Host {
  const files = new Map(blocks.map(({ text }) => [/^# (\S+\.yaml)\n/.exec(text)?.[1] ?? '', Buffer.from(text)]))
  return {
    ...nodeHost,
    size: (path) => files.get(path)?.length ?? nodeHost.size(path),
    read: (path, part) => files.get(path)?.subarray(part.start, part.start + part.length) ?? nodeHost.read(path, part),
  }
}

function problemsOf(page: Page): string[] {
  const blocks = blocksOf(page)
  return blocks.flatMap((block, index) => {
    if (block.language !== 'yaml' || block.notRun !== undefined || isOtherYaml(block)) return []
    const stated = statedCodes(blocks, index)
    const found = checkFragment(block.text, hostOf(blocks)).own.filter(
      ({ code }) => !stated.has(code) && !dependsOnRest(code, block),
    )
    return found.map(({ code, message }) => `${block.page}:${block.line}: ${code}: ${message}`)
  })
}

/** Whether a code is about files of datasets or runs, which are not here, or about a fragment beside the network that was added to it. */
function dependsOnRest(code: string, { text }: Block): boolean {
  return (
    code.startsWith('data/') || code === 'weights/not-found' || (code.startsWith('meaning/') && !/^layers:/m.test(text))
  )
}

/** A workflow of GitHub Actions or a configuration of pre-commit. */
function isOtherYaml({ text }: Block): boolean {
  return /^(on|jobs|repos|hooks):/m.test(text)
}

it('every YAML block passes `check`, or states what is wrong', () => {
  const all = pages.flatMap(blocksOf).filter(({ language }) => language === 'yaml')
  const skipped = all.filter(({ notRun }) => notRun !== undefined)
  for (const { page, line, notRun } of skipped) console.log(`not run: ${page}:${line}: ${notRun}`)
  expect(all.length).toBeGreaterThan(150)
  expect(pages.flatMap(problemsOf)).toEqual([])
})

it.each([
  ['loss: hinge2', ['schema/unknown-value']],
  ['layers:\n  - conv2d: { filters: 8, kernelSize: 30 }', ['shape/kernel-exceeds-input']],
  ['training: { epochs: 0 }', ['schema/out-of-range']],
  ['dataset: mnist', []],
])('finds what is wrong in %j', (text, codes) => {
  const page = { path: 'page.md', text: `\`\`\`yaml\n${text}\n\`\`\`\n` }
  expect(problemsOf(page).map((line) => line.split(': ')[1])).toEqual(codes)
  const stated = codes.map((code) => `error[${code}]: a message\n`).join('')
  expect(problemsOf({ ...page, text: `${page.text}\n\`\`\`text\n${stated}\`\`\`\n` })).toEqual([])
})
