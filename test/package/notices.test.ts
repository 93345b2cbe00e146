import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { bundledPackages, printNotices } from '../../scripts/thirdPartyNotices.ts'
import { repository } from '../cli/runCli.ts'

describe('third-party notices', () => {
  it('name the packages of which code is in a bundle, and not those that are left out', async () => {
    const { metafile } = await build({
      stdin: {
        contents:
          "import { isMap } from 'yaml'; import { distance } from 'fastest-levenshtein'; console.log(isMap(''))",
        resolveDir: repository,
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
      metafile: true,
      treeShaking: true,
    })
    const packages = bundledPackages(metafile)
    expect(packages).toContain('yaml')
    expect(packages).not.toContain('commander')
  })

  it('hold the licence text of each package, and of those that it holds itself', () => {
    const text = printNotices(['yaml', '@dagrejs/dagre'])
    for (const name of ['yaml', '@dagrejs/dagre', '@dagrejs/graphlib']) {
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((ISC|MIT)\\), https://`, 'm'))
    }
    expect(text).toContain('Permission to use, copy, modify, and/or distribute this software')
    expect(text).toContain('Copyright (c) 2012-2014 Chris Pettitt')
  })

  it('fail for a package without a licence text', () => {
    expect(() => printNotices(['no-such-package'])).toThrow('no-such-package')
  })

  it('are in the package, for dist/ and for the page of a report', () => {
    const text = readFileSync(join(repository, 'dist', 'THIRD_PARTY_NOTICES.txt'), 'utf8')
    for (const name of [
      'commander',
      'uplot',
      'yaml',
      'typebox',
      'fastest-levenshtein',
      '@dagrejs/dagre',
      'image-size',
    ]) {
      expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'))
    }
    // These are installed beside it, and bring their own.
    expect(text).not.toMatch(/^(prettier|ts-morph|@tensorflow\/tfjs) \d/m)
    const { files } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { files: string[] }
    expect(files).toContain('dist')
    expect(existsSync(join(repository, 'LICENSE'))).toBe(true)
  })

  it('are in every page of a report', () => {
    const assets = readFileSync(join(repository, 'src', 'report', 'generated', 'pageAssets.js'), 'utf8')
    expect(assets).toContain('uplot ')
    expect(assets).toContain('Permission is hereby granted, free of charge')
    expect(assets).toContain('Leon Sorokin')
  })
})
