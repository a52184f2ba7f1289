/*
 * A script of timed rules as a device with its clock at an instant reads it: rules whose dates do not hold are left away, and of the others
 * the dates. The device counts in UTC and in whole minutes, and a range holds to the end of its last minute.
 */

const months = 'January February March April May June July August September October November December'.split(' ')

interface Range {
  readonly first: number
  readonly last: number
}

const holds = ({ first, last }: Range, instant: number) => first <= instant && instant < last + 60_000

function asaMinute(text: string): number {
  const [, hour, minute, day, month = '', year] = /^(\d\d):(\d\d) (\d{1,2}) ([A-Z][a-z]+) (\d{4})$/.exec(text) ?? []
  if (!months.includes(month)) throw new Error(`no minute: ${text}`)
  return Date.UTC(Number(year), months.indexOf(month), Number(day), Number(hour), Number(minute))
}

export function asaAt(script: string, instant: number): string {
  const ranges = new Map<string, Range>()
  const block =
    /^time-range ([A-Za-z]\S{0,254})\n absolute(?: start (\d\d:\d\d \d{1,2} \S+ \d{4}))?(?: end (\d\d:\d\d \d{1,2} \S+ \d{4}))?\n/gm
  for (const [, name = '', start, end] of script.matchAll(block)) {
    if (ranges.has(name)) throw new Error(`two ranges ${name}`)
    if (start === undefined && end === undefined) throw new Error(`${name} has no bound`)
    ranges.set(name, {
      first: start === undefined ? Number.NEGATIVE_INFINITY : asaMinute(start),
      last: end === undefined ? Number.POSITIVE_INFINITY : asaMinute(end)
    })
  }
  return script
    .replace(block, '')
    .replaceAll(/^(access-list .*) time-range (\S+)\n/gm, (_, line: string, name: string) => {
      const range = ranges.get(name)
      if (!range) throw new Error(`no range ${name}`)
      return holds(range, instant) ? `${line}\n` : ''
    })
}

function slashMinute(date: string, time: string): number {
  const parsed = Date.parse(`${date.replaceAll('/', '-')}T${time}Z`)
  if (Number.isNaN(parsed)) throw new Error(`no minute: ${date} ${time}`)
  return parsed
}

export function fortiosAt(script: string, instant: number): string {
  const [, table = ''] = /^config firewall schedule onetime\n([\s\S]*?)^end\n/m.exec(script) ?? []
  const ranges = new Map<string, Range>()
  const edit = /^ {4}edit "([A-Za-z0-9-]{1,31})"\n {8}set start (\S+) (\S+)\n {8}set end (\S+) (\S+)\n {4}next\n/gm
  for (const [, name = '', startTime = '', startDate = '', endTime = '', endDate = ''] of table.matchAll(edit))
    ranges.set(name, { first: slashMinute(startDate, startTime), last: slashMinute(endDate, endTime) })
  if (table.replaceAll(edit, '') !== '') throw new Error(`no schedules: ${table}`)
  return script
    .replace(/^config firewall schedule onetime\n[\s\S]*?^end\n/m, '')
    .replaceAll(/^ {4}edit \d+\n(?: {8}.*\n)+ {4}next\n/gm, (policy) => {
      const [, name = ''] = /^ {8}set schedule "(ptl-[^"]+)"\n {8}set schedule-timeout enable\n/m.exec(policy) ?? []
      if (name === '') return policy
      const range = ranges.get(name)
      if (!range) throw new Error(`no schedule ${name}`)
      if (!holds(range, instant)) return ''
      return policy.replace(
        /^ {8}set schedule .*\n {8}set schedule-timeout enable\n/m,
        '        set schedule "always"\n'
      )
    })
    .replace(/^config firewall policy\nend\n/m, '')
}

export function panosAt(script: string, instant: number): string {
  const ranges = new Map<string, Range>()
  const made = /^set schedule ([A-Za-z0-9-]{1,31}) schedule-type non-recurring (\S+)@(\S+)-(\S+)@(\S+)\n/gm
  for (const [, name = '', startDate = '', startTime = '', endDate = '', endTime = ''] of script.matchAll(made))
    ranges.set(name, { first: slashMinute(startDate, startTime), last: slashMinute(endDate, endTime) })
  const gone = new Set<string>()
  const dated = /^set rulebase security rules (\S+) schedule (\S+)\n/gm
  for (const [, rule = '', name = ''] of script.matchAll(dated)) {
    const range = ranges.get(name)
    if (!range) throw new Error(`no schedule ${name}`)
    if (!holds(range, instant)) gone.add(rule)
  }
  return script
    .replaceAll(made, '')
    .replaceAll(dated, '')
    .replaceAll(/^set rulebase security rules (\S+) .*\n/gm, (line, rule: string) => (gone.has(rule) ? '' : line))
}
