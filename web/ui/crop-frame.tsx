/**
 * A window on a photo that is moved and made larger or smaller, of one shape: by dragging it or its corner, by the arrow keys with plus and
 * minus, or by the slider below it.
 *
 * The window is told in shares of the photo: `x` and `y` of its upper left corner. Where it may reach beyond, there is room around the photo.
 */
import { type KeyboardEvent, type PointerEvent, useId, useRef, useState } from 'react'

export type CropBox = { x: number; y: number; width: number; height: number }

type CropFrameProps = {
  photo: string
  name: string
  box: CropBox
  /** Width to height of what comes out. */
  ratio: number
  /** The window may reach beyond the photo. */
  beyond: boolean
  /** The most room there is, as a CSS length. */
  height: string
  onChange: (box: CropBox) => void
}

const SMALLEST = 0.05
const ROOM_AROUND = 0.15
const STEP = 0.01
const LARGE_STEP = 0.05

export function CropFrame({ photo, name, box, ratio, beyond, height, onChange }: CropFrameProps) {
  const hint = useId()
  const frame = useRef<HTMLDivElement>(null)
  const [photoRatio, setPhotoRatio] = useState(1)
  // The room stays as it was at first, so that nothing jumps under the pointer.
  const [around] = useState(() => (beyond ? roomFor(box) : 0))
  const whole = 1 + 2 * around
  const limits = { around, heightOf: (width: number) => (width * photoRatio) / ratio }
  const place = (share: number) => `${((share + around) / whole) * 100}%`
  const change = (next: Pick<CropBox, 'x' | 'y' | 'width'>) => onChange(clamped(next, limits))
  const grow = (by: number) => {
    const width = box.width + by
    change({ x: box.x - by / 2, y: box.y - (limits.heightOf(width) - box.height) / 2, width })
  }

  const drag = useDrag(frame, whole, (from, { dx, dy }, corner) =>
    corner
      ? change({ ...from, width: from.width + Math.max(dx, (dy * ratio) / photoRatio) })
      : change({ ...from, x: from.x + dx, y: from.y + dy }),
  )
  const press = (event: KeyboardEvent) => {
    const by = event.shiftKey ? LARGE_STEP : STEP
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-by, 0],
      ArrowRight: [by, 0],
      ArrowUp: [0, -by],
      ArrowDown: [0, by],
    }
    const move = moves[event.key]
    if (move) change({ ...box, x: box.x + move[0], y: box.y + move[1] })
    else if (event.key === '+' || event.key === '=') grow(by)
    else if (event.key === '-') grow(-by)
    else return
    event.preventDefault()
  }
  return (
    <div>
      <div
        ref={frame}
        className="checkerboard relative mx-auto touch-none overflow-hidden rounded-control"
        style={{ aspectRatio: photoRatio, width: `min(100%, calc(${height} * ${photoRatio}))` }}
      >
        <img
          src={photo}
          alt={name}
          draggable={false}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
            setPhotoRatio(naturalWidth / naturalHeight)
            const heightOf = (width: number) => (width * naturalWidth) / naturalHeight / ratio
            onChange(clamped(box, { around, heightOf }))
          }}
          className="absolute select-none"
          style={{ left: place(0), top: place(0), width: `${100 / whole}%`, height: `${100 / whole}%` }}
        />
        <button
          type="button"
          aria-label={`Crop of ${name}`}
          aria-describedby={hint}
          onKeyDown={press}
          onPointerDown={(event) => drag(event, box, false)}
          className="absolute cursor-move touch-none outline-2 -outline-offset-2 outline-white focus-visible:outline-4"
          style={{
            left: place(box.x),
            top: place(box.y),
            width: `${(box.width / whole) * 100}%`,
            height: `${(box.height / whole) * 100}%`,
            boxShadow: '0 0 0 100vmax rgb(0 0 0 / 0.55)',
          }}
        >
          <span
            aria-hidden
            onPointerDown={(event) => drag(event, box, true)}
            className="absolute right-0 bottom-0 size-8 cursor-nwse-resize border-white border-r-4 border-b-4 pointer-coarse:size-11"
          />
        </button>
      </div>
      <div className="mt-3 grid gap-1.5">
        <label className="flex items-center gap-3">
          <span className="font-medium">Size</span>
          <input
            type="range"
            min={SMALLEST}
            max={widest(limits)}
            step="any"
            value={box.width}
            aria-valuetext={`${percent(box.width)} of the width`}
            onChange={(event) => grow(event.target.valueAsNumber - box.width)}
            className="min-h-9 flex-1 accent-accent pointer-coarse:min-h-11"
          />
        </label>
        <p id={hint} className="text-fine text-ink-3">
          Drag it, or use the arrow keys; plus and minus change its size.
        </p>
        <p aria-live="polite" className="sr-only">
          {percent(box.x)} from the left, {percent(box.y)} from the top, {percent(box.width)} wide
        </p>
      </div>
    </div>
  )
}

type Limits = { around: number; heightOf: (width: number) => number }

/** As wide as there is room, in both directions. */
function widest({ around, heightOf }: Limits): number {
  const whole = 1 + 2 * around
  return Math.min(whole, whole / heightOf(1))
}

function clamped({ x, y, width: wanted }: Pick<CropBox, 'x' | 'y' | 'width'>, limits: Limits): CropBox {
  const { around, heightOf } = limits
  const width = Math.min(widest(limits), Math.max(SMALLEST, wanted))
  const height = heightOf(width)
  const within = (at: number, size: number) => Math.min(1 + around - size, Math.max(-around, at))
  return { x: within(x, width), y: within(y, height), width, height }
}

function roomFor({ x, y, width, height }: CropBox): number {
  return Math.max(ROOM_AROUND, -x, -y, x + width - 1, y + height - 1)
}

const percent = (share: number) => `${Math.round(share * 100)} %`

type Moved = { dx: number; dy: number }

/** Follows the pointer from where it went down, in shares of the photo. */
function useDrag(
  frame: { current: HTMLElement | null },
  whole: number,
  onMove: (from: CropBox, moved: Moved, corner: boolean) => void,
) {
  return (event: PointerEvent<HTMLElement>, from: CropBox, corner: boolean) => {
    const size = frame.current?.getBoundingClientRect()
    if (!size) return
    event.stopPropagation()
    const target = event.currentTarget
    target.setPointerCapture(event.pointerId)
    const start = { x: event.clientX, y: event.clientY }
    const follow = (move: globalThis.PointerEvent) => {
      const dx = ((move.clientX - start.x) / size.width) * whole
      const dy = ((move.clientY - start.y) / size.height) * whole
      onMove(from, { dx, dy }, corner)
    }
    const end = () => {
      target.removeEventListener('pointermove', follow)
      target.removeEventListener('pointerup', end)
      target.removeEventListener('pointercancel', end)
    }
    target.addEventListener('pointermove', follow)
    target.addEventListener('pointerup', end)
    target.addEventListener('pointercancel', end)
  }
}
