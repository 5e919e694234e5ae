/**
 * What marketplaces ask of a picture, as data: rules to check against, and the steps that make a picture meet them. Pure.
 *
 * Each preset lists the pages its numbers were read from and the day. Most are guides by third parties, read as stored copies, because the marketplaces' own pages need an account: they are
 * good enough to warn somebody before an upload, and no promise of what a marketplace does. Where guides differ the stricter number stands and `note` says so. A rule without a page behind it is
 * advice at most, but for what a preset's own name says: a square is square, and head and shoulders are one person's.
 */
import type { Step } from './catalogue.ts'
import type { OutputFormat } from './operation.ts'

export type PresetRules = {
  /** In pixels. Missing `required` is a miss; missing `advised` is advice. */
  longSide?: { required?: number; advised?: number; most?: number }
  shortSide?: { required?: number; advised?: number; most?: number }
  /** Width to height, and how far off it may be as a share. */
  aspect?: { ratio: number; tolerance: number; advice: boolean }
  formats: OutputFormat[]
  mostBytes?: number
  /** Other colour profiles than sRGB are shown wrongly in places. */
  srgb?: { advice: boolean }
  /** Share of the border that must be pure white (255, 255, 255). */
  whiteBorder?: number
  /** Share of the edge around a head that must be white or nearly so. */
  lightTop?: number
  /** Exactly one face is seen. */
  onePerson?: boolean
  /** Chin to crown, as a share of the height. */
  headHeight?: { least: number; most: number; advice?: boolean }
  /** Where the eyes are, as a share of the height from the bottom. */
  eyesFromBottom?: { least: number; most: number; advice?: boolean }
  /** Share of the frame's longer relative side that the subject's box spans. Measured on pictures with a white border or transparency. */
  fill?: { least: number; most?: number; advice: boolean }
}

export type Preset = {
  code: string
  name: string
  /** Pages that were read; empty where none was, which `note` then says. */
  sources: string[]
  readOn: string
  note?: string
  rules: PresetRules
  steps: Step[]
}

const readOn = '2026-11-27'
/** No page that was read makes it a rule; all show their pictures on the web, where it is the one profile that nothing misreads. */
const srgb = { advice: true }
const cutOut: Step = { operation: 'remove_background' }
const white: Step = { operation: 'background', settings: { colour: '#ffffff' } }
const jpeg: Step = { operation: 'convert', settings: { format: 'jpeg', quality: 92 } }
const square = (side: number, margin: number): Step => ({
  operation: 'smart_crop',
  settings: { width: side, height: side, margin },
})
const photo = (width: number, height: number): Step => ({
  operation: 'smart_crop',
  settings: { width, height, mode: 'fill' },
})

const head = (
  size: { width: number; height: number },
  place: { head_height: number; eye_line: number },
): Step => ({
  operation: 'smart_crop',
  settings: { ...size, mode: 'head', ...place },
})

export const presets: Preset[] = [
  {
    code: 'amazon_main',
    name: 'Amazon main image',
    sources: [
      'https://mercatuslab.com/blog/amazon-product-image-requirements',
      'https://changethisfile.com/blog/convert-images-for-amazon-seller-central',
    ],
    readOn,
    note: 'Amazon takes 500 px, but shows no zoom below 1,000: that is what is required here. No WebP, and no transparency.',
    rules: {
      longSide: { required: 1000, advised: 1600, most: 10_000 },
      aspect: { ratio: 1, tolerance: 0.005, advice: true },
      formats: ['jpeg', 'png'],
      srgb,
      mostBytes: 10_000_000,
      whiteBorder: 0.995,
      fill: { least: 0.85, advice: false },
    },
    steps: [cutOut, square(2000, 0.06), white, jpeg],
  },
  {
    code: 'ebay',
    name: 'eBay listing',
    sources: [
      'https://www.ebay.com/help/policies/listing-policies/picture-policy?id=4370',
      'https://plomz.com/guide/ebay-image-requirements-for-sellers-2026',
    ],
    readOn,
    note: 'The 500 px are eBay’s own policy; 1,600 px and 12 MB are from the guide.',
    rules: {
      longSide: { required: 500, advised: 1600 },
      formats: ['jpeg', 'png'],
      srgb,
      mostBytes: 12_000_000,
    },
    steps: [cutOut, square(1600, 0.07), white, jpeg],
  },
  {
    code: 'shopify_square',
    name: 'Shopify square',
    sources: [
      'https://www.twilapp.com/blog/shopify-product-image-sizes',
      'https://pixotter.com/blog/shopify-image-size',
    ],
    readOn,
    note: 'Shopify takes other shapes too; this preset is the square. Guides give 4,472 or 5,000 px as the most; the smaller stands. Below 800 px the shop’s zoom does not work.',
    rules: {
      longSide: { most: 4472 },
      shortSide: { required: 800, advised: 2048 },
      aspect: { ratio: 1, tolerance: 0.005, advice: false },
      formats: ['jpeg', 'png', 'webp'],
      srgb,
      mostBytes: 20_000_000,
    },
    steps: [cutOut, square(2048, 0.08), white, jpeg],
  },
  {
    code: 'etsy',
    name: 'Etsy listing',
    sources: ['https://hauld.app/blog/etsy-listing-photo-checklist'],
    readOn,
    note: 'Guides differ on the aspect Etsy prefers; the square is what its thumbnails are cut to.',
    rules: { longSide: { advised: 2000 }, formats: ['jpeg', 'png'], srgb, mostBytes: 10_000_000 },
    steps: [photo(2000, 2000), jpeg],
  },
  {
    code: 'google_shopping',
    name: 'Google Shopping',
    sources: [
      'https://support.google.com/merchants/answer/6324350',
      'https://sharpfeed.io/docs/fields/image-link',
      'https://emberfeed.com/specs/google-merchant-image-requirements-2026',
    ],
    readOn,
    note: '500 px is reported to be enforced from 31 January 2027; until then 100, for clothes 250. Enlarged pictures are not wanted.',
    rules: {
      shortSide: { required: 500, advised: 1500 },
      formats: ['jpeg', 'png', 'webp'],
      srgb,
      mostBytes: 16_000_000,
      fill: { least: 0.75, most: 0.9, advice: true },
    },
    steps: [cutOut, square(1500, 0.08), white, jpeg],
  },
  instagram('instagram_square', 'Instagram square, 1:1', { width: 1080, height: 1080 }),
  instagram('instagram_portrait', 'Instagram portrait, 4:5', { width: 1080, height: 1350 }),
  instagram('instagram_story', 'Instagram story, 9:16', { width: 1080, height: 1920 }),
  {
    code: 'head_crop',
    name: 'Head and shoulders',
    sources: ['https://ogimage.site/guides/instagram-image-size'],
    readOn,
    note: 'An avatar of 512 px: the page asks for 320 on Instagram, other services show up to 500. Many show it as a circle, so the head’s size is advice.',
    rules: {
      shortSide: { required: 320, advised: 512 },
      aspect: { ratio: 1, tolerance: 0.005, advice: false },
      formats: ['jpeg', 'png', 'webp'],
      srgb,
      onePerson: true,
      headHeight: { least: 0.25, most: 0.75, advice: true },
    },
    steps: [{ operation: 'smart_crop', settings: { width: 512, height: 512, mode: 'head' } }, jpeg],
  },
  {
    code: 'passport_us',
    name: 'Passport photo, USA',
    sources: [
      'https://bg.usembassy.gov/visas/nonimmigrant-visas/photo-requirements/',
      'https://dfphoto.net/us/what-size-photo-for-us-passport',
      'https://www.accimm.com/passport-photos',
    ],
    readOn,
    note: '2 × 2 inches: the head is 1 to 1⅜ of them, the eyes 1⅛ to 1⅜ from below. Head and eyes are estimated: check them with a ruler. Whether a replaced background is accepted is for the office to say.',
    rules: {
      shortSide: { required: 600, most: 1200 },
      aspect: { ratio: 1, tolerance: 0.005, advice: false },
      formats: ['jpeg'],
      srgb,
      lightTop: 0.98,
      onePerson: true,
      headHeight: { least: 0.5, most: 0.69 },
      eyesFromBottom: { least: 0.56, most: 0.69 },
    },
    steps: [cutOut, head({ width: 900, height: 900 }, { head_height: 0.6, eye_line: 0.38 }), white, jpeg],
  },
  {
    code: 'passport_35x45',
    name: 'Passport photo, 35 × 45 mm',
    sources: ['https://kodak-express.co.uk/countries/estonia', 'https://www.diyidphotos.com/fiji/passport'],
    readOn,
    note: 'The head is 70 to 80 % of the height; 826 × 1062 px are 600 an inch. Offices differ in the rest. Head and eyes are estimated: check them with a ruler.',
    rules: {
      shortSide: { required: 413 },
      aspect: { ratio: 35 / 45, tolerance: 0.005, advice: false },
      formats: ['jpeg', 'png'],
      srgb,
      lightTop: 0.98,
      onePerson: true,
      headHeight: { least: 0.7, most: 0.8 },
    },
    steps: [cutOut, head({ width: 826, height: 1062 }, { head_height: 0.74, eye_line: 0.44 }), white, jpeg],
  },
]

function instagram(code: string, name: string, size: { width: number; height: number }): Preset {
  return {
    code,
    name,
    sources: [
      'https://pixohub.com/blog/instagram-image-sizes-guide',
      'https://schedulala.com/tools/instagram-image-size-guide',
    ],
    readOn,
    rules: {
      shortSide: { advised: 1080 },
      aspect: { ratio: size.width / size.height, tolerance: 0.005, advice: false },
      formats: ['jpeg', 'png'],
      srgb,
      mostBytes: 30_000_000,
    },
    steps: [photo(size.width, size.height), jpeg],
  }
}
