/** Where a photo was cut, to be corrected: with what doing it again costs, before it is done. */
import type { Item } from '@drawdown/client'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { apiOf, faultText, fileAddress } from '../../api.ts'
import { amountText, readAmount } from '../../format.ts'
import { forgetAccount, redoQuoteQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { type CropBox, CropFrame } from '../../ui/crop-frame.tsx'
import { Notice } from '../../ui/notice.tsx'
import { tell } from '../../ui/toast.tsx'
import { useSettled } from '../automation/use-settled.ts'

/** Where a step has cut, and to which shape; null when it cannot be told. */
export type CropFound = { box: CropBox; ratio: number; beyond: boolean }

/** The last crop in the report of an item. */
export function cropOf(item: Item): CropFound | null {
  const at = item.report.findLastIndex(({ operation }) => operation === 'smart_crop')
  const { photoBox, box } = (item.report[at] ?? {}) as { photoBox?: CropBox; box?: CropBox }
  if (!photoBox || !box) return null
  const beyond = item.report.slice(0, at).some(({ operation }) => operation === 'remove_background')
  return { box: photoBox, ratio: box.width / box.height, beyond }
}

type CropCorrectionProps = {
  accountId: string
  item: Item
  found: CropFound
  /** The room for the picture, as a CSS length. */
  height: string
  onClose: () => void
}

export function CropCorrection({ accountId, item, found, height, onClose }: CropCorrectionProps) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [box, setBox] = useState(found.box)
  const [touched, setTouched] = useState(false)
  const settled = useSettled(box, 400)
  const quote = useQuery({
    ...redoQuoteQuery(accountId, item.id, settled),
    enabled: touched,
    placeholderData: keepPreviousData,
  })
  const redo = useMutation({
    mutationFn: () =>
      apiOf(accountId).redoItem({
        path: { id: item.id },
        body: { photo_box: settled, ...(quote.data ? { quote_id: quote.data.id } : {}) },
      }),
    onSuccess: async (run) => {
      await forgetAccount(queryClient, accountId)
      tell(`${item.image.name} is cut anew. The crop is kept for this photo.`)
      await navigate({ to: '/a/$accountId/runs/$runId', params: { accountId, runId: run.id } })
    },
  })
  const waits = quote.isFetching || settled !== box
  return (
    <div>
      <CropFrame
        photo={fileAddress(item.image.preview_url, accountId)}
        name={item.image.name}
        box={box}
        ratio={found.ratio}
        beyond={found.beyond}
        height={`calc(${height} - 5rem)`}
        onChange={(next) => {
          setBox(next)
          setTouched(touched || differs(next, found.box))
        }}
      />
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <Button
          kind="primary"
          busy={redo.isPending}
          disabledReason={
            touched
              ? quote.data && !waits
                ? undefined
                : 'Its price is being worked out'
              : 'Move the crop first'
          }
          onClick={() => redo.mutate()}
        >
          {quote.data && touched ? priceWords(quote.data) : 'Cut anew'}
        </Button>
        <Button onClick={onClose}>Keep it as it is</Button>
        <span className="text-ink-2" aria-live="polite">
          {quote.data &&
            touched &&
            `${amountText(quote.data.balance_after, quote.data.credit_unit)} left after`}
        </span>
      </div>
      <p className="mt-2 text-fine text-ink-3">
        It becomes a run of its own. Later runs that cut this photo to this shape take your crop.
      </p>
      {(redo.isError || quote.isError) && (
        <Notice tone="danger" className="mt-2">
          {faultText(redo.error ?? quote.error)}
        </Notice>
      )}
    </div>
  )
}

type Price = { from_credits: string; overage: string; cost: string; credit_unit: string; currency: string }

function priceWords({ cost, from_credits, overage, credit_unit, currency }: Price): string {
  if (readAmount(cost) === 0n) return 'Cut anew, free'
  if (readAmount(overage) === 0n) return `Cut anew for ${amountText(from_credits, credit_unit)}`
  return `Cut anew for ${amountText(from_credits, credit_unit)} and ${amountText(overage, currency)} overage`
}

/** By more than what comes of the photo's own pixels. */
function differs(one: CropBox, other: CropBox): boolean {
  return [one.x - other.x, one.y - other.y, one.width - other.width].some((by) => Math.abs(by) > 0.004)
}
