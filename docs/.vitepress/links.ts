/** Links between Markdown files, as GitHub reads them and as the site does; a link to a file or heading that does not exist is an error. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, extname, relative, resolve } from 'node:path'
import { anchorOf } from '../../scripts/docs/markdown.ts'

/** The page of the site that a Markdown file of the repository becomes: `docs/data.md` is `data.md`. */
export function pageOf(file: string): string {
  const page = file.replace(/^docs\//, '').replace(/(^|\/)README\.md$/, '$1index.md')
  return page === 'CONTRIBUTING.md' || page === 'CHANGELOG.md' ? page.toLowerCase() : page
}

export interface LinkTarget {
  /** The path from the root of the repository. */
  readonly file: string
  readonly anchor?: string
}

/**
 * The file and heading that a link in a Markdown file leads to; nothing for an address of the web.
 * @throws if the file or the heading does not exist.
 */
export function resolveLink(root: string, from: string, href: string): LinkTarget | undefined {
  if (/^[a-z]+:/.test(href)) return undefined
  const [path = '', anchor] = decodeURI(href).split('#')
  const absolute = path === '' ? from : resolve(dirname(from), path)
  const file = relative(root, absolute).replaceAll('\\', '/')
  const where = `${relative(root, from)} links to ${href}`
  if (!existsSync(absolute)) throw new Error(`${where}, but there is no ${file}`)
  if (anchor === undefined) return { file }
  if (!anchorsOf(absolute).has(anchor)) throw new Error(`${where}, but ${file} has no heading of that name`)
  return { file, anchor }
}

/** The address of a target on the site. Specs and sources are served as they are, below `/files`. */
export function siteLink({ file, anchor }: LinkTarget): string {
  if (!isPage(file)) return `/${siteFile(file)}`
  return `/${pageOf(file).replace(/(index)?\.md$/, '')}${anchor === undefined ? '' : `#${anchor}`}`
}

/** Where a file that is no page is on the site; as text, which browsers show. */
export function siteFile(file: string): string {
  return `files/${file}${extname(file) === '' ? '' : '.txt'}`
}

function isPage(file: string): boolean {
  return file.endsWith('.md') && (file.startsWith('docs/') || !file.includes('/'))
}

function anchorsOf(path: string): Set<string> {
  if (!path.endsWith('.md') || !statSync(path).isFile()) return new Set()
  const text = readFileSync(path, 'utf8').replaceAll(/^```[^]*?^```/gm, '')
  return new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!)))
}
