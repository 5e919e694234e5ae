/** The account's API keys: made, shown once, revoked. */
import type { ApiKey } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { apiOf, faultText } from '../api.ts'
import { dateText } from '../format.ts'
import { apiKeysQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { CheckField, TextField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader, Panel } from '../ui/panel.tsx'
import { ShownOnceDialog } from '../ui/shown-once-dialog.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { tell } from '../ui/toast.tsx'

const route = getRouteApi('/inside/a/$accountId/api-keys')

type Scope = ApiKey['scopes'][number]

const scopes: Record<Scope, { name: string; hint: string }> = {
  read: { name: 'Read', hint: 'Balance, invoices, runs and their results.' },
  write: { name: 'Write', hint: 'Upload photos, keep automations, start runs.' },
  'usage:write': { name: 'Record usage', hint: 'Book operations that ran elsewhere.' },
  'billing:write': { name: 'Billing', hint: 'Change the plan and the payment method.' },
}
const scopeNames = Object.keys(scopes) as Scope[]

export function ApiKeysPage() {
  const { accountId } = route.useParams()
  const keys = useQuery(apiKeysQuery(accountId))
  const [making, setMaking] = useState(false)
  const make = (
    <Button kind="primary" onClick={() => setMaking(true)}>
      New key
    </Button>
  )
  return (
    <>
      <PageHeader title="API keys" actions={keys.data?.data.length ? make : undefined}>
        For programs that work with this account.{' '}
        <a href="/docs" className="underline underline-offset-2 hover:text-ink">
          The API is documented here.
        </a>
      </PageHeader>
      {keys.isPending && <SkeletonRows rows={3} className="h-16" />}
      {keys.isError && <Notice tone="danger">{faultText(keys.error)}</Notice>}
      {keys.data?.data.length === 0 && (
        <EmptyState icon={<KeyRound aria-hidden size={28} />} title="No key yet" action={make}>
          A key lets a program or the command line do what you can do here. It is shown once, when it is made.
        </EmptyState>
      )}
      {keys.data && keys.data.data.length > 0 && (
        <Panel className="py-2!">
          <ul className="divide-y divide-line">
            {keys.data.data.map((key) => (
              <KeyRow key={key.id} accountId={accountId} apiKey={key} />
            ))}
          </ul>
        </Panel>
      )}
      {making && <NewKeyDialog accountId={accountId} onClose={() => setMaking(false)} />}
    </>
  )
}

function KeyRow({ accountId, apiKey }: { accountId: string; apiKey: ApiKey }) {
  const queryClient = useQueryClient()
  const [asking, setAsking] = useState(false)
  const revoke = useMutation({
    mutationFn: () => apiOf(accountId).revokeApiKey({ path: { id: apiKey.id } }),
    onSuccess: async () => {
      setAsking(false)
      await queryClient.invalidateQueries({ queryKey: apiKeysQuery(accountId).queryKey })
      tell(`${apiKey.name} is revoked.`)
    },
  })
  const revoked = apiKey.revoked_at !== null
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-3">
      <div className="min-w-0">
        <p className={`truncate font-medium ${revoked ? 'text-ink-3 line-through' : ''}`}>{apiKey.name}</p>
        <p className="text-ink-2">
          <span className="font-mono text-[0.8125rem]">{apiKey.prefix}…</span> ·{' '}
          {apiKey.scopes.map((scope) => scopes[scope].name.toLowerCase()).join(', ')}
        </p>
      </div>
      <div className="flex items-center gap-4 text-ink-2">
        {apiKey.revoked_at ? `Revoked ${dateText(apiKey.revoked_at)}` : `Made ${dateText(apiKey.created_at)}`}
        {!revoked && (
          <Button kind="quiet" onClick={() => setAsking(true)} aria-label={`Revoke ${apiKey.name}`}>
            Revoke
          </Button>
        )}
      </div>
      {asking && (
        <ConfirmDialog
          title={`Revoke ${apiKey.name}`}
          action="Revoke key"
          otherwise="Keep key"
          danger
          busy={revoke.isPending}
          fault={revoke.isError ? faultText(revoke.error) : null}
          onConfirm={() => revoke.mutate()}
          onClose={() => setAsking(false)}
        >
          The very next request with this key is refused, and it cannot be brought back.
        </ConfirmDialog>
      )}
    </li>
  )
}

function NewKeyDialog({ accountId, onClose }: { accountId: string; onClose: () => void }) {
  const queryClient = useQueryClient()
  const [chosen, setChosen] = useState<readonly Scope[]>(scopeNames)
  const create = useMutation({
    mutationFn: (name: string) => apiOf(accountId).createApiKey({ body: { name, scopes: [...chosen] } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: apiKeysQuery(accountId).queryKey }),
  })
  if (create.data) {
    return (
      <ShownOnceDialog
        title={create.data.name}
        label="API key"
        secret={create.data.key ?? ''}
        onClose={onClose}
      >
        This key is shown only now. Whoever has it can use your credits, so keep it safe.
      </ShownOnceDialog>
    )
  }
  return (
    <Dialog title="New API key" onClose={onClose}>
      <form
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate(String(new FormData(event.currentTarget).get('name')))
        }}
      >
        <TextField
          label="Name"
          name="name"
          required
          maxLength={200}
          hint="What will use it: “Shop importer”."
        />
        <fieldset className="grid gap-3">
          <legend className="mb-2 font-medium">It may</legend>
          {scopeNames.map((scope) => (
            <CheckField
              key={scope}
              label={scopes[scope].name}
              hint={scopes[scope].hint}
              checked={chosen.includes(scope)}
              onChange={(event) =>
                setChosen(event.target.checked ? [...chosen, scope] : chosen.filter((each) => each !== scope))
              }
            />
          ))}
        </fieldset>
        {create.isError && <Notice tone="danger">{faultText(create.error)}</Notice>}
        <Button
          type="submit"
          kind="primary"
          busy={create.isPending}
          disabledReason={chosen.length === 0 ? 'Choose what the key may do' : undefined}
        >
          Make key
        </Button>
      </form>
    </Dialog>
  )
}
