/** Making an account for somebody else: its name, its plan, and the API key that is shown once. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { apiOf, faultText } from '../../api.ts'
import { amountText } from '../../format.ts'
import { operatorAccountsQuery, plansQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { CopyField } from '../../ui/copy-field.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'

export function NewAccountDialog({ sandbox, onClose }: { sandbox: boolean; onClose: () => void }) {
  const queryClient = useQueryClient()
  const plans = useQuery(plansQuery(''))
  const create = useMutation({
    mutationFn: (body: { name: string; email?: string; plan?: string; card?: string }) =>
      apiOf('').createOperatorAccount({ body }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: operatorAccountsQuery().queryKey }),
  })
  if (create.data) {
    return (
      <Dialog title="The account is made" width="medium" onClose={onClose}>
        <p className="mb-4 text-ink-2">Its API key is shown only now.</p>
        <CopyField label="API key" value={create.data.api_key} />
      </Dialog>
    )
  }
  return (
    <Dialog title="New account for a customer" onClose={onClose}>
      <p className="mb-4 text-ink-2">
        You get its API key, and do not become a member of it. For one of your own,{' '}
        <Link to="/new-account" className="underline underline-offset-2 hover:text-ink">
          create it for yourself
        </Link>
        .
      </p>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          const [name, email, plan] = ['name', 'email', 'plan'].map((field) => String(form.get(field) ?? ''))
          create.mutate({
            name: name ?? '',
            ...(email ? { email } : {}),
            ...(plan ? { plan } : {}),
            ...(plan && sandbox ? { card: 'sandbox_card_pays' } : {}),
          })
        }}
      >
        <TextField label="Name of the account" name="name" required maxLength={200} />
        <TextField
          label="E-mail of its owner"
          name="email"
          type="email"
          maxLength={320}
          hint="May be left out."
        />
        <SelectField
          label="Plan"
          name="plan"
          hint={sandbox ? 'Started at once, with a sandbox card that pays.' : undefined}
        >
          <option value="">None yet</option>
          {plans.data?.data.map((plan) => (
            <option key={plan.id} value={plan.code}>
              {plan.name}, {amountText(plan.fee, plan.currency)} a month
            </option>
          ))}
        </SelectField>
        {create.isError && <Notice tone="danger">{faultText(create.error)}</Notice>}
        <Button type="submit" kind="primary" busy={create.isPending}>
          Create account
        </Button>
      </form>
    </Dialog>
  )
}
