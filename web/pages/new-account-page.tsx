/** Making an account: who is billed. Plans come next. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { apiOf, faultText } from '../api.ts'
import { meQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/panel.tsx'

export function NewAccountPage() {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: (name: string) => apiOf('').createAccount({ body: { name, zone: browserZone() } }),
    onSuccess: async (account) => {
      await queryClient.invalidateQueries({ queryKey: meQuery().queryKey })
      await navigate({ to: '/a/$accountId/billing', params: { accountId: account.id } })
    },
  })
  return (
    <div className="mx-auto max-w-md pt-8">
      <PageHeader title="Create an account">
        An account is who is billed: it has one plan, one balance and one invoice a month. You will be its
        owner and can invite others.
      </PageHeader>
      <form
        className="grid gap-4 rounded-panel bg-surface p-6"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate(String(new FormData(event.currentTarget).get('name') ?? ''))
        }}
      >
        <TextField
          label="Name of the account"
          name="name"
          autoComplete="organization"
          required
          maxLength={200}
          hint={`It stands on your invoices. Days are counted in the zone ${browserZone()}.`}
        />
        {create.isError && <Notice tone="danger">{faultText(create.error)}</Notice>}
        <Button type="submit" kind="primary" busy={create.isPending}>
          Create account
        </Button>
      </form>
    </div>
  )
}

function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'
}
