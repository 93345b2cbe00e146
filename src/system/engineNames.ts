/** The names of the engines, for those that offer them without loading one. */
export const engineNames = ['node', 'wasm', 'cpu', 'webgpu'] as const

/** An engine by name, or `auto` for the fastest one that works. */
export const engineChoices = ['auto', ...engineNames] as const

export type EngineChoice = (typeof engineChoices)[number]
