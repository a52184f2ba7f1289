import Type, { type Static } from 'typebox'
import type { Export } from '../../catalogue/export/export.ts'
import { requireFormat } from '../../catalogue/export/export.ts'
import { deviceNames } from '../../domain/export/device-limit.ts'
import { readExportRequest, readWindow } from '../../domain/export/export-request.ts'
import { type WildcardChoice, wildcardChoices } from '../../domain/export/wildcards.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { closed, oneOfWords } from '../schema/schema-words.ts'
import { clockFields, filterFields, statusField } from './query.ts'
import { resolveFields } from './resolve-query.ts'

const optionalText = (description: string, maxLength: number, examples: readonly string[]) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, description, examples: [...examples] }))

export const ExportQuerySchema = Type.Object(
  {
    ...clockFields,
    ...resolveFields('feeds'),
    ...filterFields,
    status: statusField('active and retiring, which is what holds now'),
    slice: optionalText(
      'The slice that a list is for, from `/slices`; `all` joins all slices, and the report says so',
      100,
      ['out-tcp-80', 'all']
    ),
    part: optionalText('One file of an export that has several; without it they are one tar archive', 200, ['v4']),
    mode: optionalText('A variant of the format, see `/v1/formats`', 50, ['sets']),
    aggregate: optionalText(
      '`exact`: the fewest CIDRs that cover exactly the same addresses; `none`: as they are; `budget:N`: at most N in each slice, which opens as few other addresses as possible, IPv6 counted in /64 networks',
      20,
      ['exact', 'none', 'budget:100']
    ),
    maxExtra: optionalText(
      'The most IPv4 addresses, and the most /64 networks of IPv6, that `aggregate=budget:N` may open beyond the catalogue',
      40,
      ['256']
    ),
    empty: Type.Optional(
      Type.Unsafe<'placeholder' | 'none'>({
        ...oneOfWords(['placeholder', 'none']),
        description:
          'What a list without entries contains: an inert entry (`192.0.2.1`, `placeholder.invalid`), or nothing. With the default of each format, its readers drop retired entries',
        examples: ['placeholder']
      })
    ),
    lead: optionalText('Also includes what becomes active within this time; days and hours only', 20, ['P7D']),
    lag: optionalText('Also includes what retired within this time; days and hours only', 20, ['P1D', 'PT12H']),
    limits: Type.Optional(
      Type.Unsafe<string>({
        ...oneOfWords(deviceNames),
        description: 'Refuses an export that exceeds the limits of this device',
        examples: ['panos']
      })
    ),
    wildcards: Type.Optional(
      Type.Unsafe<WildcardChoice>({
        ...oneOfWords(wildcardChoices),
        description:
          'For lists of names whose reader takes no wildcards: `omit` leaves them out, `apex` writes `example.com` for `*.example.com`. The report counts either',
        examples: ['omit']
      })
    ),
    timed: Type.Optional(
      Type.Boolean({
        description:
          'Each lifetime becomes a time match of the device, so that rules begin and end by themselves: the bytes are the same until the next revision, whatever `effectiveAt` says',
        examples: [true]
      })
    ),
    headroom: optionalText(
      'How many entries more than it has a list of `aws-prefix-list` gets room for, from 0 to 1000',
      4,
      ['50']
    )
  },
  closed
)
export type ExportQuery = Static<typeof ExportQuerySchema>

/** @throws PortolanError `not_found`, `invalid_parameter` */
export function exportOf(format: string, query: ExportQuery): Export {
  return {
    format: requireFormat(format),
    filter: filterOf(query),
    window: readWindow(query),
    request: readExportRequest(query)
  }
}
