/** The messages between the page and the worker that lays out drawings. */
import type { Point } from '../../../report/curvePath.ts'

export interface LayoutRequest {
  readonly id: number
  readonly cards: readonly {
    readonly id: string
    readonly width: number
    readonly height: number
    readonly parent?: string
  }[]
  readonly boxes: readonly { readonly key: string; readonly parent?: string }[]
  readonly edges: readonly {
    readonly from: string
    readonly to: string
    readonly width: number
    readonly height: number
  }[]
}

export interface Rectangle extends Point {
  readonly width: number
  readonly height: number
}

/** Centres of cards and boxes, the points of edges, and the places of their labels, each in the order of the request. */
export interface Layout {
  readonly id: number
  readonly width: number
  readonly height: number
  readonly cards: readonly Point[]
  readonly boxes: readonly Rectangle[]
  readonly edges: readonly { readonly points: readonly Point[]; readonly label: Point }[]
}
