/** The first plan: every plan on offer, on the page itself, where the balance will be. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { faultText } from '../../api.ts'
import { plansQuery } from '../../queries.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/panel.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useReserved } from '../reserved.ts'
import { PlanFacts } from './plan-facts.tsx'

export function PlanChoice({ accountId }: { accountId: string }) {
  const plans = useQuery(plansQuery(accountId))
  const reserved = useReserved(accountId, 'billing')
  return (
    <Section
      title="Choose a plan"
      hint="Each month begins with credits. Every operation that succeeds draws its price from them; what goes beyond is billed at the end of the term, and nothing ever stops."
    >
      {plans.isError && <Notice tone="danger">{faultText(plans.error)}</Notice>}
      {reserved && <Notice className="mt-4">{reserved}: choose a plan.</Notice>}
      <ul className="mt-6 grid gap-4 md:grid-cols-3">
        {plans.isPending && [0, 1, 2].map((key) => <Skeleton key={key} className="h-104" />)}
        {plans.data?.data.map((plan) => (
          <li key={plan.id} className="flex flex-col rounded-panel bg-surface p-6">
            <PlanFacts plan={plan} heading="h3" />
            {!reserved && (
              <Link
                to="."
                search={(search: object) => ({ ...search, dialog: 'plan' as const, plan: plan.code })}
                resetScroll={false}
                className={buttonClass('primary', 'mt-6')}
              >
                Choose {plan.name}
              </Link>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}
