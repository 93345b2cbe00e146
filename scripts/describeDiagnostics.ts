/** Prints the pages on diagnostics as Markdown: a file for each phase, and an index. */
import { checkForCode } from '../src/tasks/checkForCode.ts'
import { checkText } from '../src/analyze.ts'
import { nodeHost } from '../src/system/nodeHost.ts'
import { allCodes, factsOf, type DiagnosticCode } from '../src/diagnostics/codes.ts'
import { summaryOf } from '../src/diagnostics/summaries.ts'
import { diagnosticPages } from '../src/diagnostics/generated/pages.js'
import { renderPretty, type Palette } from '../src/diagnostics/renderPretty.ts'
import { phases } from './diagnosticPages.ts'
import { anchorOf } from './docs/markdown.ts'

const same = (text: string) => text
const plain: Palette = { bold: same, dim: same, red: same, yellow: same, cyan: same, green: same, blue: same }
const note = '<!-- Made by `npm run docs` from the pages in src/rules and src/diagnostics/pages. -->\n'

/** Returns the pages by file name. */
export async function describeDiagnostics(): Promise<Readonly<Record<string, string>>> {
  const pages: [string, string][] = []
  for (const [phase, title] of Object.entries(phases)) pages.push([`${phase}.md`, await describePhase(phase, title)])
  return { 'README.md': listAll(), ...Object.fromEntries(pages) }
}

function codesOf(phase: string): DiagnosticCode[] {
  return allCodes.filter((code) => code.startsWith(`${phase}/`))
}

function listAll(): string {
  const sections = Object.entries(phases).map(([phase, title]) => {
    const rows = codesOf(phase).map((code) => {
      const { severities } = factsOf(code)
      return `| [\`${code}\`](${phase}.md#${anchorOf(code)}) | ${severities.join(' or ')} | ${summaryOf(code)} |\n`
    })
    return `## ${title}\n\n| code | severity | meaning |\n| --- | --- | --- |\n${rows.join('')}`
  })
  const head =
    'The diagnostics of `shapewright check`. `shapewright explain CODE` prints the same pages.\n\n' +
    'A spec may silence warnings and hints: `ignore: [meaning/redundant-bias]`. Errors cannot be silenced.\n'
  return `# Diagnostics\n\n${note}\n${head}\n${sections.join('\n')}`
}

async function describePhase(phase: string, title: string): Promise<string> {
  const described = await Promise.all(codesOf(phase).map(describe))
  return `# Diagnostics: ${title.toLowerCase()}\n\n${note}\n${described.join('\n')}`
}

async function describe(code: DiagnosticCode): Promise<string> {
  const { why, wrong, right, help } = diagnosticPages[code]
  const analysis = checkText(wrong, 'wrong.yaml', { host: nodeHost })
  const { diagnostics } = await checkForCode(code, analysis)
  const wanted = diagnostics.find((one) => one.code === code)
  const shown = wanted === undefined ? '' : renderPretty([wanted], wrong, 'wrong.yaml', plain)
  const parts = [
    `## ${code}\n\n${summaryOf(code)} ${why}\n`,
    `\`\`\`yaml\n${wrong}\`\`\`\n`,
    `\`\`\`text\n${shown}\`\`\`\n`,
    `Right:\n`,
    `\`\`\`yaml\n${right}\`\`\`\n`,
    ...(help === undefined ? [] : [`${help}\n`]),
  ]
  return parts.join('\n')
}
