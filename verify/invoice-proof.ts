/**
 * The bundle with which an invoice can be proven: what read-proof.ts makes and prove-invoice.ts trusts nothing in. Types alone, so that
 * the proof can be run without this service.
 */

/** Amounts are whole micros as text. */
export type ProvenUse = {
  id: string
  booked_at: string
  occurred_at: string
  source: string
  key: string
  operation: string
  quantity: string
  plan_version_id: string
  unit_price: string
  overage_unit_price: string
  cost: string
  drawn: string
  overage: string
  draws: { grant_id: string; amount: string }[]
  subscription_id: string
  period_number: number
  late: boolean
  run_id: string | null
  item_id: string | null
  balance_after: string
  body_digest: string
  sequence: string
}

export type ProvenLine = {
  line: number
  kind: string
  operation: string | null
  plan_version_id: string | null
  quantity: string | null
  unit_price: string | null
  exact: string
  amount: string
  description: string
  tax_rate: string | null
}

export type ProvenTransaction = {
  sequence: string
  booked_at: string
  cause: string
  cause_id: string
  entries: { account: string; commodity: string; amount: string; grant_id: string | null }[]
  details_digest: string | null
  link: string
}

/** A month whose records are in a file alone, with the totals of its checkpoint by period. */
export type ProvenArchive = {
  month: string
  starts_at: string
  ends_at: string
  /** SHA-256 of the account's lines in the file. */
  digest: string
  state: {
    totals: {
      subscription_id: string
      period_number: number
      plan_version_id: string
      operation: string
      late: boolean
      quantity: string
      cost: string
      drawn: string
      overage: string
    }[]
  }
}

/** A line of an archive's file. */
export type ArchivedUse = ProvenUse & { account_id: string }

export type InvoiceProof = {
  form: 'drawdown invoice proof 1'
  account_id: string
  invoice: {
    id: string
    number: string
    kind: string
    currency: string
    total: string
    chain_sequence: string
    chain_head: string
    subscription_id: string | null
    period_number: number | null
    period_starts_at: string
    period_ends_at: string
    /** It bills what was booked after the one ledger transaction, up to the other; null: to the end of the period. */
    after_sequence: string
    through_sequence: string | null
    lines: ProvenLine[]
  }
  fee: { plan_version_id: string; list_price: string; discount: string } | null
  change: { plan_version_id: string; due: string } | null
  /** Of the plan versions that usage was priced by. */
  prices: {
    plan_version_id: string
    in_force_since: string
    operation: string
    position: number
    unit_price: string
    overage_unit_price: string
  }[]
  usage: ProvenUse[]
  archives: ProvenArchive[]
  /** The link before the first of `transactions`; null where that is the first of all. */
  previous_link: string | null
  transactions: ProvenTransaction[]
}
