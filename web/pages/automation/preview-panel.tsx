/** What the steps under edit make of one photo: seen beside the settings, made anew with every change of one. */
import type { CheckItemResponse, PreviewAutomationResponse } from '@drawdown/client'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ImagePlus } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { apiOf, faultText, fieldFaults, fileAddress } from '../../api.ts'
import { countText } from '../../format.ts'
import { automationPreviewQuery, recentImagesQuery } from '../../queries.ts'
import { Button } from '../../ui/button.tsx'
import { Compare } from '../../ui/compare.tsx'
import { Notice } from '../../ui/notice.tsx'
import { ComplianceReports } from '../run/compliance-panel.tsx'
import type { DraftStep } from './step-card.tsx'
import { useSettled } from './use-settled.ts'

/** The room for the picture: the same for every shape, so that nothing below it moves. */
const ROOM = '22rem'
/** Long enough for the next key, short enough to feel at once. */
const SETTLED_MS = 150

type PreviewPanelProps = {
  accountId: string
  steps: readonly DraftStep[]
  /** The photo that was chosen; without one, the newest. */
  sample: string | undefined
  onSample: (imageId: string) => void
  /** Why the steps cannot be done as they are; null when they can. */
  onFault: (fault: unknown) => void
}

export function PreviewPanel({ accountId, steps, sample, onSample, onFault }: PreviewPanelProps) {
  const recent = useQuery(recentImagesQuery(accountId))
  const images = recent.data?.data ?? []
  const imageId = sample ?? images[0]?.id
  const wanted = useSettled(
    JSON.stringify(steps.map(({ operation, settings }) => ({ operation, settings }))),
    SETTLED_MS,
  )
  const preview = usePreview(accountId, imageId, { steps: wanted, any: steps.length > 0 })
  const fault = preview.isError ? preview.error : null
  useEffect(() => onFault(fault), [fault, onFault])
  const name = images.find(({ id }) => id === imageId)?.name ?? 'The photo'
  return (
    <section aria-labelledby="preview" className="rounded-panel bg-surface p-6 max-sm:p-4">
      <div className="flex items-center justify-between gap-4">
        <h2 id="preview" className="subheading">
          Preview
        </h2>
        <p aria-live="polite" className="text-fine text-ink-3">
          {progressWords(preview)}
        </p>
      </div>
      <div className="mt-3 grid content-center" style={{ height: ROOM }}>
        {imageId === undefined ? (
          <p className="text-center text-ink-2">
            {recent.isPending
              ? 'Looking for a photo…'
              : 'Add a photo of yours, to see on it what the steps do.'}
          </p>
        ) : (
          <Picture
            before={fileAddress(`/v1/images/${imageId}/file`, accountId)}
            name={name}
            preview={steps.length > 0 ? preview.data : undefined}
          />
        )}
      </div>
      {preview.data && steps.length > 0 && !preview.isError && <Facts preview={preview.data} />}
      {preview.isError && (
        <Notice tone="danger" className="mt-3">
          {Object.keys(fieldFaults(preview.error)).length > 0
            ? 'Correct the step in red, to see here what the steps do.'
            : faultText(preview.error)}
        </Notice>
      )}
      <SamplePicker accountId={accountId} images={images} chosen={imageId} onSample={onSample} />
      {preview.data && steps.length > 0 && (
        <ComplianceReports reports={preview.data.compliance as CheckItemResponse['data']} />
      )}
    </section>
  )
}

/** A sketch first where the subject is not known, and what a run makes as soon as it is there. */
function usePreview(accountId: string, imageId: string | undefined, wanted: { steps: string; any: boolean }) {
  const { steps } = wanted
  const first = useQuery({
    ...automationPreviewQuery(accountId, imageId ?? '', { steps, sketch: true }),
    enabled: imageId !== undefined && wanted.any,
    placeholderData: keepPreviousData,
  })
  const isSketch = first.data?.sketched === true && !first.isPlaceholderData
  const whole = useQuery({
    ...automationPreviewQuery(accountId, imageId ?? '', { steps, sketch: false }),
    enabled: isSketch,
  })
  return isSketch && (whole.data || whole.isError)
    ? whole
    : { ...first, isFetching: first.isFetching || whole.isFetching }
}

function progressWords({
  data,
  isFetching,
}: {
  data?: PreviewAutomationResponse | undefined
  isFetching: boolean
}) {
  if (isFetching) return data?.sketched ? 'A sketch; the exact cut is being made…' : 'Being made…'
  return data ? 'Free, and marked until it is run' : ''
}

function Picture({
  before,
  name,
  preview,
}: {
  before: string
  name: string
  preview: PreviewAutomationResponse | undefined
}) {
  if (!preview)
    return <img src={before} alt={name} className="size-full min-h-0 rounded-control object-contain" />
  const { picture } = preview
  return (
    <Compare
      name={name}
      ratio={picture.width / picture.height}
      place={preview.place_in_photo ?? undefined}
      height={ROOM}
      before={before}
      after={`data:${picture.media_type};base64,${picture.base64}`}
    />
  )
}

function Facts({ preview }: { preview: PreviewAutomationResponse }) {
  const { output, held } = preview
  return (
    <>
      <p className="figures mt-3 text-ink-2">
        {countText(output.width)} × {countText(output.height)} · {output.format.toUpperCase()}
      </p>
      {held && (
        <Notice className="mt-3">
          {held.message} In a run it would wait for your yes, and cost nothing until then.
        </Notice>
      )}
    </>
  )
}

type SamplePickerProps = {
  accountId: string
  images: readonly { id: string; name: string }[]
  chosen: string | undefined
  onSample: (imageId: string) => void
}

/** The photos that were uploaded last, and a way to add one. */
function SamplePicker({ accountId, images, chosen, onSample }: SamplePickerProps) {
  const input = useRef<HTMLInputElement>(null)
  const queryClient = useQueryClient()
  const add = useMutation({
    mutationFn: async (file: File) => {
      const { images: taken, refused } = await apiOf(accountId).uploadImages({ body: { files: [file] } })
      const [image] = taken
      if (!image) throw new Error(refused[0]?.detail ?? 'The photo was refused without a reason.')
      return image
    },
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: recentImagesQuery(accountId).queryKey })
      onSample(id)
    },
  })
  return (
    <>
      <div className="mt-4 grid gap-2">
        <fieldset className="-mx-1 grid grid-cols-6 gap-2 p-1">
          <legend className="sr-only">Photo for the preview</legend>
          {images.map(({ id, name }) => (
            <label
              key={id}
              title={name}
              className="relative aspect-square overflow-hidden rounded-small bg-sunken ring-2 ring-transparent has-checked:ring-accent has-focus-visible:outline-2 has-focus-visible:outline-accent"
            >
              <img
                src={fileAddress(`/v1/images/${id}/file`, accountId)}
                alt=""
                loading="lazy"
                className="size-full object-cover"
              />
              <input
                type="radio"
                name="sample"
                checked={id === chosen}
                onChange={() => onSample(id)}
                aria-label={name}
                className="absolute inset-0 cursor-pointer opacity-0"
              />
            </label>
          ))}
        </fieldset>
        <Button
          kind="quiet"
          className="-mx-3 justify-self-start"
          busy={add.isPending}
          icon={<ImagePlus aria-hidden size={16} />}
          onClick={() => input.current?.click()}
        >
          Add a photo
        </Button>
        <input
          ref={input}
          type="file"
          accept="image/*"
          hidden
          aria-label="Photo for the preview, from this machine"
          onChange={({ target }) => {
            const [file] = target.files ?? []
            if (file) add.mutate(file)
            target.value = ''
          }}
        />
      </div>
      {add.isError && (
        <Notice tone="danger" className="mt-3">
          {faultText(add.error)}
        </Notice>
      )}
    </>
  )
}
