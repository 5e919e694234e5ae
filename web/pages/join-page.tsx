/** Accepting an invitation: one press for who is signed in, and the way to sign in for who is not. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { apiOf, faultText } from '../api.ts'
import { meQuery } from '../queries.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { LevelMark } from '../ui/level.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'

const route = getRouteApi('/join/$token')

export function JoinPage() {
  const { token } = route.useParams()
  const me = useQuery(meQuery())
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const accept = useMutation({
    mutationFn: () => apiOf('').acceptInvitation({ body: { token } }),
    onSuccess: async (account) => {
      await queryClient.invalidateQueries({ queryKey: meQuery().queryKey })
      await navigate({ to: '/a/$accountId/billing', params: { accountId: account.id } })
    },
  })
  const next = `/join/${token}`
  return (
    <main className="mx-auto grid min-h-dvh max-w-sm content-center gap-6 px-4 py-12">
      <PageTitle>You are invited</PageTitle>
      <LevelMark share={0.55} size={28} />
      <div>
        <h1 className="heading">You are invited</h1>
        <p className="mt-2 text-ink-2">
          Somebody asked you to work in their account: to see its runs, its photos and what they cost.
        </p>
      </div>
      {accept.isError && <Notice tone="danger">{faultText(accept.error)}</Notice>}
      {me.data?.user ? (
        <Button kind="primary" busy={accept.isPending} onClick={() => accept.mutate()}>
          Join as {me.data.user.name}
        </Button>
      ) : (
        <div className="grid gap-2">
          <Link to="/sign-up" search={{ next }} className={buttonClass('primary')}>
            Create a user and join
          </Link>
          <Link to="/sign-in" search={{ next }} className={buttonClass('plain')}>
            Sign in and join
          </Link>
        </div>
      )}
    </main>
  )
}
