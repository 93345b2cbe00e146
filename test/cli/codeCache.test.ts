/** What V8 compiled is kept from one start to the next, and is worth no failure. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from './runCli.ts'

// From Node 22 on, the cache is Node's own.
describe.skipIf('enableCompileCache' in module)('the code cache', () => {
  const check = (cache: string) => runCli(['check', 'configs/mnist-cnn.yaml'], { env: { SHAPEWRIGHT_CACHE: cache } })

  it('is filled once, and made anew where it is damaged', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'shapewright-cache-'))
    const first = await check(cache)
    expect(first.code).toBe(0)
    const kept = readdirSync(join(cache, 'code'))
    expect(kept.length).toBeGreaterThan(0)
    const file = join(cache, 'code', kept[0]!)
    const content = readFileSync(file)
    expect(await check(cache)).toEqual(first)
    expect(readFileSync(file).equals(content)).toBe(true)
    writeFileSync(file, 'damaged')
    expect(await check(cache)).toEqual(first)
    expect(readFileSync(file, 'latin1')).not.toBe('damaged')
    expect(readdirSync(join(cache, 'code'))).toEqual(kept)
  })

  it('lets modules of the other kind be, and says nothing', async () => {
    const env = { SHAPEWRIGHT_CACHE: mkdtempSync(join(tmpdir(), 'shapewright-cache-')) }
    for (const args of [['explain'], ['compile', 'configs/mnist-cnn.yaml', '--check', '--quiet']]) {
      expect(await runCli(args, { env })).toMatchObject({ code: 0, stderr: '' })
      expect(await runCli(args, { env })).toMatchObject({ code: 0, stderr: '' })
    }
  })

  it('is done without where its folder cannot be written', async () => {
    const place = join(mkdtempSync(join(tmpdir(), 'shapewright-cache-')), 'file')
    writeFileSync(place, '')
    expect((await check(place)).code).toBe(0)
  })
})
