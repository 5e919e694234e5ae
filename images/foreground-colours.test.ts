/** That the running mean is the mean: of windows inside, at the edges, and larger than the picture. */
import { expect, test } from 'vitest'
import { boxBlur } from './foreground-colours.ts'

type Shape = { width: number; height: number; channels: number }

function meanAround(source: Float32Array, { width, height, channels }: Shape, radius: number): number[] {
  return Array.from(source, (_, i) => {
    const channel = i % channels
    const x = Math.floor(i / channels) % width
    const y = Math.floor(i / channels / width)
    let sum = 0
    let count = 0
    for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row++) {
      for (let column = Math.max(0, x - radius); column <= Math.min(width - 1, x + radius); column++) {
        sum += source[(row * width + column) * channels + channel]!
        count++
      }
    }
    return sum / count
  })
}

test.each<[Shape, number]>([
  [{ width: 9, height: 7, channels: 1 }, 1],
  [{ width: 30, height: 20, channels: 3 }, 4],
  [{ width: 20, height: 20, channels: 4 }, 10],
  [{ width: 21, height: 3, channels: 2 }, 10],
  [{ width: 5, height: 40, channels: 14 }, 12],
  [{ width: 1, height: 1, channels: 1 }, 6],
])('%o within %i', (shape, radius) => {
  const source = Float32Array.from(
    { length: shape.width * shape.height * shape.channels },
    (_, i) => Math.sin(i * 12.9898) * 255,
  )
  const blurred = boxBlur(source, shape, radius)
  for (const [i, mean] of meanAround(source, shape, radius).entries()) expect(blurred[i]).toBeCloseTo(mean, 3)
})
