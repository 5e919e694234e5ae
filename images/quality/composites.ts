/**
 * Pictures whose alpha is known because we made them: something drawn with its own alpha, laid over a drawn background. What a cut-out gets wrong of them is a figure, not a taste.
 *
 * Drawn are the two things that cut-outs are bad at: hair, as some hundred thin strands around a head, and glass, which lets most of what is behind it through.
 */
import { join } from 'node:path'
import sharp from 'sharp'

/** `heldOut` as of photographs. */
export type Composite = {
  name: string
  path: string
  alpha: Buffer
  width: number
  height: number
  heldOut: boolean
}

const side = 1200

/** Numbers that look like chance and are the same every time. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Two eyes and a mouth make a model take a ball for a head; the strands reach out of it. */
function hair(seed: number): string {
  const next = chance(seed)
  const strands = Array.from({ length: 700 }, () => {
    const angle = next() * Math.PI * 2
    const from = 230 + next() * 30
    const to = from + 40 + next() * 110
    const bend = (next() - 0.5) * 0.5
    const [x0, y0] = [600 + Math.cos(angle) * from, 560 + Math.sin(angle) * from]
    const [x1, y1] = [600 + Math.cos(angle + bend) * to, 560 + Math.sin(angle + bend) * to]
    const [cx, cy] = [600 + Math.cos(angle) * to * 0.9, 560 + Math.sin(angle) * to * 0.9]
    const shade = 40 + Math.floor(next() * 70)
    const colour = `rgb(${shade + 45},${shade + 10},${shade - 20})`
    return `<path d="M${x0} ${y0} Q${cx} ${cy} ${x1} ${y1}" stroke="${colour}" stroke-width="${1 + next() * 1.6}" fill="none"/>`
  })
  return `<circle cx="600" cy="560" r="262" fill="rgb(80,52,30)"/>${strands.join('')}
    <ellipse cx="600" cy="600" rx="175" ry="215" fill="rgb(224,178,150)"/>
    <ellipse cx="535" cy="560" rx="26" ry="14" fill="white"/><circle cx="535" cy="560" r="11" fill="rgb(60,40,30)"/>
    <ellipse cx="665" cy="560" rx="26" ry="14" fill="white"/><circle cx="665" cy="560" r="11" fill="rgb(60,40,30)"/>
    <path d="M540 715 Q600 755 660 715" stroke="rgb(170,70,70)" stroke-width="16" fill="none"/>
    <path d="M330 1200 Q340 880 600 870 Q860 880 870 1200 Z" fill="rgb(40,70,120)"/>`
}

/** A tumbler with a dark drink: walls that hide a quarter, an opaque foot. */
function glass(): string {
  return `<path d="M400 260 L460 1020 Q600 1060 740 1020 L800 260 Q600 300 400 260 Z" fill="rgb(225,235,240)" fill-opacity="0.25"/>
    <path d="M425 560 L460 1000 Q600 1040 740 1000 L775 560 Q600 600 425 560 Z" fill="rgb(120,50,20)" fill-opacity="0.85"/>
    <path d="M400 260 L460 1020 M800 260 L740 1020" stroke="rgb(240,248,252)" stroke-opacity="0.9" stroke-width="10" fill="none"/>
    <ellipse cx="600" cy="265" rx="200" ry="34" stroke="rgb(240,248,252)" stroke-opacity="0.9" stroke-width="9" fill="none"/>
    <path d="M458 1000 Q600 1070 742 1000 L742 1024 Q600 1090 458 1024 Z" fill="rgb(200,215,222)"/>`
}

const drawn = { hair: hair(7), 'other hair': hair(23), glass: glass() }

/** A papered wall: stripes and a small flower again and again. */
function wallpaper(): string {
  const flowers = Array.from({ length: 15 * 15 }, (_, i) => {
    const [x, y] = [40 + (i % 15) * 80, 40 + Math.floor(i / 15) * 80]
    return `<circle cx="${x}" cy="${y}" r="15" fill="rgb(170,90,90)"/><circle cx="${x}" cy="${y}" r="6" fill="rgb(240,220,150)"/>
      <path d="M${x} ${y + 15} v22 m0 -10 l12 -9" stroke="rgb(70,120,70)" stroke-width="5" fill="none"/>`
  })
  const stripes = Array.from(
    { length: 15 },
    (_, i) => `<rect x="${i * 80}" width="40" height="${side}" fill="rgb(214,205,180)"/>`,
  )
  return `<rect width="${side}" height="${side}" fill="rgb(226,218,198)"/>${stripes.join('')}${flowers.join('')}`
}

/** Lights out of focus in the dark, near the colour of the hair. */
function bokeh(): string {
  const next = chance(5)
  const lights = Array.from({ length: 60 }, () => {
    const glow = `rgb(${90 + Math.floor(next() * 90)},${60 + Math.floor(next() * 50)},30)`
    return `<circle cx="${next() * side}" cy="${next() * side}" r="${20 + next() * 60}" fill="${glow}" fill-opacity="0.35"/>`
  })
  return `<rect width="${side}" height="${side}" fill="rgb(34,26,20)"/>${lights.join('')}`
}

const grounds = { wallpaper: { svg: wallpaper(), blur: 0 }, 'dark lights': { svg: bokeh(), blur: 9 } }

const draw = (svg: string) =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${svg}</svg>`))

/** Each drawing over each background. */
export async function composites(folder: string): Promise<Composite[]> {
  const made: Composite[] = []
  for (const [what, svg] of Object.entries(drawn)) {
    const layer = await draw(svg).png().toBuffer()
    const alpha = await sharp(layer).extractChannel('alpha').raw().toBuffer()
    for (const [name, ground] of Object.entries(grounds)) {
      const flat = draw(ground.svg).removeAlpha()
      const behind = await (ground.blur > 0 ? flat.blur(ground.blur) : flat).png().toBuffer()
      const path = join(folder, `composite-${what}-${name}.png`.replaceAll(' ', '-'))
      await sharp(behind)
        .composite([{ input: layer }])
        .png({ compressionLevel: 1 })
        .toFile(path)
      made.push({ name: `${what} before ${name}`, path, alpha, width: side, height: side, heldOut: false })
    }
  }
  return made
}

/** Mean absolute error of an alpha channel, 0 to 1: over all, and where the truth is neither 0 nor 1. */
export async function alphaError(file: string, truth: Composite): Promise<{ all: number; soft: number }> {
  const { data, info } = await sharp(file)
    .ensureAlpha()
    .extractChannel('alpha')
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (info.width !== truth.width || info.height !== truth.height) throw new Error(`${file} has another size`)
  let all = 0
  let soft = 0
  let softPixels = 0
  for (let at = 0; at < truth.alpha.length; at++) {
    const off = Math.abs(data[at]! - truth.alpha[at]!) / 255
    all += off
    if (truth.alpha[at]! < 8 || truth.alpha[at]! > 247) continue
    soft += off
    softPixels++
  }
  return { all: all / truth.alpha.length, soft: soft / Math.max(1, softPixels) }
}
