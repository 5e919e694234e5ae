/** Whether the books agree and the service is ready: how far they are verified, accounts that are parked, and what is not there yet. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { apiOf, faultText } from '../../api.ts'
import { agoText, countOf, countText } from '../../format.ts'
import { verificationQuery } from '../../operator-queries.ts'
import { readinessQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHeader, Panel, Section } from '../../ui/panel.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Status } from '../../ui/status.tsx'
import { tell } from '../../ui/toast.tsx'
import { ParkedAccount } from './parked-account.tsx'

export function BooksPage() {
  const queryClient = useQueryClient()
  const verification = useQuery(verificationQuery())
  const verifyAll = useMutation({
    mutationFn: () => apiOf('').verifyBooks({ body: {} }),
    onSuccess: async () => {
      tell('All books are being verified in the background.')
      await queryClient.invalidateQueries({ queryKey: ['operator', 'verification'] })
    },
  })
  const { data } = verification
  return (
    <>
      <PageHeader
        title="Books and health"
        actions={
          <Button busy={verifyAll.isPending} onClick={() => verifyAll.mutate()}>
            Verify all now
          </Button>
        }
      >
        Every amount is derived again from the rows behind it, by code that shares nothing with the engine.
      </PageHeader>
      {verification.isPending && <Skeleton className="h-40" />}
      {verification.isError && <Notice tone="danger">{faultText(verification.error)}</Notice>}
      {verifyAll.isError && <Notice tone="danger">{faultText(verifyAll.error)}</Notice>}
      {data && (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-10">
          <Panel>
            <dl className="grid gap-5 sm:grid-cols-3">
              <Figure name="Accounts" value={countText(data.accounts)} />
              <Figure name="In order when last verified" value={countText(data.verified)} />
              <Figure
                name="Verified longest ago"
                value={data.oldest_verified_at ? agoText(data.oldest_verified_at, new Date()) : 'never'}
              />
            </dl>
          </Panel>
          {data.data.length === 0 ? (
            <p className="text-ink-2">No account is parked.</p>
          ) : (
            <>
              <Notice tone="danger">
                {countOf(data.data.length, 'account')} at fault: invoices of these are neither finalized nor
                collected.
              </Notice>
              {data.data.map((account) => (
                <ParkedAccount key={account.account_id} account={account} />
              ))}
            </>
          )}
          <Health />
        </div>
      )}
    </>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-ink-2">{name}</dt>
      <dd className="figures text-lead font-semibold">{value}</dd>
    </div>
  )
}

function Health() {
  const readiness = useQuery(readinessQuery())
  const models = readiness.data?.models.state
  return (
    <Section title="Health">
      <Panel>
        {readiness.isError && <Notice tone="danger">{faultText(readiness.error)}</Notice>}
        <ul className="grid gap-2">
          <li>
            <Status tone={readiness.isError ? 'danger' : readiness.data ? 'good' : 'busy'}>
              {readiness.isError ? 'The database does not answer' : 'The database answers'}
            </Status>
          </li>
          <li>
            <Status tone={models === 'ready' ? 'good' : 'busy'}>
              {models === 'ready' ? 'The image models are here' : `The image models: ${models ?? 'asking'}`}
            </Status>
          </li>
        </ul>
      </Panel>
    </Section>
  )
}
