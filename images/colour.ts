/** Colours as settings write them and as pixels hold them. */

/** 0..255 each, sRGB. */
export type Rgb = { red: number; green: number; blue: number }

/** `hex` is `#rrggbb`. */
export function parseColour(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16)
  return { red: value >> 16, green: (value >> 8) & 255, blue: value & 255 }
}
