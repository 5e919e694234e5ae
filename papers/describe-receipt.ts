/**
 * The receipt of a run as a sheet: what its operations cost, and what each photo cost.
 *
 * Called by open-papers.ts. A receipt is no invoice and says so: it has no number, no tax, and names the parties of today.
 *
 * Invariant: every amount is one that was booked; nothing is added up here.
 */
import type { Receipt, ReceiptImage, ReceiptOperation } from '../automations/read-receipt.ts'
import type { Micros } from '../billing/micros.ts'
import { describeParties, type Parties } from './describe-parties.ts'
import type { Sheet, Table } from './sheet.ts'
import { amountIn, civilDay, countIn, dayIn, operationIn, type Words } from './words.ts'
import { wordsOf } from './words-of.ts'

export type ReceiptFacts = { receipt: Receipt; parties: Parties; zone: string }

export function describeReceipt({ receipt, parties, zone }: ReceiptFacts): Sheet {
  const words = wordsOf(parties.language)
  const { run, automation, operations, images } = receipt
  const units = { credits: run.creditUnit, currency: run.currency }
  const day = run.finishedAt ?? run.createdAt
  const succeeded = countIn(words, run.succeeded)
  return {
    ...describeParties(words, parties),
    title: `${words.receipt} ${run.name}`,
    date: civilDay(zone, day),
    kind: words.receipt,
    number: null,
    facts: [
      { name: words.date, value: dayIn(words, zone, day) },
      { name: words.run, value: run.name },
      { name: words.automation, value: automation.name },
      { name: words.photos, value: words.photoCount(succeeded, countIn(words, run.itemCount)) },
    ],
    headline: null,
    tables: [operationTable(words, operations, units)],
    totals: [
      { name: words.cost, amount: amountIn(words, run.cost, units.credits), strong: true },
      { name: words.fromCredits, amount: amountIn(words, run.drawn, units.credits), strong: false },
      { name: words.overage, amount: amountIn(words, run.overage, units.currency), strong: false },
    ],
    notes: [words.receiptNote],
    annex: [photoTable(words, images, units)],
    pageWords: words.page,
  }
}

type Units = { credits: string; currency: string }

function operationTable(words: Words, operations: readonly ReceiptOperation[], units: Units): Table {
  const credits = (amount: Micros) => amountIn(words, amount, units.credits)
  return {
    title: null,
    columns: [words.operation, words.charged, words.unitPrice, words.cost],
    rows: operations.map(({ operation, charged, alreadyPaid, unitPrice, cost }) => ({
      cells: [
        operationIn(words, operation),
        countIn(words, charged),
        unitPrice === 0n ? words.free : credits(unitPrice),
        credits(cost),
      ],
      detail: alreadyPaid === 0 ? null : words.alreadyPaid(countIn(words, alreadyPaid)),
    })),
  }
}

/** A photo that costs nothing says why in its own words, as the run's page does. */
function photoTable(words: Words, images: readonly ReceiptImage[], units: Units): Table {
  return {
    title: words.photos,
    columns: [words.photo, words.overage, words.cost],
    rows: images.map(({ name, status, failure, cost, overage }) => ({
      cells:
        status === 'succeeded'
          ? [name, amountIn(words, overage, units.currency), amountIn(words, cost, units.credits)]
          : [name, '', words.notCharged],
      detail: failure,
    })),
  }
}
