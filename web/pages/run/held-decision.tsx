/** The decision on a held photo: accept and pay for it, or discard it for nothing. */
import type { Item } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { apiOf, faultText } from '../../api.ts'
import { amountText, readAmount } from '../../format.ts'
import { billingQuery, forgetAccount } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { tell } from '../../ui/toast.tsx'
import { useReserved } from '../reserved.ts'

export function HeldDecision({ accountId, item }: { accountId: string; item: Item }) {
  const queryClient = useQueryClient()
  const { data: billing } = useQuery(billingQuery(accountId))
  const decide = useMutation({
    mutationFn: (word: 'accept' | 'discard') =>
      word === 'accept'
        ? apiOf(accountId).acceptItem({ path: { id: item.id } })
        : apiOf(accountId).discardItem({ path: { id: item.id } }),
    onSuccess: async ({ status }) => {
      await forgetAccount(queryClient, accountId)
      tell(`${item.image.name} is ${status === 'succeeded' ? 'accepted' : 'discarded'}.`)
    },
  })
  const reserved = useReserved(accountId, 'work')
  const unit = billing?.credit_unit
  if (!billing || !unit || item.cost_if_accepted === null) return null
  if (reserved) return <p className="mt-2 text-ink-2">{reserved}: accept or discard it.</p>
  const cost = readAmount(item.cost_if_accepted)
  const left = readAmount(billing.balance) - cost
  const pending = decide.isPending ? decide.variables : undefined
  return (
    <div className="mt-2">
      <div className="flex flex-wrap items-center gap-2">
        <Button kind="primary" busy={pending === 'accept'} onClick={() => decide.mutate('accept')}>
          Accept and pay {amountText(cost, unit)}
        </Button>
        <Button busy={pending === 'discard'} onClick={() => decide.mutate('discard')}>
          Discard
        </Button>
        <span className="text-ink-2">
          {left >= 0n
            ? `${amountText(left, unit)} left after`
            : `${amountText(billing.balance, unit)} from credits, the rest is overage`}
        </span>
      </div>
      {decide.isError && (
        <Notice tone="danger" className="mt-2">
          {faultText(decide.error)}
        </Notice>
      )}
    </div>
  )
}
