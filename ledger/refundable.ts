/** How much of a payment can still go back to its card: the one place where that is said, as SQL. */

/** Micros in dispute of the payment `p`: those that its bank holds or has taken. What was won or dropped is not among them. */
export const DISPUTED = `(select coalesce(sum(d.amount_micros), 0)::bigint from disputes d
  where d.account_id = p.account_id and d.payment_id = p.payment_id and d.status in ('open', 'lost'))`

/** Micros of the payment `p` that neither went back nor is on its way back nor is in dispute; never less than nothing, though a bank may take all of a payment of which a part was refunded. Of a payment that
 * succeeded. */
export const REFUNDABLE = `greatest(p.amount_micros - (select coalesce(sum(r.amount_micros), 0)::bigint from refunds r
  where r.account_id = p.account_id and r.payment_id = p.payment_id and r.status <> 'failed') - ${DISPUTED}, 0)`
