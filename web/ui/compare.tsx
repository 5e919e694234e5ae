/**
 * Before and after in one frame, with a slider between them: it follows the pointer, and the arrow keys.
 *
 * The slider is a range input laid over the frame, so that it is one for everybody. The frame has the shape of the
 * result and its checkerboard shows what of it is transparent; the photo before is drawn to fit.
 */
import { MoveHorizontal } from 'lucide-react'
import { type PointerEvent, useState } from 'react'

type CompareProps = {
  before: string
  after: string
  name: string
  /** Width to height of the result. */
  ratio: number
  /** The most room there is, as a CSS length. */
  height: string
}

export function Compare({ before, after, name, ratio, height }: CompareProps) {
  const [split, setSplit] = useState(50)
  const follow = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType === 'touch') return
    const frame = event.currentTarget.getBoundingClientRect()
    setSplit(Math.min(100, Math.max(0, ((event.clientX - frame.left) / frame.width) * 100)))
  }
  return (
    <div
      className="checkerboard relative mx-auto overflow-hidden rounded-control"
      style={{ aspectRatio: ratio, width: `min(100%, calc(${height} * ${ratio}))` }}
      onPointerMove={follow}
    >
      <img src={after} alt={`${name}, after`} className="absolute inset-0 size-full object-contain" />
      <div className="absolute inset-0 bg-sunken" style={{ clipPath: `inset(0 ${100 - split}% 0 0)` }}>
        <img src={before} alt={`${name}, before`} className="absolute inset-0 size-full object-contain" />
      </div>
      <span
        aria-hidden
        className="absolute top-3 left-3 rounded-small bg-black/60 px-2 py-0.5 text-fine text-white"
      >
        Before
      </span>
      <span
        aria-hidden
        className="absolute top-3 right-3 rounded-small bg-black/60 px-2 py-0.5 text-fine text-white"
      >
        After
      </span>
      <div
        aria-hidden
        className="absolute inset-y-0 w-0.5 -translate-x-1/2 bg-white shadow-float"
        style={{ left: `${split}%` }}
      >
        <span className="absolute top-1/2 left-1/2 grid size-8 -translate-1/2 place-items-center rounded-full bg-white text-black shadow-float">
          <MoveHorizontal size={16} />
        </span>
      </div>
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        value={Math.round(split)}
        onChange={(event) => setSplit(event.target.valueAsNumber)}
        aria-label="Before and after"
        aria-valuetext={`${Math.round(split)} % before`}
        className="absolute inset-0 m-0 size-full cursor-ew-resize opacity-0"
      />
    </div>
  )
}
