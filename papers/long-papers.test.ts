import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Receipt } from '../automations/read-receipt.ts'
import { describeReceipt } from './describe-receipt.ts'
import type { Sheet } from './sheet.ts'
import { ACME, infoOf, LOGO, MERIDIAN, textOf } from './test-papers.ts'
import { openTypesetter, type Typesetter } from './typesetter.ts'

let typesetter: Typesetter
beforeAll(() => {
  typesetter = openTypesetter()
})
afterAll(() => typesetter.close())

const PHOTOS = 150

const paid = { cost: 700_000n, drawn: 700_000n, overage: 0n }
const images: Receipt['images'] = Array.from({ length: PHOTOS }, (_, index) => ({
  ...paid,
  itemId: `item ${index}`,
  name: `photo-${index}.jpeg`,
  status: 'succeeded',
  failure: null,
  steps: [],
}))
const failed = { name: 'blank.png', status: 'failed', failure: 'Nothing in this photo stands out.' }
images.push({ ...images[0]!, cost: 0n, drawn: 0n, ...failed })

const run = {
  name: 'Autumn shoes',
  itemCount: PHOTOS + 1,
  succeeded: PHOTOS,
  cost: 105_000_000n,
  drawn: 105_000_000n,
  overage: 0n,
  currency: 'USD',
  creditUnit: 'USD',
  createdAt: new Date('2026-11-20T10:00:00Z'),
  finishedAt: new Date('2026-11-20T10:05:00Z'),
}

const operations = [
  { operation: 'remove_background', charged: 150, alreadyPaid: 0, unitPrice: 500_000n, cost: 75_000_000n },
  { operation: 'smart_crop', charged: 148, alreadyPaid: 2, unitPrice: 200_000n, cost: 29_600_000n },
  { operation: 'convert', charged: 150, alreadyPaid: 0, unitPrice: 0n, cost: 0n },
]

function receiptSheet(language: 'en' | 'ja'): Sheet {
  const receipt = { run, automation: { name: 'Marketplace square', steps: [] }, operations, images }
  const parties = { seller: MERIDIAN, logo: LOGO.type, buyer: ACME, language }
  return describeReceipt({ receipt: receipt as unknown as Receipt, parties, zone: 'Europe/Berlin' })
}

test('a long receipt breaks between photos, with its head on every page, and says that it is no invoice', async () => {
  const pdf = await typesetter.make({ make: 'pdf', sheet: receiptSheet('en'), logo: LOGO.bytes })
  const { pages } = await infoOf(pdf)
  expect(pages).toBe(5)
  const texts = (await textOf(pdf)).split('\f')
  expect(texts).toHaveLength(pages)
  expect(texts[0]).toMatch(/Smart crop +148 +\$0\.20 +\$29\.60/)
  expect(texts[0]).toMatch(/Operation +Charged +Unit price +Cost/)
  expect(texts[0]).toMatch(/Cost +\$105\.00\s+From credits +\$105\.00\s+Overage +\$0\.00/)
  expect(texts[0]).toContain('This receipt is no invoice.')
  for (const [index, text] of texts.entries()) {
    expect(text).toMatch(/Photo +Overage +Cost/)
    expect(text).toContain(`Page ${index + 1} of ${pages}`)
  }
  const shown = texts.join('\n').match(/photo-\d+\.jpeg +\$0\.00 +\$0\.70/g)
  expect(shown).toHaveLength(PHOTOS)
  expect(texts.at(-1)).toMatch(/blank\.png +not charged/)
})

test('Japanese text can be selected, and Latin stays in Inter', async () => {
  const pdf = await typesetter.make({ make: 'pdf', sheet: receiptSheet('ja'), logo: LOGO.bytes })
  expect((await textOf(pdf)).replaceAll(/\s/g, '')).toContain('この明細は請求書ではありません。')
  expect((await infoOf(pdf)).fonts).toMatch(
    /Inter-Regular[\s\S]*BIZUDPGothic|BIZUDPGothic[\s\S]*Inter-Regular/,
  )
})

test('what cannot be made is told, and the next paper is made', async () => {
  const broken = { ...receiptSheet('en'), size: 'no paper' } as unknown as Sheet
  await expect(typesetter.make({ make: 'pdf', sheet: broken, logo: null })).rejects.toThrow(
    'could not be made',
  )
  const huge = { ...receiptSheet('en'), logo: 'png' as const }
  await expect(
    typesetter.make({ make: 'pdf', sheet: huge, logo: Buffer.from('no picture') }),
  ).rejects.toThrow('could not be made')
  const pdf = await typesetter.make({ make: 'pdf', sheet: receiptSheet('en'), logo: LOGO.bytes })
  expect((await infoOf(pdf)).pages).toBe(5)
})
