/** A text to be copied whole, such as a key or a link, with the button that does it. */
import { Check, Copy } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button } from './button.tsx'
import { inputClass } from './field.tsx'

export function CopyField({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const copy = async () => {
    input.current?.select()
    // The clipboard is closed to pages without https other than localhost; selecting and the older call still work there.
    if (navigator.clipboard) await navigator.clipboard.writeText(value)
    else document.execCommand('copy')
    setCopied(true)
  }
  return (
    <div className="flex gap-2">
      <input
        ref={input}
        readOnly
        aria-label={label}
        value={value}
        onFocus={(event) => event.target.select()}
        className={`${inputClass} min-w-0 flex-1 font-mono`}
      />
      <Button
        onClick={copy}
        icon={copied ? <Check aria-hidden size={16} /> : <Copy aria-hidden size={16} />}
        className="w-28"
      >
        <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
      </Button>
    </div>
  )
}
