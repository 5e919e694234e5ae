/**
 * Composites of real people with known alpha: taken from photographs before an even ground, where alpha and the person's own colours can be computed from what the ground's colour is, and laid over
 * other photographs. Whatever alpha was computed, the composite is made with it, so that it is the truth of the composite. Called by quality.ts.
 */
import { join } from 'node:path'
import sharp from 'sharp'
import { boxBlur } from '../foreground-colours.ts'
import type { Composite } from './composites.ts'
import type { Photograph } from './photographs.ts'

/** Longer side of a composite. */
const side = 1200

/** Mask values that are ground or person for sure, so many pixels away from anything that is not. */
const sure = { ground: 4, person: 250, distance: 12 }

/** Photographs by name: people before an even ground, and what they are laid over, busy or dark. Those held out are made of photographs that are. */
const sets = [
  {
    heldOut: false,
    people: [
      'argon-design-system-free-team-3',
      'soft-ui-design-system-ivana',
      'soft-ui-design-system-kal-visuals',
      'soft-ui-design-system-brooke',
    ],
    grounds: [
      { photo: 'mate-backgrounds-Garden', called: 'a garden', blur: 0, light: 1 },
      { photo: 'material-kit-bg3', called: 'the dark', blur: 4, light: 0.35 },
    ],
  },
  {
    heldOut: true,
    people: ['startbootstrap-agency-team-1', 'startbootstrap-agency-team-3', 'now-ui-kit-img-eva'],
    grounds: [
      { photo: 'now-ui-kit-img-bg1', called: 'a wood', blur: 0, light: 1 },
      { photo: 'now-ui-kit-img-bg5', called: 'the dark', blur: 4, light: 0.4 },
    ],
  },
]

/** Every person over every ground of their set, as far as the photographs are among the given. `maskOf` names the mask that the engine made of a photograph. */
export async function keyedComposites(
  photos: Photograph[],
  maskOf: (photo: Photograph) => string,
  folder: string,
): Promise<Composite[]> {
  const named = (name: string) => photos.find((photo) => photo.name === name)
  const made: Composite[] = []
  for (const { heldOut, people, grounds } of sets) {
    for (const person of people) {
      for (const { photo, called, ...how } of grounds) {
        const [subject, ground] = [named(person), named(photo)]
        if (!subject || !ground) continue
        // Files are named after it, and two packages have a third member of a team.
        const [from, ...rest] = person.split('-')
        const name = `${from} ${rest.slice(-2).join('-')} before ${called}`
        const of = { path: subject.path, mask: maskOf(subject) }
        made.push({ ...(await keyedComposite(of, { path: ground.path, ...how }, { folder, name })), heldOut })
      }
    }
  }
  return made
}

/** `mask` is the file that the engine keeps for the subject's photo: it says only roughly where the person is. */
async function keyedComposite(
  subject: { path: string; mask: string },
  ground: { path: string; blur: number; light: number },
  into: { folder: string; name: string },
): Promise<Omit<Composite, 'heldOut'>> {
  const image = sharp(subject.path).autoOrient().removeAlpha().toColourspace('srgb')
  const { data: rgb, info } = await image
    .resize(side, side, { fit: 'inside', withoutEnlargement: false })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const size = { width: info.width, height: info.height }
  const mask = await sharp(subject.mask)
    .toColourspace('b-w')
    .resize(size.width, size.height, { fit: 'fill' })
    .raw()
    .toBuffer()
  const { alpha, person } = keyOut(rgb, mask, size)
  const behind = sharp(ground.path)
    .autoOrient()
    .removeAlpha()
    .resize(size.width, size.height, { fit: 'cover' })
  const lit = (ground.blur > 0 ? behind.blur(ground.blur) : behind).linear(ground.light, 0)
  const under = await lit.toColourspace('srgb').raw().toBuffer()
  const mixed = Buffer.alloc(rgb.length)
  for (let at = 0, i = 0; at < alpha.length; at++)
    for (let c = 0; c < 3; c++, i++)
      mixed[i] = Math.round((person[i]! * alpha[at]! + under[i]! * (255 - alpha[at]!)) / 255)
  const path = join(into.folder, `composite-${into.name}.png`.replaceAll(' ', '-'))
  await sharp(mixed, { raw: { ...size, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toFile(path)
  return { name: into.name, path, alpha, ...size }
}

/** Alpha as the share of the way from the ground's colour to the person's, both taken from where they are sure. */
function keyOut(
  rgb: Buffer,
  mask: Buffer,
  size: { width: number; height: number },
): { alpha: Buffer; person: Buffer } {
  const { width, height } = size
  const field = (is: (value: number) => boolean, radius: number) => {
    const marked = Float32Array.from(mask, (value) => (is(value) ? 1 : 0))
    const near = boxBlur(marked, { width, height, channels: 1 }, sure.distance)
    const planes = new Float32Array(mask.length * 4)
    for (let at = 0; at < mask.length; at++) {
      if (near[at]! < 0.999) continue
      for (let c = 0; c < 3; c++) planes[at * 4 + c] = rgb[at * 3 + c]!
      planes[at * 4 + 3] = 1
    }
    // Near first, and from further away where nothing is near.
    const narrow = boxBlur(planes, { width, height, channels: 4 }, radius)
    const wide = boxBlur(planes, { width, height, channels: 4 }, radius * 8)
    const surely = (at: number) => near[at]! >= 0.999
    const colour = (at: number, c: number) => {
      const weight = narrow[at * 4 + 3]! + wide[at * 4 + 3]! * 0.01 + 1e-6
      return (narrow[at * 4 + c]! + wide[at * 4 + c]! * 0.01) / weight
    }
    return { surely, colour }
  }
  const ground = field((value) => value <= sure.ground, 24)
  const person = field((value) => value >= sure.person, 24)
  const alpha = Buffer.alloc(mask.length)
  const colours = Buffer.from(rgb)
  for (let at = 0; at < mask.length; at++) {
    if (person.surely(at)) alpha[at] = 255
    else if (!ground.surely(at)) {
      let along = 0
      let whole = 1e-6
      for (let c = 0; c < 3; c++) {
        const behind = ground.colour(at, c)
        along += (rgb[at * 3 + c]! - behind) ** 2
        whole += (person.colour(at, c) - behind) ** 2
      }
      // What the ground's own unevenness makes is nothing; what is nearly the person is the person.
      const share = (Math.sqrt(along) - 8) / Math.max(24, Math.sqrt(whole) * 0.8 - 8)
      alpha[at] = Math.round(255 * Math.max(0, Math.min(1, share)))
    }
    const a = alpha[at]! / 255
    if (a > 0 && a < 1)
      for (let c = 0; c < 3; c++) {
        const own = (rgb[at * 3 + c]! - (1 - a) * ground.colour(at, c)) / a
        colours[at * 3 + c] = Math.max(0, Math.min(255, Math.round(own)))
      }
  }
  return { alpha, person: colours }
}
