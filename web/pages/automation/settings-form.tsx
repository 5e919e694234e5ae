/** The settings of one step, drawn from the schema of its operation. Only what differs from the default is kept. */
import type { Operation } from '@drawdown/client'
import { CheckField, SelectField, TextField } from '../../ui/field.tsx'
import { fieldsFor, type SettingField, settingFields, wordsOf } from './settings-schema.ts'

export type Settings = Record<string, unknown>

type SettingsFormProps = {
  operation: Operation
  settings: Settings
  /** What is wrong with single settings, by their keys. */
  faults: Readonly<Record<string, string>>
  onChange: (settings: Settings) => void
}

export function SettingsForm({ operation, settings, faults, onChange }: SettingsFormProps) {
  const fields = fieldsFor(settingFields(operation.settings_schema), settings)
  const set = (key: string, value: unknown, fallback: unknown) => {
    const { [key]: _, ...rest } = settings
    onChange(value === undefined || value === '' || value === fallback ? rest : { ...rest, [key]: value })
  }
  if (fields.length === 0) return <p className="text-ink-2">There is nothing to set.</p>
  return (
    <div className="grid gap-x-6 gap-y-5 sm:grid-cols-2">
      {fields.map((field) => (
        <Field
          key={field.key}
          field={field}
          value={settings[field.key]}
          fault={faults[field.key]}
          onChange={(value) => set(field.key, value, field.required ? undefined : field.fallback)}
        />
      ))}
    </div>
  )
}

type FieldProps = {
  field: SettingField
  value: unknown
  fault: string | undefined
  onChange: (value: unknown) => void
}

function Field({ field, value, fault, onChange }: FieldProps) {
  const { name: label, hint } = field
  if (field.kind === 'switch') {
    return (
      <CheckField
        label={label}
        hint={hint}
        checked={Boolean(value ?? field.fallback)}
        onChange={(event) => onChange(event.target.checked)}
      />
    )
  }
  if (field.kind === 'choice') {
    return (
      <SelectField
        label={label}
        hint={hint}
        fault={fault}
        required={field.required}
        value={String(value ?? field.fallback ?? '')}
        onChange={(event) => onChange(event.target.value)}
      >
        {field.fallback === undefined && <option value="">{field.required ? 'Choose…' : 'Not set'}</option>}
        {field.options.map((option) => (
          <option key={option} value={option}>
            {optionText(option)}
          </option>
        ))}
      </SelectField>
    )
  }
  if (field.kind === 'number')
    return <NumberSetting field={field} value={value} fault={fault} onChange={onChange} />
  if (field.kind === 'colour')
    return <ColourSetting field={field} value={value} fault={fault} onChange={onChange} />
  return (
    <TextField
      label={label}
      hint={hint}
      fault={fault}
      required={field.required}
      maxLength={field.most}
      value={String(value ?? '')}
      placeholder={field.fallback === undefined ? 'Not set' : String(field.fallback)}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}

function NumberSetting({ field, value, fault, onChange }: FieldProps & { field: { kind: 'number' } }) {
  return (
    <TextField
      label={field.name}
      hint={field.hint}
      fault={fault}
      type="number"
      inputMode="decimal"
      required={field.required}
      min={field.min}
      max={field.max}
      step={field.whole ? 1 : 'any'}
      value={typeof value === 'number' ? value : ''}
      placeholder={field.fallback === undefined ? 'Not set' : String(field.fallback)}
      onChange={(event) =>
        onChange(Number.isNaN(event.target.valueAsNumber) ? undefined : event.target.valueAsNumber)
      }
    />
  )
}

function ColourSetting({ field, value, fault, onChange }: FieldProps) {
  const shown = String(value ?? field.fallback ?? '#ffffff')
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-end gap-2">
      <TextField
        label={field.name}
        fault={fault}
        pattern="#[0-9a-fA-F]{6}"
        value={shown}
        onChange={(event) => onChange(event.target.value)}
      />
      <input
        type="color"
        aria-label={`Pick: ${field.name}`}
        value={/^#[0-9a-fA-F]{6}$/.test(shown) ? shown : '#ffffff'}
        onChange={(event) => onChange(event.target.value)}
        className="colour-swatch size-9 pointer-coarse:size-11"
      />
      {field.hint && <p className="col-span-2 text-fine text-ink-3">{field.hint}</p>}
    </div>
  )
}

const abbreviations = new Set(['jpeg', 'png', 'webp', 'avif'])

function optionText(option: string): string {
  if (option === 'webp') return 'WebP'
  return abbreviations.has(option) ? option.toUpperCase() : wordsOf(option)
}
