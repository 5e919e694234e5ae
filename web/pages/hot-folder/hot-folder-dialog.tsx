/** Connects an automation to a folder, or changes which one and when. */
import type { HotFolder } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { apiOf, faultText } from '../../api.ts'
import { hotFoldersQuery } from '../../hot-folder-queries.ts'
import { automationsQuery, billingQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Reach } from '../automations-page.tsx'

type HotFolderDialogProps = {
  accountId: string
  /** Absent: a new one. */
  folder?: HotFolder
  onClose: () => void
}

const MIDNIGHT_SHIFT = '02:00'

export function HotFolderDialog({ accountId, folder, onClose }: HotFolderDialogProps) {
  const queryClient = useQueryClient()
  const { data: automations } = useQuery(automationsQuery(accountId))
  const { data: billing } = useQuery(billingQuery(accountId))
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState(folder?.automation_id)
  const [starts, setStarts] = useState<HotFolder['starts']>(folder?.starts ?? 'at_once')
  const [at, setAt] = useState(folder?.at ?? MIDNIGHT_SHIFT)
  const automation = automations?.data.find(({ id }) => id === chosen) ?? automations?.data[0]
  const save = useMutation({
    mutationFn: () => {
      const body = { automation_id: automation?.id ?? '', starts, ...(hasTime(starts) ? { at } : {}) }
      return folder
        ? apiOf(accountId).updateHotFolder({ path: { id: folder.id }, body })
        : apiOf(accountId).createHotFolder({ body: { name, ...body } })
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: hotFoldersQuery(accountId).queryKey })
      onClose()
    },
  })
  return (
    <Dialog title={folder ? `Change ${folder.name}` : 'Connect a folder'} width="medium" onClose={onClose}>
      <form
        className="grid gap-5"
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        {!folder && (
          <TextField
            label="Name of the folder"
            value={name}
            required
            pattern="[a-z0-9][a-z0-9\-]{0,39}"
            title="Small letters, digits and hyphens, such as new-shoes"
            placeholder="new-shoes"
            hint="Small letters, digits and hyphens. It is made for you."
            onChange={(event) => setName(event.target.value.toLowerCase().replaceAll(' ', '-'))}
          />
        )}
        <SelectField
          label="Automation"
          value={automation?.id ?? ''}
          onChange={(event) => setChosen(event.target.value)}
        >
          {automations?.data.map(({ id, name: title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </SelectField>
        <When starts={starts} at={at} zone={billing?.zone} onStarts={setStarts} onAt={setAt} />
        <div className="text-ink-2" aria-live="polite">
          {automation && billing && <Reach automation={automation} billing={billing} />}
          <p>
            Runs start without asking. Your limit of overage holds for them, and a photo that was paid for is
            free.
          </p>
        </div>
        {save.isError && <Notice tone="danger">{faultText(save.error)}</Notice>}
        <Button type="submit" kind="primary" busy={save.isPending}>
          {folder ? 'Save' : 'Connect folder'}
        </Button>
      </form>
    </Dialog>
  )
}

const hasTime = (starts: HotFolder['starts']) => starts === 'daily' || starts === 'weekdays'

type WhenProps = {
  starts: HotFolder['starts']
  at: string
  zone: string | undefined
  onStarts: (starts: HotFolder['starts']) => void
  onAt: (at: string) => void
}

function When({ starts, at, zone, onStarts, onAt }: WhenProps) {
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <SelectField
        label="Start"
        value={starts}
        onChange={(event) => onStarts(event.target.value as HotFolder['starts'])}
      >
        <option value="at_once">As photos come</option>
        <option value="hourly">Every hour</option>
        <option value="daily">Every day</option>
        <option value="weekdays">Monday to Friday</option>
      </SelectField>
      {hasTime(starts) && (
        <TextField
          label="At"
          type="time"
          required
          value={at}
          hint={zone}
          onChange={(event) => onAt(event.target.value)}
        />
      )}
    </div>
  )
}
