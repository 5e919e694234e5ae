/** Photos from the internet: their addresses, a line each. The server fetches them. */
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'

export function AddressForm({ onFetch }: { onFetch: (urls: string[]) => void }) {
  const [text, setText] = useState('')
  const urls = text.split(/\s+/).filter((line) => line !== '')
  return (
    <details className="mt-3">
      <summary className="inline-flex min-h-9 cursor-pointer items-center rounded-small text-ink-2 hover:text-ink">
        Or fetch photos from their addresses
      </summary>
      <div className="mt-2 grid gap-3">
        <label className="grid gap-1.5">
          <span className="font-medium">Addresses, a line each</span>
          <textarea
            value={text}
            onChange={(event) => setText(event.target.value)}
            rows={3}
            placeholder="https://example.com/photos/cup.jpg"
            className="w-full rounded-control border border-edge/60 bg-surface px-3 py-2 text-body text-ink placeholder:text-ink-3"
          />
        </label>
        <Button
          className="justify-self-start"
          disabledReason={urls.length === 0 ? 'Put in an address first' : undefined}
          onClick={() => {
            onFetch(urls)
            setText('')
          }}
        >
          Fetch photos
        </Button>
      </div>
    </details>
  )
}
