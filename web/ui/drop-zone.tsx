/** Where files and folders are dropped, with buttons for those who would rather choose. */
import { FolderOpen, Image as ImageIcon } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { Button } from './button.tsx'

export function DropZone({
  onFiles,
  compact = false,
}: {
  onFiles: (files: File[]) => void
  /** Once something is there, the zone makes room. */
  compact?: boolean
}) {
  const [over, setOver] = useState(false)
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const take = async (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    onFiles(await filesOf(event.dataTransfer))
  }
  const chosen = (input: HTMLInputElement) => {
    onFiles([...(input.files ?? [])])
    // So that the same folder can be chosen once more.
    input.value = ''
  }
  return (
    <section
      aria-label="Photos to upload"
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={take}
      className={`grid place-items-center gap-4 rounded-panel border-2 border-dashed text-center transition-colors ${over ? 'border-accent bg-accent-tint' : 'border-line bg-surface'} ${compact ? 'grid-flow-col justify-between px-6 py-4 max-sm:grid-flow-row' : 'px-6 py-16'}`}
    >
      <div>
        <p className={compact ? 'text-ink-2' : 'subheading'}>
          {over ? 'Let go to upload' : compact ? 'Drop more photos here' : 'Drop a folder of photos here'}
        </p>
        {!compact && (
          <p className="mt-1 text-ink-2">
            JPEG, PNG, WebP, AVIF, TIFF or GIF, up to 50 MB each, or a ZIP of them. Uploading costs nothing.
          </p>
        )}
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        <Button icon={<FolderOpen aria-hidden size={16} />} onClick={() => folder.current?.click()}>
          Choose a folder
        </Button>
        <Button icon={<ImageIcon aria-hidden size={16} />} onClick={() => files.current?.click()}>
          Choose photos
        </Button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        accept="image/*,.zip"
        hidden
        aria-label="Photos"
        onChange={(event) => chosen(event.target)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        aria-label="Folder of photos"
        {...wholeFolder}
        onChange={(event) => chosen(event.target)}
      />
    </section>
  )
}

// An attribute that every browser knows and React's types do not.
const wholeFolder = { webkitdirectory: '' }

/** All files of a drop, those in dropped folders too. */
async function filesOf(transfer: DataTransfer): Promise<File[]> {
  // The list is emptied as soon as the event has been handled, so entries are taken first.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null)
  if (entries.length === 0) return [...transfer.files]
  const files: File[] = []
  for (const entry of entries) await collect(entry, files)
  return files
}

async function collect(entry: FileSystemEntry, files: File[]): Promise<void> {
  if (entry.name.startsWith('.')) return
  if (isFile(entry)) {
    files.push(await new Promise<File>((resolve, reject) => entry.file(resolve, reject)))
    return
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  // A reader hands out a hundred at a time, and an empty list at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return
    for (const each of some) await collect(each, files)
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}
