/** Reads the Markdown pages of the repository: their code blocks. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { repository } from '../cli/runCli.ts'

export interface Page {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
}

export interface Block {
  readonly page: string
  /** That of its first fence, from 1. */
  readonly line: number
  readonly language: string
  readonly text: string
  /** The reason of `<!-- not run: REASON -->` before it. */
  readonly notRun: string | undefined
  /** The codes of `<!-- wrong: CODE, CODE -->` before it. */
  readonly wrong: readonly string[]
}

/** README.md, CONTRIBUTING.md, CHANGELOG.md and all pages below docs. */
export function readPages(root = repository): Page[] {
  const below = readdirSync(join(root, 'docs'), { encoding: 'utf8', recursive: true })
  const pages = below.filter((name) => name.endsWith('.md') && !/node_modules|\.vitepress/.test(name)).toSorted()
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...pages.map((name) => posix.join('docs', name))].map(
    (path) => ({ path, text: readFileSync(join(root, path), 'utf8') }),
  )
}

/** Whether `npm run docs` writes the page, from parts that have tests of their own. */
export function isGenerated({ path }: Page): boolean {
  return path.startsWith('docs/reference/') || path.startsWith('docs/diagnostics/')
}

export const fence = /^( *)```(\w*)[^\n]*\n([^]*?)^\1```$/gm

export function blocksOf({ path, text }: Page): Block[] {
  return [...text.matchAll(fence)].map((found) => {
    const [, indent = '', language = '', content = ''] = found
    const before = text.slice(0, found.index)
    return {
      page: path,
      line: before.split('\n').length,
      language,
      text: content.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      notRun: markerBefore(before, 'not run'),
      wrong: markerBefore(before, 'wrong')?.split(', ') ?? [],
    }
  })
}

function markerBefore(text: string, name: string): string | undefined {
  const [, marker, value] = /<!-- ([a-z ]+): (.+?) -->\s*$/.exec(text) ?? []
  return marker === name ? value : undefined
}
