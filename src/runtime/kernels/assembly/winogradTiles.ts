/*
 * The transforms of one tile of Winograd's algorithm, for four channels: first along columns into a patch, then along rows.
 * The tiles of 4 x 4 outputs, which most are, have no loops: engines check for interrupts in each turn of a loop.
 */
import { storeLargest, unpool } from './poolingPlaces'
import { finalLine, gradientLine, inputLine, outputLine } from './winogradLines'

/** The bytes of a 6 x 6 patch of four channels, and of one line of it. */
export const PATCH = 576
export const PATCH_LINE = 96

/** The bytes of 4 x 4 outputs of four channels, and of one line of them. */
export const TILE = 256
export const TILE_LINE = 64

/** Transforms an input patch, and writes its numbers `plane` bytes apart. */
// @ts-ignore: decorator
@inline
export function inputTile(
  tall: bool, wide: bool, from: usize, line: usize, pixel: usize, patch: usize, to: usize, plane: usize,
): void {
  if (tall && wide) {
    inputLine(true, from, line, patch, PATCH_LINE)
    inputLine(true, from + pixel, line, patch + 16, PATCH_LINE)
    inputLine(true, from + pixel * 2, line, patch + 32, PATCH_LINE)
    inputLine(true, from + pixel * 3, line, patch + 48, PATCH_LINE)
    inputLine(true, from + pixel * 4, line, patch + 64, PATCH_LINE)
    inputLine(true, from + pixel * 5, line, patch + 80, PATCH_LINE)
    inputLine(true, patch, 16, to, plane)
    inputLine(true, patch + PATCH_LINE, 16, to + plane * 6, plane)
    inputLine(true, patch + PATCH_LINE * 2, 16, to + plane * 12, plane)
    inputLine(true, patch + PATCH_LINE * 3, 16, to + plane * 18, plane)
    inputLine(true, patch + PATCH_LINE * 4, 16, to + plane * 24, plane)
    inputLine(true, patch + PATCH_LINE * 5, 16, to + plane * 30, plane)
    return
  }
  const lines = tall ? 6 : 4, columns = wide ? 6 : 4
  for (let x = 0; x < columns; x++) inputLine(tall, from + x * pixel, line, patch + x * 16, PATCH_LINE)
  for (let y = 0; y < lines; y++) inputLine(wide, patch + y * PATCH_LINE, 16, to + y * 6 * plane, plane)
}

/** Transforms the gradients of a tile's `lines` x `columns` outputs, and writes their numbers `plane` bytes apart. */
// @ts-ignore: decorator
@inline
export function gradientTile(
  tall: bool, wide: bool, from: usize, line: usize, pixel: usize, lines: i32, columns: i32,
  patch: usize, to: usize, plane: usize,
): void {
  if (lines == 4 && columns == 4) {
    gradientLine(true, from, line, 4, patch, PATCH_LINE)
    gradientLine(true, from + pixel, line, 4, patch + 16, PATCH_LINE)
    gradientLine(true, from + pixel * 2, line, 4, patch + 32, PATCH_LINE)
    gradientLine(true, from + pixel * 3, line, 4, patch + 48, PATCH_LINE)
    gradientLine(true, patch, 16, 4, to, plane)
    gradientLine(true, patch + PATCH_LINE, 16, 4, to + plane * 6, plane)
    gradientLine(true, patch + PATCH_LINE * 2, 16, 4, to + plane * 12, plane)
    gradientLine(true, patch + PATCH_LINE * 3, 16, 4, to + plane * 18, plane)
    gradientLine(true, patch + PATCH_LINE * 4, 16, 4, to + plane * 24, plane)
    gradientLine(true, patch + PATCH_LINE * 5, 16, 4, to + plane * 30, plane)
    return
  }
  const numbers = tall ? 6 : 4
  for (let x = 0; x < columns; x++) gradientLine(tall, from + x * pixel, line, lines, patch + x * 16, PATCH_LINE)
  for (let y = 0; y < numbers; y++) gradientLine(wide, patch + y * PATCH_LINE, 16, columns, to + y * 6 * plane, plane)
}

/**
 * gradientTile for the gradients of pooled outputs, which are unpooled into `tile`; the steps are those of pooled values. Outputs
 * that are pooled have an even height and width, so their long tiles have four lines or columns, and short ones two.
 */
// @ts-ignore: decorator
@inline
export function pooledGradientTile(
  tall: bool, wide: bool, dy: usize, places: usize, line: usize, pixel: usize,
  tile: usize, patch: usize, to: usize, plane: usize,
): void {
  unpool(dy, places, tile, TILE_LINE, 16)
  if (wide) unpool(dy + pixel, places + pixel, tile + 32, TILE_LINE, 16)
  if (tall) unpool(dy + line, places + line, tile + TILE_LINE * 2, TILE_LINE, 16)
  if (tall && wide) unpool(dy + line + pixel, places + line + pixel, tile + TILE_LINE * 2 + 32, TILE_LINE, 16)
  gradientTile(tall, wide, tile, TILE_LINE, 16, tall ? 4 : 2, wide ? 4 : 2, patch, to, plane)
}

/** outputTile for outputs that are pooled, see storeLargest; the steps are those of pooled values. */
// @ts-ignore: decorator
@inline
export function pooledOutputTile(
  tall: bool, wide: bool, from: usize, plane: usize, patch: usize, tile: usize,
  to: usize, places: usize, line: usize, pixel: usize, offset: v128, relu: i32,
): void {
  if (tall && wide) {
    outputLine(true, from, plane * 6, patch, PATCH_LINE)
    outputLine(true, from + plane, plane * 6, patch + 16, PATCH_LINE)
    outputLine(true, from + plane * 2, plane * 6, patch + 32, PATCH_LINE)
    outputLine(true, from + plane * 3, plane * 6, patch + 48, PATCH_LINE)
    outputLine(true, from + plane * 4, plane * 6, patch + 64, PATCH_LINE)
    outputLine(true, from + plane * 5, plane * 6, patch + 80, PATCH_LINE)
    outputLine(true, patch, 16, tile, 16)
    outputLine(true, patch + PATCH_LINE, 16, tile + TILE_LINE, 16)
    outputLine(true, patch + PATCH_LINE * 2, 16, tile + TILE_LINE * 2, 16)
    outputLine(true, patch + PATCH_LINE * 3, 16, tile + TILE_LINE * 3, 16)
  } else {
    const numbers = wide ? 6 : 4, lines = tall ? 4 : 2
    for (let x = 0; x < numbers; x++) outputLine(tall, from + x * plane, plane * 6, patch + x * 16, PATCH_LINE)
    for (let y = 0; y < lines; y++) outputLine(wide, patch + y * PATCH_LINE, 16, tile + y * TILE_LINE, 16)
  }
  poolWindow(tile, to, places, offset, relu)
  if (wide) poolWindow(tile + 32, to + pixel, places + pixel, offset, relu)
  if (!tall) return
  poolWindow(tile + TILE_LINE * 2, to + line, places + line, offset, relu)
  if (wide) poolWindow(tile + TILE_LINE * 2 + 32, to + line + pixel, places + line + pixel, offset, relu)
}

// @ts-ignore: decorator
@inline
function poolWindow(window: usize, to: usize, places: usize, offset: v128, relu: i32): void {
  const v0 = v128.load(window), v1 = v128.load(window, 16)
  const v2 = v128.load(window, TILE_LINE), v3 = v128.load(window, TILE_LINE + 16)
  storeLargest(v0, v1, v2, v3, offset, relu, to, places)
}

/** Transforms products `plane` bytes apart back, and writes max(output + offset, least) of `lines` x `columns` outputs. */
// @ts-ignore: decorator
@inline
export function outputTile(
  tall: bool, wide: bool, from: usize, plane: usize, patch: usize,
  to: usize, line: usize, pixel: usize, lines: i32, columns: i32, offset: v128, least: v128,
): void {
  if (lines == 4 && columns == 4) {
    outputLine(true, from, plane * 6, patch, PATCH_LINE)
    outputLine(true, from + plane, plane * 6, patch + 16, PATCH_LINE)
    outputLine(true, from + plane * 2, plane * 6, patch + 32, PATCH_LINE)
    outputLine(true, from + plane * 3, plane * 6, patch + 48, PATCH_LINE)
    outputLine(true, from + plane * 4, plane * 6, patch + 64, PATCH_LINE)
    outputLine(true, from + plane * 5, plane * 6, patch + 80, PATCH_LINE)
    finalLine(true, patch, to, pixel, 4, offset, least)
    finalLine(true, patch + PATCH_LINE, to + line, pixel, 4, offset, least)
    finalLine(true, patch + PATCH_LINE * 2, to + line * 2, pixel, 4, offset, least)
    finalLine(true, patch + PATCH_LINE * 3, to + line * 3, pixel, 4, offset, least)
    return
  }
  const numbers = wide ? 6 : 4
  for (let x = 0; x < numbers; x++) outputLine(tall, from + x * plane, plane * 6, patch + x * 16, PATCH_LINE)
  for (let y = 0; y < lines; y++) finalLine(wide, patch + y * PATCH_LINE, to + y * line, pixel, columns, offset, least)
}
