/**
 * A menu that drops from a button: for choosing an account, a theme, a step.
 *
 * The browser's own popover, so that it lies above everything (a dialog too), goes on Escape and on a press elsewhere,
 * and gives focus back; what is added is the way of the ARIA menu: arrow keys, Home, End and first letters. It writes no
 * style of its own into the page, which the content security policy would refuse, and weighs a twentieth of a library's.
 */
import { Check } from 'lucide-react'
import { createContext, type KeyboardEvent, type ReactNode, useContext, useId, useRef } from 'react'

const GAP_PX = 6

/** Closes the menu that an item stands in. */
const CloseMenu = createContext<() => void>(() => {})

type MenuProps = {
  /** What the button shows; also its name unless `label` says more. */
  trigger: ReactNode
  label?: string
  triggerClass: string
  children: ReactNode
}

export function Menu({ trigger, label, triggerClass, children }: MenuProps) {
  const menuId = useId()
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const close = () => {
    menu.current?.hidePopover()
    button.current?.focus()
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={menuId}
        aria-haspopup="menu"
        aria-label={label}
        className={triggerClass}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
          event.preventDefault()
          menu.current?.showPopover()
        }}
      >
        {trigger}
      </button>
      <div
        ref={menu}
        id={menuId}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        className="fixed m-0 max-h-[min(28rem,calc(100dvh-1.5rem))] min-w-52 max-w-80 overflow-y-auto rounded-control bg-raised p-1 text-ink shadow-float outline-none"
        onBeforeToggle={(event) => {
          if (event.newState === 'open') place(event.currentTarget, button.current)
        }}
        onToggle={(event) => {
          if (event.newState !== 'open') return
          place(event.currentTarget, button.current)
          itemsOf(event.currentTarget)[0]?.focus({ preventScroll: true })
          // The page moves on without the menu.
          window.addEventListener('scroll', () => menu.current?.hidePopover(), { once: true })
        }}
        onKeyDown={(event) => move(event, close)}
      >
        <CloseMenu value={close}>{children}</CloseMenu>
      </div>
    </>
  )
}

/** Below the button, or above it where there is more room; within the window. */
function place(menu: HTMLElement, button: HTMLElement | null) {
  if (!button) return
  const anchor = button.getBoundingClientRect()
  const { width, height } = menu.getBoundingClientRect()
  const below = window.innerHeight - anchor.bottom
  const above = below < height + 2 * GAP_PX && anchor.top > below
  menu.style.minWidth = `${anchor.width}px`
  menu.style.left = `${Math.max(GAP_PX, Math.min(anchor.left, window.innerWidth - width - GAP_PX))}px`
  menu.style.top = above ? 'auto' : `${anchor.bottom + GAP_PX}px`
  menu.style.bottom = above ? `${window.innerHeight - anchor.top + GAP_PX}px` : 'auto'
}

function itemsOf(menu: HTMLElement): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')]
}

function move(event: KeyboardEvent<HTMLElement>, close: () => void) {
  const items = itemsOf(event.currentTarget)
  const at = items.indexOf(document.activeElement as HTMLElement)
  const last = items.length - 1
  const next: Record<string, number> = {
    ArrowDown: at === last ? 0 : at + 1,
    ArrowUp: at <= 0 ? last : at - 1,
    Home: 0,
    End: last,
  }
  let to = next[event.key]
  if (to === undefined && event.key.length === 1 && event.key !== ' ') {
    const letter = event.key.toLowerCase()
    const following = [...items.slice(at + 1), ...items.slice(0, at + 1)]
    const found = following.find((item) => item.textContent?.trim().toLowerCase().startsWith(letter))
    to = found && items.indexOf(found)
  }
  if (event.key === 'Tab') close()
  if (to === undefined) return
  event.preventDefault()
  items[to]?.focus()
}

const itemClass =
  'flex min-h-9 w-full cursor-pointer items-center gap-2.5 rounded-[0.4rem] px-2.5 text-left text-body outline-none hover:bg-sunken focus:bg-sunken pointer-coarse:min-h-11'

type MenuItemProps = { icon?: ReactNode; onSelect: () => void; children: ReactNode }

export function MenuItem({ icon, onSelect, children }: MenuItemProps) {
  const close = useContext(CloseMenu)
  const choose = () => {
    close()
    onSelect()
  }
  return (
    <button type="button" role="menuitem" tabIndex={-1} className={itemClass} onClick={choose}>
      {icon}
      {children}
    </button>
  )
}

type MenuChoiceProps = {
  label: string
  value: string
  options: readonly { value: string; label: ReactNode }[]
  onChange: (value: string) => void
}

export function MenuChoice({ label, value, options, onChange }: MenuChoiceProps) {
  const close = useContext(CloseMenu)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has no place in a menu
    <div role="group" aria-label={label}>
      <p aria-hidden className="px-2.5 pt-2 pb-1 text-fine text-ink-3">
        {label}
      </p>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="menuitemradio"
          aria-checked={option.value === value}
          tabIndex={-1}
          className={itemClass}
          onClick={() => {
            close()
            onChange(option.value)
          }}
        >
          <span className="grid size-4 shrink-0 place-items-center">
            {option.value === value && <Check aria-hidden size={15} />}
          </span>
          <span className="truncate">{option.label}</span>
        </button>
      ))}
    </div>
  )
}

/** A line of text within a menu that is no choice. */
export function MenuNote({ children }: { children: ReactNode }) {
  return <p className="px-2.5 pt-2 pb-1 text-fine text-ink-3">{children}</p>
}

export function MenuLine() {
  return <hr className="my-1 h-px border-0 bg-line" />
}
