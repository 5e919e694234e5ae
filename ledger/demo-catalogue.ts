/**
 * The two catalogues that come with the service: prices in money, and prices in abstract credits.
 *
 * Installed at the first start by install-catalogue.ts; an operator publishes others.
 */
import type { PlanDraft } from '../billing/plan.ts'

/** Free operations, offered by every demo plan. */
const BASICS = [
  'resize',
  'pad',
  'trim',
  'rotate',
  'background',
  'sharpen',
  'watermark',
  'convert',
  'strip_metadata',
]
const FREE = BASICS.map((operation) => ({ operation, unitPrice: '0' }))

function priced(smartCrop: string, removeBackground: string): PlanDraft['prices'] {
  return [
    { operation: 'smart_crop', unitPrice: smartCrop },
    { operation: 'remove_background', unitPrice: removeBackground },
    ...FREE,
  ]
}

const money = { currency: 'USD', creditUnit: 'USD' }

export const DEMO_CATALOGUES: Readonly<Record<'money' | 'credits', readonly PlanDraft[]>> = {
  money: [
    {
      ...money,
      code: 'starter',
      name: 'Starter',
      listPrice: '50',
      credits: '50',
      prices: priced('0.2', '0.5'),
    },
    {
      ...money,
      code: 'growth',
      name: 'Growth',
      listPrice: '200',
      credits: '220',
      prices: priced('0.18', '0.45'),
    },
    {
      ...money,
      code: 'scale',
      name: 'Scale',
      listPrice: '800',
      credits: '960',
      prices: priced('0.15', '0.36'),
    },
  ],
  credits: [
    {
      code: 'studio',
      name: 'Studio',
      currency: 'USD',
      creditUnit: 'credits',
      creditPrice: '0.065',
      listPrice: '500',
      discount: '250',
      credits: '4570',
      prices: priced('1.3', '3.2'),
    },
  ],
}
