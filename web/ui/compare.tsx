/**
 * Before and after in one frame, with a slider between them: it follows the pointer, and the arrow keys.
 *
 * The slider is a range input laid over the frame, so that it is one for everybody. The frame has the shape of the
 * result and its checkerboard shows what of it is transparent. The photo before lies where the result was taken from it, so that the
 * same pixels lie on each other; where that is not known, as after a turn, it is drawn to fit.
 */
import { MoveHorizontal } from 'lucide-react'
import { type PointerEvent, useState } from 'react'

/** Where a result lies in its photo, in shares of it. */
export type PhotoPlace = { x: number; y: number; width: number; height: number }

type CompareProps = {
  before: string
  after: string
  name: string
  /** Width to height of the result. */
  ratio: number
  place: PhotoPlace | undefined
  /** The most room there is, as a CSS length. */
  height: string
}

export function Compare({ before, after, name, ratio, place, height }: CompareProps) {
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
        <img
          src={before}
          alt={`${name}, before`}
          className={`absolute max-w-none ${place ? '' : 'inset-0 size-full object-contain'}`}
          style={place && photoAround(place)}
        />
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

/** The photo as it lies around the result: of the frame's own size where the two are the same. */
function photoAround({ x, y, width, height }: PhotoPlace) {
  const percent = (share: number) => `${share * 100}%`
  return {
    left: percent(-x / width),
    top: percent(-y / height),
    width: percent(1 / width),
    height: percent(1 / height),
  }
}
