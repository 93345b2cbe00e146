/** The views beside the editor. Each is loaded when it is shown first. */
import type { ComponentType } from 'preact'
import type { ViewProps } from './viewProps.ts'

export interface ViewEntry {
  readonly id: string
  readonly label: string
  load(): Promise<ComponentType<ViewProps>>
}

export const views: readonly ViewEntry[] = [
  { id: 'network', label: 'Network', load: async () => (await import('./views/network.tsx')).NetworkView },
  { id: 'layer', label: 'Layer', load: async () => (await import('./views/layer.tsx')).LayerView },
  { id: 'compile', label: 'Compile', load: async () => (await import('./views/compile.tsx')).CompileView },
  { id: 'data', label: 'Data', load: async () => (await import('./views/data.tsx')).DataView },
  { id: 'train', label: 'Train', load: async () => (await import('./views/train.tsx')).TrainView },
  { id: 'draw', label: 'Draw', load: async () => (await import('./views/draw.tsx')).DrawView },
  { id: 'compare', label: 'Compare', load: async () => (await import('./views/compare.tsx')).CompareView },
]
