/** Makes an endpoint or changes one; a new one's secret is shown once. */
import type { WebhookEndpoint } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { endpointsQuery, eventTypesQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { CheckField, TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { ShownOnceDialog } from '../../ui/shown-once-dialog.tsx'

type EndpointDialogProps = {
  accountId: string
  /** Absent: a new one. */
  endpoint?: WebhookEndpoint
  onClose: () => void
}

export function EndpointDialog({ accountId, endpoint, onClose }: EndpointDialogProps) {
  const queryClient = useQueryClient()
  const [chosen, setChosen] = useState<readonly string[]>(endpoint?.events ?? [])
  const [some, setSome] = useState((endpoint?.events.length ?? 0) > 0)
  const save = useMutation({
    mutationFn: ({ url, description }: { url: string; description: string }) => {
      const body = { url, description, events: some ? [...chosen] : [] }
      return endpoint
        ? apiOf(accountId).updateEndpoint({ path: { id: endpoint.id }, body })
        : apiOf(accountId).createEndpoint({ body })
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: endpointsQuery(accountId).queryKey })
      if (endpoint) onClose()
    },
  })
  if (save.data?.secret) {
    return <SecretShown url={save.data.url} secret={save.data.secret} onClose={onClose} />
  }
  return (
    <Dialog title={endpoint ? 'Change endpoint' : 'New endpoint'} width="medium" onClose={onClose}>
      <form
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          const form = new FormData(event.currentTarget)
          save.mutate({ url: String(form.get('url')), description: String(form.get('description')) })
        }}
      >
        <TextField
          label="Address"
          name="url"
          type="url"
          required
          maxLength={2000}
          defaultValue={endpoint?.url}
          placeholder="https://example.com/drawdown"
          hint="Events are sent there by POST. It must be on the public internet."
        />
        <TextField
          label="What it is for"
          name="description"
          maxLength={200}
          defaultValue={endpoint?.description}
          hint="Optional: “Shop, production”."
        />
        <div className="grid justify-items-start gap-3">
          <Segmented
            label="Events"
            value={some ? 'some' : 'all'}
            options={[
              { value: 'all', label: 'Every event' },
              { value: 'some', label: 'Chosen events' },
            ]}
            onChange={(value) => setSome(value === 'some')}
          />
          {some && <EventChoice chosen={chosen} onChange={setChosen} />}
        </div>
        {save.isError && <Notice tone="danger">{faultText(save.error)}</Notice>}
        <Button
          type="submit"
          kind="primary"
          busy={save.isPending}
          disabledReason={some && chosen.length === 0 ? 'Choose at least one event' : undefined}
        >
          {endpoint ? 'Save' : 'Make endpoint'}
        </Button>
      </form>
    </Dialog>
  )
}

type EventChoiceProps = { chosen: readonly string[]; onChange: (chosen: readonly string[]) => void }

function EventChoice({ chosen, onChange }: EventChoiceProps) {
  const types = useQuery(eventTypesQuery())
  return (
    <fieldset className="grid w-full gap-3 sm:grid-cols-2">
      <legend className="sr-only">Events that are sent</legend>
      {types.data?.data
        .filter(({ type }) => type !== 'webhook.test')
        .map(({ type, when }) => (
          <CheckField
            key={type}
            label={<span className="font-mono text-[0.8125rem]">{type}</span>}
            hint={when}
            checked={chosen.includes(type)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, type] : chosen.filter((each) => each !== type))
            }
          />
        ))}
    </fieldset>
  )
}

export function SecretShown({ url, secret, onClose }: { url: string; secret: string; onClose: () => void }) {
  return (
    <ShownOnceDialog title="Signing secret" label="Signing secret" secret={secret} onClose={onClose}>
      It is shown only now. With it your server knows that what arrives at{' '}
      <span className="break-all">{url}</span> comes from here.
    </ShownOnceDialog>
  )
}
