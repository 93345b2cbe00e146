/**
 * Supplies functions of `node:util` that Node 23 removed and tfjs-node 4.22 calls while it loads and runs.
 *
 * Upstream: https://github.com/tensorflow/tfjs/issues/8609 (fixed by https://github.com/tensorflow/tfjs/pull/8425,
 *   not released)
 * Test: test/patches/nodeUtil.test.ts
 * Until: a version of tfjs-node after 4.22.0 is released
 */
/** @param util The module `node:util`, as `require` returns it. */
export function supplyRemovedFunctions(util: Record<string, unknown>): void {
  const removed = {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isUndefined: (value: unknown) => value === undefined,
    isNull: (value: unknown) => value === null,
    isArray: Array.isArray,
    isBoolean: (value: unknown) => typeof value === 'boolean',
    isNumber: (value: unknown) => typeof value === 'number',
    isString: (value: unknown) => typeof value === 'string',
    isFunction: (value: unknown) => typeof value === 'function',
    isObject: (value: unknown) => typeof value === 'object' && value !== null,
  }
  for (const [name, supplied] of Object.entries(removed)) util[name] ??= supplied
}
