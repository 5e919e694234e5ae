/**
 * The check of invoice lines: each line of each invoice is derived again from period totals, plan versions and changes of plan.
 *
 * Used by verify-account.ts. What a line must say is derived by derive-invoice.ts, which the proof of an invoice runs as well.
 */
import type { Transaction } from '../database/connect.ts'
import { type DerivedLine, deriveLines, type Terms, type UseTotal } from './derive-invoice.ts'
import type { Finding } from './finding.ts'

type InvoiceRow = {
  id: string
  name: string
  kind: string
  currency: string
  subscriptionId: string | null
  periodNumber: number | null
  total: bigint
  unbilled: bigint
  /** Of the plan that its fee is for, and of a change of plan that it bills; null where there is none. */
  feeVersionId: string | null
  listPrice: bigint | null
  discount: bigint | null
  changeVersionId: string | null
  due: bigint | null
  drewCredits: boolean
}

type LineRow = Omit<DerivedLine, 'kind'> & { invoiceId: string; line: number; kind: string }
/** `invoiceId`: of what an interim invoice took out of its period. */
type TotalRow = UseTotal & { invoiceId: string | null; subscriptionId: string; periodNumber: number }

/** Lines that are derived from usage and plans. The rest of an invoice's lines have checks of their own. */
const DERIVED = ['plan_fee', 'discount', 'plan_change', 'usage', 'late_usage', 'credits_applied']
const DERIVED_KINDS = ['start', 'upgrade', 'boundary', 'cancel', 'interim']

export async function checkInvoiceLines(tx: Transaction, accountId: string): Promise<Finding[]> {
  const invoices = await readInvoices(tx, accountId)
  if (invoices.length === 0) return []
  const lines = groupBy(await readLines(tx, accountId), ({ invoiceId }) => invoiceId)
  const totals = groupBy(await readTotals(tx, accountId), (total) => total.invoiceId ?? periodOf(total))
  return invoices.flatMap((invoice) => {
    const stored = lines.get(invoice.id) ?? []
    const findings = checkSums(invoice, stored)
    if (!DERIVED_KINDS.includes(invoice.kind)) return findings
    const billed = invoice.kind === 'interim' ? invoice.id : periodOf(invoice)
    const expected = deriveLines(termsOf(invoice, totals.get(billed) ?? []))
    const found = stored.filter(({ kind }) => DERIVED.includes(kind))
    return [...findings, ...compareLines(invoice, expected, found)]
  })
}

function termsOf(invoice: InvoiceRow, totals: readonly UseTotal[]): Terms {
  const { currency, feeVersionId, listPrice, discount, changeVersionId, due } = invoice
  const closes = ['boundary', 'cancel', 'interim'].includes(invoice.kind)
  return {
    currency,
    fee:
      feeVersionId === null
        ? null
        : { planVersionId: feeVersionId, listPrice: listPrice!, discount: discount! },
    change: changeVersionId === null ? null : { planVersionId: changeVersionId, due: due! },
    totals: closes ? totals : [],
    drewCredits: closes && invoice.drewCredits,
  }
}

function checkSums(invoice: InvoiceRow, lines: readonly LineRow[]): Finding[] {
  const total = lines.reduce((sum, { amount }) => sum + amount, 0n)
  if (total === invoice.total) return []
  const detail = `expected ${total}, the sum of its lines, found ${invoice.total}`
  return [{ check: 'an invoice is the sum of its lines', row: invoice.name, detail }]
}

function compareLines(
  invoice: InvoiceRow,
  expected: readonly DerivedLine[],
  found: readonly LineRow[],
): Finding[] {
  const check = 'an invoice line is what its usage and plan make it'
  const findings: Finding[] = []
  for (let place = 0; place < Math.max(expected.length, found.length); place++) {
    const [wanted, stored] = [expected[place], found[place]]
    const [should, is] = [wanted && writeLine(wanted), stored && writeLine(stored)]
    if (should === is) continue
    const detail = `expected ${should ?? 'no line'}, found ${is ?? 'no line'}`
    findings.push({ check, row: `${invoice.name} line ${stored?.line ?? place + 1}`, detail })
  }
  return findings
}

function writeLine({
  kind,
  operation,
  planVersionId,
  quantity,
  unitPrice,
  amount,
  exact,
}: Omit<LineRow, 'line' | 'invoiceId'>) {
  return [kind, operation, planVersionId, quantity, unitPrice, exact, amount]
    .filter((one) => one !== null)
    .join(' ')
}

function readInvoices(tx: Transaction, accountId: string): Promise<InvoiceRow[]> {
  return tx.query<InvoiceRow>(
    `select i.invoice_id as "id", 'invoice ' || coalesce(i.number, i.invoice_id::text) as name, i.kind, i.currency,
       i.subscription_id as "subscriptionId", i.period_number as "periodNumber", i.total_micros as "total",
       i.unbilled_micros as "unbilled", v.plan_version_id as "feeVersionId", v.list_price_micros as "listPrice",
       v.discount_micros as "discount", case when i.kind = 'upgrade' then c.to_plan_version_id end as "changeVersionId",
       c.due_micros as "due", case when i.kind = 'interim' then exists (select from interim_draws b
           where b.account_id = i.account_id and b.invoice_id = i.invoice_id and b.drawn_micros <> 0)
         else exists (select from period_draws d where d.account_id = i.account_id
           and d.subscription_id = i.subscription_id and d.period_number = i.period_number and d.drawn_micros <> coalesce((
             select sum(b.drawn_micros) from invoices n join interim_draws b using (account_id, invoice_id)
             where n.account_id = i.account_id and n.subscription_id = i.subscription_id and n.period_number = i.period_number
               and b.source = d.source), 0)) end as "drewCredits"
     from invoices i
     left join plan_changes c on c.account_id = i.account_id and c.invoice_id = i.invoice_id
     left join plan_versions v on v.plan_version_id = case
       when i.kind = 'start' then c.to_plan_version_id
       -- The plan that the fee says, if it was this subscription's at the boundary; else the one that was.
       when i.kind = 'boundary' then coalesce(
         (select l.plan_version_id from invoice_lines l join subscription_versions s
            on s.account_id = l.account_id and s.plan_version_id = l.plan_version_id
          where l.account_id = i.account_id and l.invoice_id = i.invoice_id and l.kind = 'plan_fee'
            and (s.subscription_id = i.subscription_id or s.starts_at = i.period_ends_at)
            and s.starts_at <= i.period_ends_at + interval '1 second' limit 1),
         (select s.plan_version_id from subscription_versions s where s.account_id = i.account_id
            and s.subscription_id = i.subscription_id and s.starts_at <= i.period_ends_at order by s.starts_at desc limit 1))
       end
     where i.account_id = $1 order by i.drafted_at, i.invoice_id`,
    [accountId],
  )
}

function readLines(tx: Transaction, accountId: string): Promise<LineRow[]> {
  return tx.query<LineRow>(
    `select invoice_id as "invoiceId", line, kind, operation, plan_version_id as "planVersionId", quantity,
       unit_price_micros as "unitPrice", amount_micros as "amount", exact_micros as "exact"
     from invoice_lines where account_id = $1 order by invoice_id, line`,
    [accountId],
  )
}

/** In the order of an invoice: plan versions as they came into force, those that never did first; then the price list. */
function readTotals(tx: Transaction, accountId: string): Promise<TotalRow[]> {
  return tx.query<TotalRow>(
    `with interims as (
       select i.invoice_id, i.subscription_id, i.period_number, b.plan_version_id, b.operation, b.late, b.quantity, b.overage_micros
       from invoices i join interim_totals b using (account_id, invoice_id) where i.account_id = $1),
     parts as (
       select * from interims
       union all
       select null, subscription_id, period_number, plan_version_id, operation, late, sum(quantity)::bigint, sum(overage_micros)::bigint
       from (select subscription_id, period_number, plan_version_id, operation, late, quantity, overage_micros from period_totals
           where account_id = $1
         union all select subscription_id, period_number, plan_version_id, operation, late, -quantity, -overage_micros from interims) rest
       group by 2, 3, 4, 5, 6)
     select t.invoice_id as "invoiceId", t.subscription_id as "subscriptionId", t.period_number as "periodNumber",
       t.plan_version_id as "planVersionId", t.operation, t.late, t.quantity, t.overage_micros as "overage",
       p.overage_unit_price_micros as "overageUnitPrice"
     from parts t join plan_prices p using (plan_version_id, operation)
     left join lateral (select min(v.starts_at) as since from subscription_versions v
       where v.account_id = $1 and v.plan_version_id = t.plan_version_id) v on true
     where t.quantity <> 0
     order by coalesce(v.since, '-infinity'), t.plan_version_id, p.position, t.operation`,
    [accountId],
  )
}

function periodOf({
  subscriptionId,
  periodNumber,
}: Pick<InvoiceRow, 'subscriptionId' | 'periodNumber'>): string {
  return `${subscriptionId} ${periodNumber}`
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}
