import { readFileSync } from 'node:fs'
import { deviceLimits, unitWords } from '../src/domain/export/device-limit.ts'
import { exportTargetKinds } from '../src/domain/export/export-entry.ts'
import type { Format } from '../src/render/export/format.ts'
import { formats } from '../src/render/formats/formats.ts'
import { replaceMarked } from './marked.ts'

/** The guide to exports with up-to-date tables of formats and of limits of devices. */
export function exportsGuide(): string {
  const text = readFileSync(new URL('../docs/exports.md', import.meta.url), 'utf8')
  return replaceMarked(replaceMarked(text, 'formats', formatTable()), 'limits', limitTable())
}

function formatTable(): string {
  const rows = formats.map(
    (format) =>
      `| \`${format.name}\` | ${format.title} | ${format.kind} | ${expressesOf(format)} | ${format.kind === 'table' ? '' : format.aggregate} | ${variants(format)} |\n`
  )
  return `| name | what | kind | expresses | aggregate | modes, parts |\n|---|---|---|---|---|---|\n${rows.join('')}`
}

/** The kinds of endpoint that a format expresses (in brackets if only wider), then what else it expresses. */
function expressesOf(format: Format): string {
  if (format.kind === 'table') return 'everything'
  const { targets, hasPorts, hasSourcePorts, hasIcmpTypes, directions } = format.expression
  const said = exportTargetKinds.flatMap((kind) =>
    targets[kind] === undefined ? [] : [targets[kind] === 'exact' ? kind : `(${kind})`]
  )
  const more = [
    ...(hasPorts ? ['slice by slice'] : []),
    ...(hasSourcePorts ? ['source ports'] : []),
    ...(hasPorts && hasIcmpTypes ? ['ICMP types'] : []),
    ...(directions.length === 1 ? [`${directions[0]} only`] : [])
  ]
  return [said.join(', '), ...more].join('; ')
}

function variants({ modes = [], parts = [] }: Format): string {
  return [...modes.map((mode) => `\`mode=${mode}\``), ...parts.map((part) => `\`part=${part}\``)].join(', ')
}

function limitTable(): string {
  const rows = deviceLimits.map(
    (limit) =>
      `| \`${limit.name}\` | ${limit.title} | ${limit.addresses.toLocaleString('en')}${'of' in limit ? ` ${unitWords[limit.of]}` : ''} | ${limit.names.toLocaleString('en')} | ${'bytes' in limit ? limit.bytes.toLocaleString('en') : ''} |\n`
  )
  return `| name | device | addresses | names | bytes |\n|---|---|---|---|---|\n${rows.join('')}`
}
