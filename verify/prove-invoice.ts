/**
 * Proves an invoice from its bundle: every line from the usage records and prices, and that nothing of them was changed since they
 * were booked, by the hash chain up to the head that stands on the invoice.
 *
 * Called by `drawdown invoice verify` on the customer's machine, without a server, and by its test. It imports nothing of the engine
 * and no database: read-proof.ts makes the bundle, this file trusts nothing in it.
 *
 *   usage × price ──▶ lines ──▶ total        usage ──▶ details ──▶ links ──▶ the head on the invoice
 *
 * Of months whose usage is archived the bundle has checkpoints in place of records: totals, which must agree with the entries of the
 * chain. `restsOn` says so. With the archive's file beside it (`withArchive`), every record is proven again.
 *
 * What it can't know: whether the bundle has all usage of the period. What was used and is missing would be to the customer's good;
 * what is there and was never used, the customer finds by its key and time.
 */
import { createHash } from 'node:crypto'
import {
  type DerivedLine,
  deriveLines,
  minorUnitOf,
  overageOf,
  type RawUse,
  roundTo,
  totalsOf,
  type UseTotal,
} from './derive-invoice.ts'
import type {
  ArchivedUse,
  InvoiceProof,
  ProvenArchive,
  ProvenLine,
  ProvenTransaction,
  ProvenUse,
} from './invoice-proof.ts'

/** What does not hold, in sentences; empty when the invoice is proven. */
export function proveInvoice(proof: InvoiceProof): string[] {
  return [...proveUsage(proof), ...proveArchives(proof), ...proveLines(proof), ...proveChain(proof)]
}

/** What had to be taken from checkpoints, in sentences; empty when every record is in the bundle. */
export function restsOn(proof: InvoiceProof): string[] {
  const months = proof.archives.filter((archive) => ownTotals(proof, archive).length > 0)
  return months.map(
    ({ month }) =>
      `Usage of ${month} is archived: quantities rest on the checkpoint of that month, credits and overage on the hash chain.`,
  )
}

/** The bundle with the records of its period that archives hold, in place of their months' checkpoints. */
export function withArchive(proof: InvoiceProof, lines: readonly ArchivedUse[]): InvoiceProof {
  const { account_id, invoice, archives } = proof
  const own = lines.filter(
    (line) => line.account_id === account_id && isOfPeriod(invoice, line) && isOfPart(invoice, line.sequence),
  )
  const within = ({ starts_at, ends_at }: ProvenArchive) =>
    own.filter(({ booked_at }) => at(booked_at) >= at(starts_at) && at(booked_at) < at(ends_at))
  return {
    ...proof,
    usage: [...proof.usage, ...archives.flatMap(within)],
    archives: archives.filter((archive) => within(archive).length === 0),
  }
}

function isOfPeriod(
  invoice: InvoiceProof['invoice'],
  of: { subscription_id: string; period_number: number },
): boolean {
  return of.subscription_id === invoice.subscription_id && of.period_number === invoice.period_number
}

/** Whether it lies between the cuts of its period that this invoice bills between. */
function isOfPart(
  { after_sequence: after, through_sequence: through }: InvoiceProof['invoice'],
  sequence: string,
): boolean {
  return BigInt(sequence) > BigInt(after) && (through === null || BigInt(sequence) <= BigInt(through))
}

function ownTotals({ invoice }: InvoiceProof, { state }: ProvenArchive): ProvenArchive['state']['totals'] {
  return state.totals.filter((total) => isOfPeriod(invoice, total))
}

/** What checkpoints say was drawn and is overage must be what the entries of their months say. */
function proveArchives(proof: InvoiceProof): string[] {
  const { invoice, usage, transactions } = proof
  const known = new Set(usage.map(({ sequence }) => sequence))
  return proof.archives.flatMap((archive) => {
    // Where interim invoices have cut the period, what is of which part says the sequence.
    const isCut = invoice.after_sequence !== '0' || invoice.through_sequence !== null
    const [starts, ends] = isCut
      ? [-Infinity, Infinity]
      : [at(invoice.period_starts_at), at(invoice.period_ends_at)]
    const from = Math.max(at(archive.starts_at), starts)
    const until = Math.min(at(archive.ends_at), ends)
    const entries = transactions
      .filter(
        ({ cause, sequence }) =>
          cause === 'usage_booked' && !known.has(sequence) && isOfPart(invoice, sequence),
      )
      .filter(({ booked_at }) => at(booked_at) >= from && at(booked_at) < until)
      .flatMap((transaction) => transaction.entries)
    const sumOf = (name: string) =>
      entries.filter(({ account }) => account === name).reduce((sum, { amount }) => sum + BigInt(amount), 0n)
    const totals = ownTotals(proof, archive)
    const drawn = totals.reduce((sum, total) => sum + BigInt(total.drawn), 0n)
    const overage = totals.reduce((sum, total) => sum + BigInt(total.overage), 0n)
    if (drawn === sumOf('credits:drawn') && overage === -sumOf('income:overage')) return []
    return [`The checkpoint of ${archive.month} is not what the entries of that month say.`]
  })
}

function proveUsage({ usage, prices }: InvoiceProof): string[] {
  const listed = new Map(prices.map((price) => [`${price.plan_version_id} ${price.operation}`, price]))
  return usage.flatMap((use) => {
    const price = listed.get(`${use.plan_version_id} ${use.operation}`)
    const faults: string[] = []
    if (price?.unit_price !== use.unit_price || price.overage_unit_price !== use.overage_unit_price)
      faults.push('has not the prices of its plan version')
    if (BigInt(use.unit_price) * BigInt(use.quantity) !== BigInt(use.cost))
      faults.push('is not unit price × quantity')
    const raw = toRaw(use)
    if (raw.draws.reduce((sum, { amount }) => sum + amount, 0n) !== BigInt(use.drawn))
      faults.push('drew something else than its draws')
    if (overageOf(raw) !== BigInt(use.overage)) faults.push('has another overage than what was not drawn')
    return faults.map((fault) => `Usage ${use.key} (${use.id}) ${fault}.`)
  })
}

function proveLines(proof: InvoiceProof): string[] {
  const { invoice, fee, change, prices, usage, archives } = proof
  const places = new Map(prices.map((price) => [`${price.plan_version_id} ${price.operation}`, price]))
  const archived = archives.flatMap((archive) => ownTotals(proof, archive))
  const { totals, drawn } = totalsOf(
    usage.map(toRaw),
    ({ planVersionId, operation }) => {
      const place = places.get(`${planVersionId} ${operation}`)
      return [place?.in_force_since ?? '', planVersionId, place?.position ?? 0]
    },
    archived.map(
      (total): UseTotal => ({
        planVersionId: total.plan_version_id,
        operation: total.operation,
        late: total.late,
        quantity: BigInt(total.quantity),
        overage: BigInt(total.overage),
        overageUnitPrice: BigInt(
          places.get(`${total.plan_version_id} ${total.operation}`)?.overage_unit_price ?? 0,
        ),
      }),
    ),
  )
  const net = deriveLines({
    currency: invoice.currency,
    fee: fee && {
      planVersionId: fee.plan_version_id,
      listPrice: BigInt(fee.list_price),
      discount: BigInt(fee.discount),
    },
    change: change && { planVersionId: change.plan_version_id, due: BigInt(change.due) },
    totals,
    drewCredits:
      [...drawn.values()].some((amount) => amount !== 0n) ||
      archived.some((total) => BigInt(total.drawn) !== 0n),
  })
  const faults: string[] = []
  const given = invoice.lines.filter(({ kind }) => kind !== 'tax' && kind !== 'purchase')
  for (let place = 0; place < Math.max(net.length, given.length); place++) {
    const [should, is] = [writeLine(net[place]), writeGiven(given[place])]
    if (should !== is) faults.push(`Line ${place + 1} should be ${should}, and is ${is}.`)
  }
  const base = invoice.lines
    .filter(({ kind }) => kind !== 'tax')
    .reduce((sum, { amount }) => sum + BigInt(amount), 0n)
  for (const { line, amount, tax_rate } of invoice.lines.filter(({ kind }) => kind === 'tax')) {
    const due = roundTo(base * BigInt(tax_rate ?? 0), minorUnitOf(invoice.currency) * 1_000_000n) / 1_000_000n
    if (due !== BigInt(amount))
      faults.push(`Line ${line} should be a tax of ${due} micros, and is ${amount}.`)
  }
  const total = invoice.lines.reduce((sum, { amount }) => sum + BigInt(amount), 0n)
  if (total !== BigInt(invoice.total))
    faults.push(`The lines add up to ${total} micros, and the total is ${invoice.total}.`)
  return faults
}

function proveChain({ account_id, invoice, usage, previous_link, transactions }: InvoiceProof): string[] {
  const faults: string[] = []
  const uses = new Map<string, ProvenUse[]>()
  for (const use of usage) uses.set(use.sequence, [...(uses.get(use.sequence) ?? []), use])
  let previous = previous_link ?? ''
  for (const transaction of transactions) {
    const { sequence } = transaction
    const own = uses.get(sequence)
    uses.delete(sequence)
    if (own && digestUses(own) !== transaction.details_digest)
      faults.push(`The usage of transaction ${sequence} is not what was booked.`)
    if (transaction.cause === 'invoice_finalized' && transaction.cause_id === invoice.id) {
      if (digestLines(invoice.lines) !== transaction.details_digest)
        faults.push('The lines are not those with which the invoice was finalized.')
    }
    if (linkOf(account_id, previous, transaction) !== transaction.link)
      faults.push(`Transaction ${sequence} does not follow from the one before it.`)
    previous = transaction.link
  }
  for (const sequence of uses.keys()) faults.push(`Transaction ${sequence}, which booked usage, is missing.`)
  const last = transactions.at(-1)
  if (last?.sequence !== invoice.chain_sequence || last.link !== invoice.chain_head)
    faults.push('The chain does not end in the head that stands on the invoice.')
  return faults
}

function toRaw(use: ProvenUse): RawUse {
  return {
    planVersionId: use.plan_version_id,
    operation: use.operation,
    late: use.late,
    quantity: BigInt(use.quantity),
    unitPrice: BigInt(use.unit_price),
    overageUnitPrice: BigInt(use.overage_unit_price),
    draws: use.draws.map(({ grant_id: grantId, amount }) => ({ grantId, amount: BigInt(amount) })),
  }
}

function writeLine(line: DerivedLine | undefined): string {
  if (!line) return 'absent'
  const { kind, operation, planVersionId, quantity, unitPrice, exact, amount } = line
  return [kind, operation, planVersionId, quantity, unitPrice, exact, amount]
    .filter((one) => one !== null)
    .join(' ')
}

function writeGiven(line: ProvenLine | undefined): string {
  if (!line) return 'absent'
  const { kind, operation, plan_version_id, quantity, unit_price, exact, amount } = line
  return [kind, operation, plan_version_id, quantity, unit_price, exact, amount]
    .filter((one) => one !== null)
    .join(' ')
}

// The form of links and details is told in ledger/chain-links.ts; this is its third writing, beside SQL's.

function linkOf(accountId: string, previous: string, transaction: ProvenTransaction): string {
  const { sequence, booked_at, cause, cause_id, entries, details_digest } = transaction
  const lines = entries.map(
    ({ account, commodity, amount, grant_id }) =>
      `${account}|${field(commodity)}|${amount}|${grant_id ?? ''}`,
  )
  const head = [
    'drawdown link 1',
    previous,
    accountId,
    sequence,
    at(booked_at),
    field(cause),
    field(cause_id),
  ]
  return sha256([...head, ...lines, details_digest ?? ''].join('\n'))
}

function digestUses(uses: readonly ProvenUse[]): string {
  const lines = [...uses]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((use) =>
      [
        use.id,
        at(use.booked_at),
        at(use.occurred_at),
        use.source,
        use.quantity,
        use.plan_version_id,
        use.unit_price,
        use.overage_unit_price,
        use.cost,
        use.drawn,
        use.overage,
        use.draws.map(({ grant_id, amount }) => `${grant_id}=${amount}`).join(','),
        use.subscription_id,
        use.period_number,
        use.late ? 'late' : '',
        use.run_id ?? '',
        use.item_id ?? '',
        use.balance_after,
        use.body_digest,
        field(use.operation),
        field(use.key),
      ].join('|'),
    )
  return sha256(lines.join('\n'))
}

function digestLines(lines: readonly ProvenLine[]): string {
  const texts = lines.map((line) =>
    [
      line.line,
      line.kind,
      line.operation ?? '',
      line.plan_version_id ?? '',
      line.quantity ?? '',
      line.unit_price ?? '',
      line.exact,
      line.amount,
      field(line.description),
    ].join('|'),
  )
  return sha256(texts.join('\n'))
}

const at = (instant: string): number => Date.parse(instant)
const field = (text: string): string => `${Buffer.byteLength(text)}:${text}`
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
