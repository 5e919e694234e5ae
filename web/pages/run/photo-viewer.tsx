/** One photo, large: before and after under a slider, what was done, and what it cost. */
import type { Item, Run } from '@drawdown/client'
import { ChevronLeft, ChevronRight, Crop, Download } from 'lucide-react'
import { useState } from 'react'
import { fileAddress } from '../../api.ts'
import { bytesText, countText, dateText, operationText, readAmount, secondsText } from '../../format.ts'
import { Button, buttonClass, IconButton } from '../../ui/button.tsx'
import { Compare, type PhotoPlace } from '../../ui/compare.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Money } from '../../ui/money.tsx'
import { Status } from '../../ui/status.tsx'
import { useReserved } from '../reserved.ts'
import { itemWords } from '../run-words.tsx'
import { CompliancePanel } from './compliance-panel.tsx'
import { CropCorrection, cropOf } from './crop-correction.tsx'
import { HeldDecision } from './held-decision.tsx'
import { RemovePhoto } from './remove-photo.tsx'

/** The room for the picture: the same for all, so that nothing moves from photo to photo. */
const ROOM = 'min(60dvh, 36rem)'

type PhotoViewerProps = {
  accountId: string
  run: Run
  item: Item
  neighbours: { before: number | undefined; after: number | undefined }
  /** To another photo, or with undefined back to the gallery. */
  onTurn: (position: number | undefined) => void
}

export function PhotoViewer({ accountId, run, item, neighbours, onTurn }: PhotoViewerProps) {
  const reserved = useReserved(accountId, 'work')
  const crop = cropOf(item)
  // Which photo's crop is being corrected: another photo is looked at first.
  const [correcting, setCorrecting] = useState<string>()
  const corrected = correcting === item.id
  const go = (position: number | undefined) => position !== undefined && onTurn(position)
  return (
    <Dialog
      title={item.image.name}
      width="large"
      onClose={() => onTurn(undefined)}
      footer={
        <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
          <ItemFacts run={run} item={item} />
          <div className="flex items-center gap-1">
            <IconButton
              label="Previous photo"
              disabled={neighbours.before === undefined}
              onClick={() => go(neighbours.before)}
            >
              <ChevronLeft aria-hidden size={20} />
            </IconButton>
            <IconButton
              label="Next photo"
              disabled={neighbours.after === undefined}
              onClick={() => go(neighbours.after)}
            >
              <ChevronRight aria-hidden size={20} />
            </IconButton>
            {item.output && item.status === 'succeeded' && (
              <a
                href={fileAddress(item.output.url, accountId)}
                download
                className={buttonClass('plain', 'ml-2')}
              >
                <Download aria-hidden size={16} />
                Download
              </a>
            )}
          </div>
        </div>
      }
    >
      {corrected && crop ? (
        <CropCorrection
          key={item.id}
          accountId={accountId}
          item={item}
          found={crop}
          height={ROOM}
          onClose={() => setCorrecting(undefined)}
        />
      ) : (
        <Picture accountId={accountId} item={item} />
      )}
      {item.removed_at === null && !corrected && !reserved && (
        <div className="mt-4 flex flex-wrap gap-2">
          {crop && (
            <Button icon={<Crop aria-hidden size={16} />} onClick={() => setCorrecting(item.id)}>
              Correct the crop
            </Button>
          )}
          <RemovePhoto accountId={accountId} item={item} />
        </div>
      )}
      {item.failure && (
        <p className={`mt-4 ${item.status === 'failed' ? 'text-danger' : ''}`}>{item.failure.message}</p>
      )}
      {item.status === 'held' && <HeldDecision accountId={accountId} item={item} />}
      <Report item={item} />
      <CompliancePanel key={item.id} accountId={accountId} item={item} />
    </Dialog>
  )
}

function Picture({ accountId, item }: { accountId: string; item: Item }) {
  const before = fileAddress(item.image.preview_url, accountId)
  if (item.removed_at !== null) {
    return (
      <p className="grid place-content-center text-center text-ink-2" style={{ height: ROOM }}>
        This photo was removed on {dateText(item.removed_at)}, with everything that was made of it.
      </p>
    )
  }
  return (
    <div className="grid content-center" style={{ height: ROOM }}>
      {item.output ? (
        <Compare
          key={item.id}
          name={item.image.name}
          ratio={item.output.width / item.output.height}
          place={placeOf(item)}
          height={ROOM}
          before={before}
          after={fileAddress(item.output.preview_url, accountId)}
        />
      ) : (
        <img
          src={before}
          alt={item.image.name}
          className="size-full min-h-0 rounded-control bg-sunken object-contain"
        />
      )}
    </div>
  )
}

/** Undefined after a turn, and of what was made by a version that did not tell. */
function placeOf(item: Item): PhotoPlace | undefined {
  const { output } = (item.report.at(-1) ?? {}) as { output?: { photoBox?: PhotoPlace } }
  return output?.photoBox
}

function ItemFacts({ run, item }: { run: Run; item: Item }) {
  const { text, tone } = itemWords[item.status]
  return (
    <div>
      <Status tone={tone}>{text}</Status>
      <p className="text-ink-2">
        {item.status === 'succeeded' ? (
          <>
            <Money amount={item.from_credits} unit={run.credit_unit} className="text-ink" /> from credits
            {readAmount(item.overage) > 0n && (
              <>
                , <Money amount={item.overage} unit={run.currency} className="text-ink" /> overage
              </>
            )}
          </>
        ) : (
          'Nothing was charged.'
        )}
        {item.output && (
          <span className="tabular-nums">
            {' '}
            · {countText(item.output.width)} × {countText(item.output.height)} ·{' '}
            {item.output.format.toUpperCase()} · {bytesText(item.output.bytes)}
          </span>
        )}
      </p>
    </div>
  )
}

/** What the steps found out, in the few words of the report. */
function Report({ item }: { item: Item }) {
  if (item.report.length === 0) return null
  return (
    <ol className="mt-4 flex flex-wrap gap-x-6 gap-y-1 text-ink-2">
      {item.report.map((step, index) => {
        const { operation, ms, width, height } = step as Record<string, unknown>
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name than their place
          <li key={index} className="figures">
            <span className="text-ink">{operationText(String(operation))}</span>
            {typeof width === 'number' && typeof height === 'number' && ` ${width} × ${height}`}
            {typeof ms === 'number' && ms >= 100 && ` in ${secondsText(ms)}`}
          </li>
        )
      })}
    </ol>
  )
}
