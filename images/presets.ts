/**
 * What marketplaces ask of a picture, as data: rules to check against, and the steps that make a picture meet them. Operators may edit or add. Pure.
 *
 * Each preset lists the pages its numbers were read from and the day. Most are guides by third parties, read as stored copies, because the marketplaces' own pages need an account: they are
 * good enough to warn somebody before an upload, and no promise of what a marketplace does. Where guides differ the stricter number stands and `note` says so. A rule without a page behind it is
 * advice at most.
 */
import type { Step } from './catalogue.ts'
import type { OutputFormat } from './operation.ts'

export type PresetRules = {
  /** In pixels. Missing `required` is a miss; missing `advised` is advice. */
  longSide?: { required?: number; advised?: number; most?: number }
  shortSide?: { required?: number; advised?: number }
  /** Width to height, and how far off it may be as a share. */
  aspect?: { ratio: number; tolerance: number; advice: boolean }
  formats: OutputFormat[]
  mostBytes?: number
  /** Share of the border that must be pure white (255, 255, 255). */
  whiteBorder?: number
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

const readOn = '2026-11-22'
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

export const presets: Preset[] = [
  {
    code: 'amazon_main',
    name: 'Amazon main image',
    sources: ['https://mercatuslab.com/blog/amazon-product-image-requirements'],
    readOn,
    note: 'Amazon takes 500 px, but shows no zoom below 1,000: that is what is required here.',
    rules: {
      longSide: { required: 1000, advised: 1600, most: 10_000 },
      aspect: { ratio: 1, tolerance: 0.005, advice: true },
      formats: ['jpeg', 'png'],
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
    rules: { longSide: { required: 500, advised: 1600 }, formats: ['jpeg', 'png'], mostBytes: 12_000_000 },
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
    note: 'Guides give 4,472 or 5,000 px as the most; the smaller stands. Below 800 px the shop’s zoom does not work.',
    rules: {
      longSide: { most: 4472 },
      shortSide: { required: 800, advised: 2048 },
      aspect: { ratio: 1, tolerance: 0.005, advice: true },
      formats: ['jpeg', 'png', 'webp'],
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
    rules: { longSide: { advised: 2000 }, formats: ['jpeg', 'png'], mostBytes: 10_000_000 },
    steps: [photo(2000, 2000), jpeg],
  },
  {
    code: 'google_shopping',
    name: 'Google Shopping',
    sources: [
      'https://sharpfeed.io/docs/fields/image-link',
      'https://emberfeed.com/specs/google-merchant-image-requirements-2026',
    ],
    readOn,
    note: '500 px is reported to be enforced from 31 January 2027; until then 100, for clothes 250.',
    rules: {
      shortSide: { required: 500, advised: 1500 },
      formats: ['jpeg', 'png', 'webp'],
      mostBytes: 16_000_000,
      fill: { least: 0.75, most: 0.9, advice: true },
    },
    steps: [cutOut, square(1500, 0.08), white, jpeg],
  },
  instagram('instagram_square', 'Instagram square, 1:1', { width: 1080, height: 1080 }, [
    'https://jpg.now/blog/instagram-shop-image-specs',
  ]),
  instagram('instagram_portrait', 'Instagram portrait, 4:5', { width: 1080, height: 1350 }, [
    'https://jpg.now/blog/instagram-shop-image-specs',
  ]),
  instagram('instagram_story', 'Instagram story, 9:16', { width: 1080, height: 1920 }, []),
  {
    code: 'head_crop',
    name: 'Head and shoulders',
    sources: [],
    readOn,
    note: 'Nobody’s rule: an avatar of 512 px, as most services show it.',
    rules: {
      shortSide: { advised: 512 },
      aspect: { ratio: 1, tolerance: 0.005, advice: true },
      formats: ['jpeg', 'png', 'webp'],
    },
    steps: [{ operation: 'smart_crop', settings: { width: 512, height: 512, mode: 'head' } }, jpeg],
  },
]

function instagram(
  code: string,
  name: string,
  size: { width: number; height: number },
  sources: string[],
): Preset {
  return {
    code,
    name,
    sources,
    readOn,
    ...(sources.length === 0 ? { note: 'The customary size; no page was read for it.' } : {}),
    rules: {
      shortSide: { advised: 1080 },
      aspect: { ratio: size.width / size.height, tolerance: 0.005, advice: sources.length === 0 },
      formats: ['jpeg', 'png'],
    },
    steps: [photo(size.width, size.height), jpeg],
  }
}
