/** What the account wants to be told of and was told, and the overage at which its automations pause. Both are quiet until set. */
import type { Alerts, Billing, Pause } from '@drawdown/client'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { faultText } from '../../api.ts'
import { amountText, countOf, dayText } from '../../format.ts'
import { alertsQuery, pauseQuery } from '../../queries.ts'
import { buttonClass } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Panel, Section } from '../../ui/panel.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useReserved } from '../reserved.ts'

type Rule = Alerts['rules'][number]

export function LimitsSection({ accountId, billing }: { accountId: string; billing: Billing }) {
  const alerts = useQuery(alertsQuery(accountId))
  const pause = useQuery(pauseQuery(accountId))
  const reserved = useReserved(accountId, 'billing')
  const fault = alerts.error ?? pause.error
  return (
    <Section
      title="Alerts and limit"
      hint={reserved}
      action={
        reserved ? undefined : (
          <Link
            to="."
            search={(search: object) => ({ ...search, dialog: 'limits' as const })}
            resetScroll={false}
            className={buttonClass('quiet')}
          >
            Change
          </Link>
        )
      }
    >
      <Panel>
        {fault ? (
          <Notice tone="danger">{faultText(fault)}</Notice>
        ) : alerts.data && pause.data ? (
          <div className="grid gap-2">
            <p>{pauseText(pause.data)}</p>
            {alerts.data.rules.length === 0 ? (
              <p className="text-ink-2">No alerts are set.</p>
            ) : (
              <ul className="grid gap-1">
                {alerts.data.rules.map((rule) => (
                  <li key={JSON.stringify(rule)} className="text-ink-2">
                    {ruleText(rule, alerts.data.currency)}: {toldText(alerts.data, rule, billing.zone)}
                  </li>
                ))}
              </ul>
            )}
          </div>
        ) : (
          <Skeleton className="h-12" />
        )}
      </Panel>
    </Section>
  )
}

function pauseText({ overage_limit: limit, currency, paused_runs: paused }: Pause): string {
  if (limit === null || currency === null) return 'Your automations never pause.'
  const held = paused > 0 ? ` ${countOf(paused, 'run is', 'runs are')} paused now.` : ''
  return `Your automations pause at ${amountText(limit, currency)} of overage a period.${held}`
}

function ruleText(rule: Rule, currency: string | null): string {
  if (rule.kind === 'credits') return `${rule.percent} % of the credits used`
  const amount = currency ? amountText(rule.amount, currency) : rule.amount
  return rule.kind === 'overage' ? `${amount} of overage` : `${amount} of overage forecast`
}

function toldText({ told }: Alerts, rule: Rule, zone: string): string {
  const reached = told.find((one) => JSON.stringify(one.rule) === JSON.stringify(rule))
  return reached ? `reached on ${dayText(reached.told_at, zone)}` : 'not reached this period'
}
