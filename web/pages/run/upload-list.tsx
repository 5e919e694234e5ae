/** What was dropped: how far the upload is, a picture of each file, and the refused ones with their reasons. */
import { Check, X } from 'lucide-react'
import { countOf, countText } from '../../format.ts'
import { Button } from '../../ui/button.tsx'
import { FileThumb } from '../../ui/file-thumb.tsx'
import { Progress } from '../../ui/level.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PhotoGrid } from '../../ui/photo-grid.tsx'
import { isArchive, type Upload, type Uploads } from './uploads.ts'

type UploadListProps = { uploads: Uploads; onRemove: (upload: Upload) => void; onClear: () => void }

export function UploadList({ uploads, onRemove, onClear }: UploadListProps) {
  const { all, ready, total, refused, busy, stalled } = uploads
  const kept = refused.length === 0 ? all : all.filter(({ state }) => state !== 'refused')
  return (
    <div className="mt-4">
      <div className="mb-4 grid min-h-15 content-center gap-2">
        <div className="flex items-center justify-between gap-4">
          <p aria-live="polite" className="figures">
            {busy
              ? `Uploading: ${countText(ready)} of ${countOf(total, 'photo')}`
              : `${countOf(ready, 'photo')} ready`}
            {refused.length > 0 && (
              <span className="text-danger"> · {countText(refused.length)} refused</span>
            )}
          </p>
          <Button kind="quiet" onClick={onClear}>
            Remove all
          </Button>
        </div>
        {busy && <Progress done={ready} total={total} label="Upload" />}
      </div>
      {stalled && (
        <Notice className="mb-4">
          The server does not answer. The upload goes on by itself as soon as it does; keep this page open.
        </Notice>
      )}
      {refused.length > 0 && <RefusedFiles refused={refused} />}
      <PhotoGrid count={kept.length} label="Photos to run" tileWidth={104}>
        {(index, tabIndex) => (
          <UploadTile
            key={index}
            index={index}
            upload={kept[index]}
            tabIndex={tabIndex}
            onRemove={onRemove}
          />
        )}
      </PhotoGrid>
    </div>
  )
}

type UploadTileProps = {
  index: number
  upload: Upload | undefined
  tabIndex: 0 | -1
  onRemove: (upload: Upload) => void
}

function UploadTile({ index, upload, tabIndex, onRemove }: UploadTileProps) {
  if (!upload) return null
  const ready = upload.state === 'ready'
  return (
    <div className="relative aspect-square overflow-hidden rounded-control bg-sunken">
      <div
        role="img"
        aria-label={`${upload.name}, ${ready ? 'ready' : 'uploading'}`}
        title={upload.name}
        className={`size-full transition-opacity duration-300 ${ready ? '' : 'opacity-40'}`}
      >
        <Thumb upload={upload} />
      </div>
      <button
        type="button"
        tabIndex={tabIndex}
        data-tile={index}
        onClick={() => onRemove(upload)}
        aria-label={`Remove ${upload.name}`}
        title={`Remove ${upload.name}`}
        className="absolute top-1 right-1 grid size-7 place-items-center rounded-full bg-canvas/85 text-ink-2 hover:bg-canvas hover:text-ink pointer-coarse:size-9"
      >
        <X aria-hidden size={15} />
      </button>
      {ready && (
        <span className="absolute right-1.5 bottom-1.5 grid size-4.5 place-items-center rounded-full bg-accent text-on-accent">
          <Check aria-hidden size={12} strokeWidth={3} />
        </span>
      )}
    </div>
  )
}

/** Of a file on this machine its picture; of an archive or an address, what it is. */
function Thumb({ upload }: { upload: Upload }) {
  const { source, images, total } = upload
  if (source instanceof File && !isArchive(source)) return <FileThumb file={source} />
  return (
    <span className="figures grid size-full place-content-center text-center text-fine text-ink-3">
      {source instanceof File ? 'ZIP' : 'Web'}
      {total > 1 && <span>{`${countText(images.length)} / ${countText(total)}`}</span>}
    </span>
  )
}

const LISTED = 100

function RefusedFiles({ refused }: { refused: readonly Upload[] }) {
  return (
    <details className="mb-4 rounded-control bg-danger-tint px-4 py-3" open={refused.length <= 3}>
      <summary className="font-medium text-danger">
        {countOf(refused.length, 'file')} cannot be used. The others are not affected.
      </summary>
      <ul className="mt-2 grid max-h-60 gap-1.5 overflow-y-auto">
        {refused.slice(0, LISTED).map((upload) => (
          <li key={upload.name}>
            <span className="font-medium wrap-anywhere">{upload.name}</span>{' '}
            <span className="text-ink-2">{upload.reason}</span>
          </li>
        ))}
        {refused.length > LISTED && <li>and {countText(refused.length - LISTED)} more</li>}
      </ul>
    </details>
  )
}
