/** Takes the place of `backends/typescript/tsMorph.ts` in the workers of the static page, which have no `require`. */
export { ts as typescript } from 'ts-morph'
