/** How far a run is, what it has cost so far, and what is left of the balance. */
import type { Billing, Run } from '@drawdown/client'
import type { ReactNode } from 'react'
import { countText, momentText, remainingText } from '../../format.ts'
import { Progress } from '../../ui/level.tsx'
import { TickingMoney } from '../../ui/money.tsx'
import { Panel } from '../../ui/panel.tsx'
import { isUnfinished, RunStatus } from '../run-words.tsx'

type RunFiguresProps = {
  run: Run
  billing: Billing | undefined
  /** Whether the server answers: how long it will take is not known while it does not. */
  heard: boolean
}

export function RunFigures({ run, billing, heard }: RunFiguresProps) {
  const { items } = run
  return (
    <Panel>
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <p className="figures whitespace-normal!">
          <span className="subheading">
            {countText(items.succeeded)} of {countText(items.total)} done
          </span>
          {items.failed > 0 && <span className="text-danger"> · {countText(items.failed)} failed</span>}
          {items.held > 0 && <span className="text-ink-2"> · {countText(items.held)} held</span>}
          {items.cancelled > 0 && (
            <span className="text-ink-2"> · {countText(items.cancelled)} cancelled</span>
          )}
        </p>
        <p className="text-ink-2">
          {isUnfinished(run) ? (
            <>
              <RunStatus run={run} />
              {heard && run.waiting_for === null && run.remaining_seconds !== null && (
                <span> · {remainingText(run.remaining_seconds)} left</span>
              )}
            </>
          ) : (
            run.finished_at &&
            `${run.status === 'cancelled' ? 'Cancelled' : 'Finished'} ${momentText(run.finished_at)}`
          )}
        </p>
      </div>
      <div className="mt-3">
        <Progress
          done={items.succeeded}
          failed={items.failed}
          total={items.total}
          label="Progress of the run"
        />
      </div>
      {run.waiting_for && <p className="mt-3 text-ink-2">{run.waiting_for}</p>}
      <dl className="mt-6 grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-4">
        <Figure name={isUnfinished(run) ? 'Cost so far' : 'Cost'}>
          <TickingMoney amount={run.cost} unit={run.credit_unit} />
        </Figure>
        <Figure name="From credits">
          <TickingMoney amount={run.from_credits} unit={run.credit_unit} />
        </Figure>
        <Figure name="Overage">
          <TickingMoney amount={run.overage} unit={run.currency} />
        </Figure>
        <Figure name="Left now">
          {billing?.credit_unit ? <TickingMoney amount={billing.balance} unit={billing.credit_unit} /> : ' '}
        </Figure>
      </dl>
    </Panel>
  )
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-ink-2">{name}</dt>
      <dd className="subheading mt-0.5">{children}</dd>
    </div>
  )
}
