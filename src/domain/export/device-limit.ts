import type { AddressUnit, ExportSize } from './export-size.ts'

/** How much a device takes from one list. The figures and their sources are in docs/exports.md. */
export interface DeviceLimit {
  readonly name: string
  readonly title: string
  /** The most lines with an address, and the most lines with a name. */
  readonly addresses: number
  /** What has at most so many addresses; absent: the export. */
  readonly of?: AddressUnit
  readonly names: number
  readonly bytes?: number
}

export const deviceLimits = [
  { name: 'panos', title: 'PAN-OS, smallest platforms (PA-220, PA-410, VM-50)', addresses: 50_000, names: 50_000 },
  { name: 'panos-large', title: 'PAN-OS, PA-5200, PA-5400 and PA-7000', addresses: 150_000, names: 250_000 },
  { name: 'fortinet', title: 'FortiOS before 7.4.4, per feed', addresses: 131_072, names: 131_072, bytes: 10_485_760 },
  {
    name: 'fortinet-7.4.4',
    title: 'FortiOS from 7.4.4, entry models',
    addresses: 300_000,
    names: 1_000_000,
    bytes: 33_554_432
  },
  {
    name: 'cisco-csdac',
    title: 'Cisco Secure Dynamic Attributes Connector, per file',
    addresses: 10_000,
    names: 10_000
  },
  {
    name: 'cisco-si',
    title: 'Cisco Security Intelligence feed',
    addresses: 10_000_000,
    names: 10_000_000,
    bytes: 524_288_000
  },
  { name: 'pfsense-alias', title: 'pfSense URL alias (URL tables have no limit)', addresses: 3_000, names: 3_000 },
  { name: 'azure-ip-group', title: 'Azure IP group', addresses: 5_000, names: 0 },
  { name: 'aws-prefix-list', title: 'AWS managed prefix list', addresses: 1_000, of: 'list', names: 0 },
  { name: 'aws-security-group', title: 'AWS security group, default quota', addresses: 60, of: 'group', names: 0 }
] as const satisfies readonly DeviceLimit[]
export type DeviceName = (typeof deviceLimits)[number]['name']
export const deviceNames = deviceLimits.map(({ name }) => name)

/** What the addresses of each unit are called. */
export const unitWords: Readonly<Record<AddressUnit, string>> = {
  export: 'addresses',
  list: 'addresses in one family of a slice',
  group: 'rules in one direction and family'
}

/** Why an export is too large for a device, in words; undefined where it fits. */
export function limitFault(name: DeviceName, { addresses, names, bytes }: ExportSize): string | undefined {
  const limit: DeviceLimit | undefined = deviceLimits.find((known) => known.name === name)
  if (!limit) return undefined
  const unit = limit.of ?? 'export'
  const compared = [
    { word: unitWords[unit], has: addresses[unit], most: limit.addresses },
    { word: 'names', has: names, most: limit.names },
    { word: 'bytes', has: bytes, most: limit.bytes ?? Number.POSITIVE_INFINITY }
  ]
  const passed = compared.find(({ has, most }) => has > most)
  return passed && `${limit.title} takes at most ${passed.most} ${passed.word}; this export has ${passed.has}`
}
