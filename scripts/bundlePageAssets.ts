/** Bundles the script and the style sheets of report pages and network drawings. */
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { bundledPackages, printNotices } from './thirdPartyNotices.ts'

export interface PageAssets {
  /** The text of src/report/generated/pageAssets.js. */
  readonly source: string
  /** The packages whose code is in the page. */
  readonly packages: readonly string[]
}

export function bundlePageAssets(): PageAssets {
  const run = bundlePage('main.ts', 'report.css')
  const sweep = bundlePage('sweep.ts', 'sweep.css')
  const packages = [...new Set([...run.packages, ...sweep.packages])]
  const assets = {
    pageScript: run.script,
    pageStyles: run.styles,
    sweepScript: sweep.script,
    sweepStyles: sweep.styles,
    networkStyles: bundle('network.css').text,
  }
  const lines = Object.entries(assets).map(([name, text]) => `export const ${name} = ${JSON.stringify(text)}\n`)
  return { source: lines.join(''), packages }
}

/** Bundles the script and the style sheet of one kind of page. */
function bundlePage(scriptFile: string, styleFile: string): { script: string; styles: string; packages: string[] } {
  const [page, styles] = [bundle(scriptFile), bundle(styleFile)]
  const packages = [...new Set([...page.packages, ...styles.packages])]
  // Pages are distributed without the package, so each contains the notices.
  const script = `/*!\nThis page holds code of others:\n\n${printNotices(packages)}*/\n${page.text}`
  if (/<\/(script|style)/i.test(script + styles.text)) throw new Error('the page assets would end their own element')
  if (printNotices(packages).includes('*/')) throw new Error('a licence text would end its comment')
  return { script, styles: styles.text, packages }
}

interface Bundle {
  readonly text: string
  readonly packages: readonly string[]
}

function bundle(name: string): Bundle {
  const { outputFiles, metafile } = buildSync({
    entryPoints: [fileURLToPath(new URL(`../src/report/page/${name}`, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    target: ['chrome100', 'firefox100', 'safari15'],
    legalComments: 'none',
  })
  return { text: outputFiles[0]!.text.trim(), packages: bundledPackages(metafile) }
}
