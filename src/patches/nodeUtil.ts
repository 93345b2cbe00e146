/**
 * Supplies the functions of `node:util` that Node 23 removed and tfjs-node 4.22 calls while it runs.
 *
 * Upstream: https://github.com/tensorflow/tfjs/issues/8609 (fixed by https://github.com/tensorflow/tfjs/pull/8425,
 *   not released)
 * Test: test/patches/nodeUtil.test.ts
 * Until: a version of tfjs-node after 4.22.0 is released
 */
/** Supplies what Node 23 removed from `node:util` and tfjs-node calls. */
export function supplyRemovedFunctions(): void {
  const util = process.getBuiltinModule('node:util') as unknown as Record<string, unknown>
  util['isArray'] ??= Array.isArray
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined
}
