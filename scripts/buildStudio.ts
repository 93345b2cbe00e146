/** Builds the studio to `dist/studio`: a static folder with relative addresses, which the command serves as well, without the workers and data in it. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { buildStudioWorkers, copyMnist } from './studioWorkers.ts'
import { browserBuild } from './browserBuild.ts'
import { bundledPackages, printNotices } from './thirdPartyNotices.ts'

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))
const page = (path: string) => at(`src/studio/page/${path}`)

/** The examples of the page; the first is shown first. Those that extend another spec need it beside them. */
const examples = ['mnist-cnn.yaml', 'cifar10-cnn.yaml', 'mnist-batchnorm.yaml', 'mnist-two-heads.yaml']

/** Returns the packages whose code is in the page. */
export async function buildStudio(): Promise<readonly string[]> {
  const folder = at('dist/studio')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(`${folder}/examples/zoo`, { recursive: true })
  const { metafile } = await build({
    ...browserBuild,
    entryPoints: {
      studio: page('main.tsx'),
      check: page('worker/check.ts'),
      layout: page('worker/layout.ts'),
    },
    outdir: folder,
    chunkNames: 'chunks/[name]-[hash]',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  })
  const styles = await build({
    entryPoints: { studio: page('styles/studio.css') },
    outdir: folder,
    bundle: true,
    minify: true,
    logLevel: 'warning',
  })
  if (styles.errors.length > 0) throw new Error('the style sheet of the studio could not be built')
  for (const name of ['index.html', 'icon.svg']) copyFileSync(page(name), `${folder}/${name}`)
  copyExamples(folder)
  await buildStudioWorkers()
  const packages = bundledPackages(metafile)
  writeFileSync(`${folder}/THIRD_PARTY_NOTICES.txt`, printNotices(packages))
  return packages
}

function copyExamples(folder: string): void {
  const zoo = readdirSync(at('configs/zoo')).map((name) => `zoo/${name}`)
  for (const name of [...examples, ...zoo]) {
    // The first line names the schema for editors; the studio needs none.
    const text = readFileSync(at(`configs/${name}`), 'utf8').replace(/^# yaml-language-server:.*\n/, '')
    writeFileSync(`${folder}/examples/${name}`, text)
  }
  copyFileSync(page('examples/windows.yaml'), `${folder}/examples/windows.yaml`)
  writeFileSync(`${folder}/examples.json`, JSON.stringify([...examples, 'windows.yaml', ...zoo.toSorted()]))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildStudio()
  copyMnist()
}
