/**
 * A small picture of a file on this machine, drawn into a canvas: nothing is asked of the server and no address is made
 * for it. A file that the browser cannot read shows its kind instead.
 */
import { useEffect, useRef, useState } from 'react'

const SIDE = 256

export function FileThumb({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [unreadable, setUnreadable] = useState<File>()
  useEffect(() => {
    let gone = false
    createImageBitmap(file, { resizeWidth: SIDE, resizeQuality: 'medium' })
      .then((bitmap) => {
        const target = canvas.current
        if (!gone && target) {
          target.width = bitmap.width
          target.height = bitmap.height
          target.getContext('2d')?.drawImage(bitmap, 0, 0)
        }
        bitmap.close()
      })
      .catch(() => {
        if (!gone) setUnreadable(file)
      })
    return () => {
      gone = true
    }
  }, [file])
  if (unreadable === file) {
    return (
      <span className="grid size-full place-items-center text-fine text-ink-3 uppercase">
        {file.name.split('.').pop()}
      </span>
    )
  }
  return <canvas ref={canvas} className="size-full object-cover" />
}
