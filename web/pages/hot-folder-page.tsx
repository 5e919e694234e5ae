/** One hot folder: what came into it and what became of each file. */
import type { HotFile } from '@drawdown/client'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { faultText } from '../api.ts'
import { bytesText, momentText } from '../format.ts'
import { hotFilesQuery, hotFoldersQuery } from '../hot-folder-queries.ts'
import { billingQuery } from '../queries.ts'
import { Button } from '../ui/button.tsx'
import { CopyField } from '../ui/copy-field.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Notice } from '../ui/notice.tsx'
import { PageHeader } from '../ui/panel.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { HotFileStatus, HotFolderStatus, scheduleText } from './hot-folder/folder-words.tsx'
import { HotFolderActions } from './hot-folders-page.tsx'

const route = getRouteApi('/inside/a/$accountId/hot-folders/$hotFolderId')

export function HotFolderPage() {
  const { accountId, hotFolderId } = route.useParams()
  const folders = useQuery(hotFoldersQuery(accountId))
  const { data: billing } = useQuery(billingQuery(accountId))
  const files = useInfiniteQuery(hotFilesQuery(accountId, hotFolderId))
  const folder = folders.data?.data.find(({ id }) => id === hotFolderId)
  const rows = files.data?.pages.flatMap(({ data }) => data) ?? []
  const gone = folders.isSuccess && !folder
  return (
    <>
      <PageHeader
        above={
          <Link to="/a/$accountId/hot-folders" params={{ accountId }} className="hover:text-ink">
            Hot folders
          </Link>
        }
        title={folder?.name ?? 'Hot folder'}
      >
        {folder && <HotFolderStatus folder={folder} />}
      </PageHeader>
      {gone && <Notice>This folder is not connected any more.</Notice>}
      {files.isError && !gone && <Notice tone="danger">{faultText(files.error)}</Notice>}
      {folder && (
        <section aria-label="Folder" className="mb-8 grid gap-4 rounded-panel bg-surface p-5 max-sm:p-4">
          {folder.trouble && <Notice tone="danger">{folder.trouble}</Notice>}
          <p className="text-ink-2">
            Started {scheduleText(folder, billing?.zone)}. Put photos here; results come back to{' '}
            <span className="font-mono">out</span> beside it.
          </p>
          <CopyField label="Where photos are put" value={folder.place} />
          <HotFolderActions accountId={accountId} folder={folder} />
        </section>
      )}
      {files.isPending && <SkeletonRows rows={4} className="h-14" />}
      {files.isSuccess && rows.length === 0 && (
        <EmptyState title="Nothing has come yet">Files stand here a few seconds after they come.</EmptyState>
      )}
      {rows.length > 0 && (
        <section aria-label="Files" className="rounded-panel bg-surface px-5 py-2 max-sm:px-4">
          <ul className="divide-y divide-line">
            {rows.map((file) => (
              <FileRow key={`${file.path} ${file.seen_at}`} accountId={accountId} file={file} />
            ))}
          </ul>
        </section>
      )}
      {files.hasNextPage && (
        <Button className="mt-4" busy={files.isFetchingNextPage} onClick={() => files.fetchNextPage()}>
          Show earlier files
        </Button>
      )}
    </>
  )
}

function FileRow({ accountId, file }: { accountId: string; file: HotFile }) {
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-3">
      <div className="min-w-0">
        <p className="truncate font-medium">{file.path}</p>
        <p className="text-ink-2">
          {momentText(file.seen_at)} · {bytesText(file.bytes)}
          {file.result && ` · out/${file.result}`}
        </p>
        {file.message && (
          <p className="text-ink-2">
            {file.message}
            {file.status !== 'held' && ' It cost nothing.'}
          </p>
        )}
      </div>
      <div className="flex items-center gap-4">
        <HotFileStatus file={file} />
        {file.run_id && (
          <Link
            to="/a/$accountId/runs/$runId"
            params={{ accountId, runId: file.run_id }}
            className="text-ink-2 underline-offset-4 hover:text-ink hover:underline"
          >
            Run
          </Link>
        )}
      </div>
    </li>
  )
}
