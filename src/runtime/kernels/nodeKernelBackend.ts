import type { NodeBackend } from '../engines/nodeBackend.ts'

/** What kernels use of tfjs-node's backend. */
export interface NodeKernelBackend extends Required<
  Pick<NodeBackend, 'executeSingleOutput' | 'executeMultipleOutputs'>
> {
  /** The numbers by which the binding knows the types of attributes and values. */
  readonly binding: Readonly<
    Record<'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL' | 'TF_FLOAT' | 'TF_INT32', number>
  >
}
