/** Steps that make what a marketplace asks for, to begin with or to replace those that stand there. */
import type { ListPresetsResponse } from '@drawdown/client'
import { useQuery } from '@tanstack/react-query'
import { Store } from 'lucide-react'
import { useState } from 'react'
import { presetsQuery } from '../../queries.ts'
import { buttonClass } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'

export type Preset = ListPresetsResponse['data'][number]

type PresetPickerProps = {
  /** Steps that somebody has changed are asked about before they go. */
  changed: boolean
  onPick: (preset: Preset) => void
}

export function PresetPicker({ changed, onPick }: PresetPickerProps) {
  const { data } = useQuery(presetsQuery())
  const [asked, setAsked] = useState<Preset>()
  const pick = (preset: Preset) => {
    setAsked(undefined)
    onPick(preset)
  }
  return (
    <>
      <Menu
        triggerClass={buttonClass('quiet')}
        trigger={
          <>
            <Store aria-hidden size={16} />
            Use a preset
          </>
        }
      >
        {(data?.data ?? []).map((preset) => (
          <MenuItem key={preset.code} onSelect={() => (changed ? setAsked(preset) : pick(preset))}>
            {preset.name}
          </MenuItem>
        ))}
      </Menu>
      {asked && (
        <ConfirmDialog
          title={`Use the steps of ${asked.name}`}
          action="Replace the steps"
          otherwise="Keep mine"
          busy={false}
          fault={null}
          onConfirm={() => pick(asked)}
          onClose={() => setAsked(undefined)}
        >
          They take the place of the steps you have changed. Nothing is saved until you save the automation.
        </ConfirmDialog>
      )}
    </>
  )
}
