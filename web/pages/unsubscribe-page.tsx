/** The link in a mail that stops mails of its kind, for whoever has it, signed in or not. */
import { useMutation } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { apiOf, faultText } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { LevelMark } from '../ui/level.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'

const route = getRouteApi('/unsubscribe/$token')

const kinds = {
  billing: 'about invoices and changes of plan',
  alerts: 'about alerts',
  runs: 'with receipts of runs',
  weekly: 'about the week',
}

export function UnsubscribePage() {
  const { token } = route.useParams()
  const stop = useMutation({ mutationFn: () => apiOf('').unsubscribe({ path: { token }, body: new Blob() }) })
  return (
    <main className="mx-auto grid min-h-dvh max-w-sm content-center gap-6 px-4 py-12">
      <PageTitle>Stop these mails</PageTitle>
      <div className="flex items-center gap-2.5">
        <LevelMark share={0.55} size={28} />
        <span className="subheading">Drawdown</span>
      </div>
      <h1 className="heading">{stop.isSuccess ? 'They are stopped' : 'Stop these mails?'}</h1>
      {stop.isSuccess ? (
        <p className="text-ink-2" role="status">
          You get no more mails {kinds[stop.data.kind]} from this account. Under “Mail” you can choose them
          again.
        </p>
      ) : (
        <>
          <p className="text-ink-2">Mails of this kind, from this account. Nothing else changes.</p>
          {stop.isError && <Notice tone="danger">{faultText(stop.error)}</Notice>}
          <div>
            <Button kind="primary" busy={stop.isPending} onClick={() => stop.mutate()}>
              Stop these mails
            </Button>
          </div>
        </>
      )}
    </main>
  )
}
