/** Stands for the page of a bank, in a sandbox: asks whether a payment is the payer's, and leads back whatever they say. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { apiOf, faultText } from '../api.ts'
import { amountText } from '../format.ts'
import { bankQuestionQuery } from '../queries.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Panel } from '../ui/panel.tsx'
import { Skeleton } from '../ui/skeleton.tsx'

const route = getRouteApi('/sandbox-bank/$reference')

export function SandboxBankPage() {
  const { reference } = route.useParams()
  const question = useQuery(bankQuestionQuery(reference))
  const answer = useMutation({
    mutationFn: (confirms: boolean) => apiOf('').answerBank({ path: { reference }, body: { confirms } }),
    onSuccess: ({ return_url }) => window.location.assign(return_url),
  })
  const asked = question.data
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center gap-6 p-4">
      <PageTitle>Play bank</PageTitle>
      <Panel className="grid gap-5">
        <h1 className="heading">Play bank</h1>
        {question.isPending && <Skeleton className="h-24" />}
        {question.isError && <Notice tone="danger">{faultText(question.error)}</Notice>}
        {asked && asked.status === 'action_required' && (
          <>
            <p>
              Drawdown wants to charge{' '}
              <strong className="figures">{amountText(asked.amount, asked.currency)}</strong> to your play
              card ending in 3155. Is this you? It is play money, and nobody is charged.
            </p>
            <div className="flex flex-wrap gap-2">
              <Button
                kind="primary"
                busy={answer.isPending || answer.isSuccess}
                onClick={() => answer.mutate(true)}
              >
                Confirm
              </Button>
              <Button onClick={() => answer.mutate(false)}>Refuse</Button>
            </div>
          </>
        )}
        {asked && asked.status !== 'action_required' && (
          <>
            <p>There is nothing to confirm any more.</p>
            <a href={asked.return_url} className={buttonClass('primary')}>
              Back to Drawdown
            </a>
          </>
        )}
        {answer.isError && <Notice tone="danger">{faultText(answer.error)}</Notice>}
      </Panel>
    </main>
  )
}
