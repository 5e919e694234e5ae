/**
 * The automations that every new account starts with: what a shop needs on its first day, to run or to change.
 *
 * Called by whoever creates an account, in the transaction that creates it.
 */
import type { Transaction } from '../database/connect.ts'
import type { Step } from '../images/catalogue.ts'
import { createAutomation } from './automations.ts'

/** Last first, so that the list, newest first, shows them in this order. */
const demoAutomations: readonly { name: string; steps: Step[] }[] = [
  {
    name: 'Marketplace square',
    steps: [
      { operation: 'remove_background' },
      { operation: 'smart_crop', settings: { width: 2000, height: 2000 } },
      { operation: 'background', settings: { colour: '#ffffff' } },
      { operation: 'convert', settings: { format: 'jpeg' } },
    ],
  },
  {
    name: 'Cut-out PNG',
    steps: [{ operation: 'remove_background' }, { operation: 'convert', settings: { format: 'png' } }],
  },
  {
    name: 'Square crop',
    steps: [
      { operation: 'smart_crop', settings: { aspect: '1:1' } },
      { operation: 'convert', settings: { format: 'jpeg' } },
    ],
  },
]

/** Puts them into an account that has just been made. Throws when the catalogue no longer takes one: that is a bug. */
export async function installDemoAutomations(tx: Transaction, accountId: string): Promise<void> {
  for (const draft of demoAutomations.toReversed()) {
    const created = await createAutomation(tx, accountId, draft)
    if (!created.ok) throw new Error(`Demo automation “${draft.name}”: ${created.detail}`)
  }
}
