/** How much a device takes from one list. The figures and their sources are in docs/exports.md. */
export interface DeviceLimit {
  readonly name: string
  readonly title: string
  /** The most lines with an address, and the most lines with a name. */
  readonly addresses: number
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
  { name: 'azure-ip-group', title: 'Azure IP group', addresses: 5_000, names: 0 }
] as const satisfies readonly DeviceLimit[]
export type DeviceName = (typeof deviceLimits)[number]['name']
export const deviceNames = deviceLimits.map(({ name }) => name)

export interface Size {
  readonly addresses: number
  readonly names: number
  readonly bytes: number
}

/** Why an export is too large for a device, in words; undefined where it fits. */
export function limitFault(name: DeviceName, size: Size): string | undefined {
  const limit: DeviceLimit | undefined = deviceLimits.find((known) => known.name === name)
  if (!limit) return undefined
  for (const field of ['addresses', 'names', 'bytes'] as const) {
    const most = limit[field]
    if (most !== undefined && size[field] > most)
      return `${limit.title} takes at most ${most} ${field}; this export has ${size[field]}`
  }
  return undefined
}
