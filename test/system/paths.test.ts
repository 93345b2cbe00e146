/** Paths without Node.js: as `node:path` handles them. */
import { posix } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { baseName, folderOf, isAbsolutePath, joinPaths } from '../../src/system/paths.ts'

const path = fc
  .array(fc.constantFrom('/', '/', '.', '..', 'a', 'data.csv', 'b c', '\\'), { maxLength: 8 })
  .map((parts) => parts.join(''))

it('are taken apart and joined as by node:path', { skip: process.platform === 'win32' }, () => {
  fc.assert(
    fc.property(path, path, (one, other) => {
      expect(joinPaths(one, other)).toBe(posix.join(one, other).replace(/^\.\/$/, '.'))
      expect(baseName(one)).toBe(posix.basename(one))
      const single = one.replaceAll(/\/+/g, '/')
      expect(folderOf(single)).toBe(posix.dirname(single))
      expect(isAbsolutePath(one)).toBe(posix.isAbsolute(one))
    }),
    { numRuns: 3000 },
  )
})
