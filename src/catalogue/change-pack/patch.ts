import type { CataloguePack } from '../../domain/change-pack/catalogue-pack.ts'
import { type PackState, packStates } from '../../domain/change-pack/pack-state.ts'
import { PortolanError } from '../../domain/errors.ts'
import { readExportRequest } from '../../domain/export/export-request.ts'
import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import { readFeedsAsOf } from '../../domain/read/feeds-as-of.ts'
import { packPatch } from '../../render/change-pack/pack-patch.ts'
import type { Catalogues } from '../catalogues.ts'
import { type Export, exportAt, exportPoint, requireFormat } from '../export/export.ts'
import type { PackRequest } from './change-pack.ts'

/** Which export a patch is of, and the file that it is applied to. */
export interface WrittenPatch {
  readonly export?: string
  readonly slice?: string
  readonly part?: string
  readonly mode?: string
  /** Default: the name of the catalogue and the ending of the format. */
  readonly path?: string
}

/**
 * A unified diff between the exports before and after a change pack, with the filters and the lead of the pack.
 * @throws PortolanError `missing_parameter`, `invalid_parameter`, `not_found`, and those of exports
 */
export async function patchOf(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now'>,
  pack: CataloguePack,
  { filter, lead = 0 }: Pick<PackRequest, 'filter' | 'lead'>,
  { export: name, path, ...written }: WrittenPatch
): Promise<string> {
  if (name === undefined)
    throw new PortolanError('missing_parameter', 'format=patch needs export=, the name of a format, such as nftables.')
  const format = requireFormat(name)
  const wanted = { format, filter, window: { lead, lag: 0 }, request: readExportRequest(withoutUndefined(written)) }
  const { before, after } = packStates(pack)
  const { id } = pack.subject
  const file = requirePath(path ?? `${id}.${format.extension}`)
  return packPatch(file, await textAt(catalogues, id, before, wanted), await textAt(catalogues, id, after, wanted))
}

async function textAt(
  catalogues: Parameters<typeof patchOf>[0],
  catalogue: string,
  { side: { number }, instant }: PackState,
  wanted: Export
): Promise<string> {
  const asOf = { kind: 'number', number } as const
  const feedsAsOf = readFeedsAsOf({}, asOf, 'feeds')
  const point = await exportPoint(catalogues, catalogue, { asOf, effectiveAt: instant }, wanted, feedsAsOf)
  const { body } = await exportAt(catalogues, point, wanted)
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
    if (!text.includes('\0')) return text
  } catch {
    // It is no text.
  }
  throw new PortolanError(
    'invalid_parameter',
    `${wanted.format.name} is no single text, of which there could be a patch: name another format, or one of its files by part=.`
  )
}

function requirePath(path: string): string {
  if (/^[\w.-]+(?:\/[\w.-]+)*$/.test(path) && !path.split('/').some((name) => /^\.+$/.test(name))) return path
  throw new PortolanError(
    'invalid_parameter',
    `path=${path} must be a path of letters, digits, dots, hyphens and underscores, from where the patch is applied.`
  )
}
