import type { CountedSlice } from '../../catalogue/export/slices.ts'
import { deviceLimits } from '../../domain/export/device-limit.ts'
import { type Device, devices } from '../../render/device/devices.ts'
import { formats } from '../../render/formats/formats.ts'

/** What the form asks for. */
export interface PickerQuery {
  readonly device?: string
  readonly format?: string
  readonly slice?: string
  readonly aggregate?: string
  readonly limits?: string
}

interface Choice {
  readonly value: string
  readonly text: string
  readonly isChosen: boolean
}

/** The device and the format of a query. A device without a format reads its usual one. */
export function chosenOf(query: PickerQuery): { readonly device?: Device; readonly format?: string } {
  const device = devices.find(({ name }) => name === query.device)
  const format = query.format ?? device?.formats[0]
  return { ...(device && { device }), ...(format !== undefined && { format }) }
}

/** The steps of the form. */
export function exportPicker(query: PickerQuery, slices: readonly CountedSlice[]) {
  const { device, format } = chosenOf(query)
  const choice = (value: string, text: string, chosen: string | undefined): Choice => ({
    value,
    text,
    isChosen: value === chosen
  })
  const limits = deviceLimits.map(({ name, title }) => choice(name, title, query.limits))
  return {
    devices: devices.map(({ name, title }) => choice(name, title, query.device)),
    formats: formatGroups(device).map(({ label, names }) => ({
      label,
      options: formats
        .filter(({ name }) => names.includes(name))
        .sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name))
        .map(({ name, title }) => choice(name, `${name}: ${title}`, format))
    })),
    slices: slices.map(({ name, counts }) => ({ name, counts, isChosen: name === query.slice })),
    isWhole: query.slice === undefined,
    isAll: query.slice === 'all',
    aggregates: [
      choice('none', 'as they are', query.aggregate),
      choice('exact', 'joined, exactly', query.aggregate),
      ...(query.aggregate?.startsWith('budget:') ? [choice(query.aggregate, query.aggregate, query.aggregate)] : [])
    ],
    limits: device ? [...limits].sort((a, b) => rankOf(device, a.value) - rankOf(device, b.value)) : limits
  }
}

/** The limits of the device come first. */
function rankOf({ limits }: Device, name: string): number {
  return limits.some((limit) => limit === name) ? 0 : 1
}

function formatGroups(
  device: Device | undefined
): readonly { readonly label: string; readonly names: readonly string[] }[] {
  const all = formats.map(({ name }) => name)
  if (!device) return [{ label: 'All formats', names: [...all].sort() }]
  return [
    { label: device.title, names: device.formats },
    { label: 'Other formats', names: all.filter((name) => !device.formats.includes(name)).sort() }
  ]
}
