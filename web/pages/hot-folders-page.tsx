/** Folders whose files are run by themselves: where they are, which automation, when, what a photo costs, and how each stands. */
import type { Automation, Billing, HotFolder } from '@drawdown/client'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { FolderSync, Plus } from 'lucide-react'
import { useState } from 'react'
import { apiOf, faultText } from '../api.ts'
import { hotFoldersQuery } from '../hot-folder-queries.ts'
import { automationsQuery, billingQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { CopyField } from '../ui/copy-field.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/panel.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { tell } from '../ui/toast.tsx'
import { Reach } from './automations-page.tsx'
import { filesText, HotFolderStatus, scheduleText } from './hot-folder/folder-words.tsx'
import { HotFolderDialog } from './hot-folder/hot-folder-dialog.tsx'
import { useReserved } from './reserved.ts'

const route = getRouteApi('/inside/a/$accountId/hot-folders')

export function HotFoldersPage() {
  const { accountId } = route.useParams()
  const folders = useQuery(hotFoldersQuery(accountId))
  const automations = useQuery(automationsQuery(accountId))
  const { data: billing } = useQuery(billingQuery(accountId))
  const [making, setMaking] = useState(false)
  const reserved = useReserved(accountId, 'work')
  const hasAutomation = (automations.data?.data.length ?? 0) > 0
  const make = (
    <Button
      kind="primary"
      icon={<Plus aria-hidden size={16} />}
      onClick={() => setMaking(true)}
      disabledReason={reserved ?? (hasAutomation ? undefined : 'Make an automation first')}
    >
      Connect a folder
    </Button>
  )
  const rows = folders.data?.data ?? []
  const isAvailable = folders.data?.available ?? true
  return (
    <>
      <PageHeader title="Hot folders" actions={rows.length > 0 && isAvailable ? make : undefined}>
        Photos that are put there are run by themselves.
      </PageHeader>
      {folders.isPending && <SkeletonRows rows={2} className="h-40" />}
      {folders.isError && <Notice tone="danger">{faultText(folders.error)}</Notice>}
      {!isAvailable && (
        <Notice className="mb-4">
          There is no place for hot folders on this server yet. Whoever operates it sets HOT_FOLDERS.
        </Notice>
      )}
      {folders.data && rows.length === 0 && (
        <EmptyState
          icon={<FolderSync aria-hidden size={28} />}
          title="No folder is connected"
          action={isAvailable ? make : undefined}
        >
          Connect an automation to a folder: what comes into it is run, at once or at night, and the results
          are laid beside it.
        </EmptyState>
      )}
      <ul className="grid gap-3">
        {rows.map((folder) => (
          <HotFolderCard
            key={folder.id}
            accountId={accountId}
            folder={folder}
            automation={automations.data?.data.find(({ id }) => id === folder.automation_id)}
            billing={billing}
          />
        ))}
      </ul>
      {making && <HotFolderDialog accountId={accountId} onClose={() => setMaking(false)} />}
    </>
  )
}

type HotFolderCardProps = {
  accountId: string
  folder: HotFolder
  automation: Automation | undefined
  billing: Billing | undefined
}

function HotFolderCard({ accountId, folder, automation, billing }: HotFolderCardProps) {
  return (
    <li className="grid gap-4 rounded-panel bg-surface p-5 max-sm:p-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 className="subheading">
          <Link
            to="/a/$accountId/hot-folders/$hotFolderId"
            params={{ accountId, hotFolderId: folder.id }}
            className="inline-block rounded-small py-0.5 hover:underline hover:underline-offset-4"
          >
            {folder.name}
          </Link>
        </h2>
        <HotFolderStatus folder={folder} />
      </div>
      <div className="text-ink-2">
        <p>
          {automation ? (
            <Link
              to="/a/$accountId/automations/$automationId"
              params={{ accountId, automationId: automation.id }}
              className="text-ink underline underline-offset-4"
            >
              {automation.name}
            </Link>
          ) : (
            'An automation that was deleted'
          )}
          , {scheduleText(folder, billing?.zone)}
        </p>
        <p>{automation && billing && <Reach automation={automation} billing={billing} />}</p>
        <p>{filesText(folder)}</p>
      </div>
      {folder.trouble && <Notice tone="danger">{folder.trouble}</Notice>}
      <CopyField label={`Where photos for ${folder.name} are put`} value={folder.place} />
      <HotFolderActions accountId={accountId} folder={folder} />
    </li>
  )
}

export function HotFolderActions({ accountId, folder }: { accountId: string; folder: HotFolder }) {
  const queryClient = useQueryClient()
  const reserved = useReserved(accountId, 'work')
  const [asked, setAsked] = useState<'change' | 'remove'>()
  const forget = () => queryClient.invalidateQueries({ queryKey: hotFoldersQuery(accountId).queryKey })
  const pause = useMutation({
    mutationFn: () =>
      apiOf(accountId).updateHotFolder({ path: { id: folder.id }, body: { paused: !folder.paused } }),
    onSuccess: forget,
  })
  const remove = useMutation({
    mutationFn: () => apiOf(accountId).removeHotFolder({ path: { id: folder.id } }),
    onSuccess: async () => {
      setAsked(undefined)
      await forget()
      tell(`${folder.name} is disconnected.`)
    },
  })
  if (reserved) return null
  return (
    <div className="-mx-3 -mb-1 flex flex-wrap gap-1">
      <Button kind="quiet" onClick={() => setAsked('change')} aria-label={`Change ${folder.name}`}>
        Change
      </Button>
      <Button kind="quiet" busy={pause.isPending} onClick={() => pause.mutate()}>
        {folder.paused ? 'Go on' : 'Pause'}
      </Button>
      <Button kind="quiet" onClick={() => setAsked('remove')} aria-label={`Disconnect ${folder.name}`}>
        Disconnect
      </Button>
      {pause.isError && <Notice tone="danger">{faultText(pause.error)}</Notice>}
      {asked === 'change' && (
        <HotFolderDialog accountId={accountId} folder={folder} onClose={() => setAsked(undefined)} />
      )}
      {asked === 'remove' && (
        <ConfirmDialog
          title={`Disconnect ${folder.name}`}
          action="Disconnect folder"
          otherwise="Keep it"
          danger
          busy={remove.isPending}
          fault={remove.isError ? faultText(remove.error) : null}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsked(undefined)}
        >
          Nothing more is run from it. Its files, results and runs stay; its name cannot be used again.
        </ConfirmDialog>
      )}
    </div>
  )
}
