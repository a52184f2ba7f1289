import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { Document, Requirement } from '../../src/domain/document/document.ts'
import type { Endpoint } from '../../src/domain/document/endpoint.ts'
import { parseDocument } from '../../src/domain/document/parse-document.ts'
import { documentDigest } from '../../src/domain/history/digest.ts'
import { canonicalJson } from '../../src/domain/json/canonical-json.ts'
import { parseYaml } from '../../src/domain/json/yaml.ts'
import { type Facts, facts, type Row } from './support/clearswift-facts.ts'

const id = 'clearswift-exchange-gateway-4.8'
const folder = new URL(`../../catalogues/${id}/`, import.meta.url)

interface Published {
  readonly document: Document
  readonly publishedAt: string | undefined
}

function read(name: string): Published {
  const yaml = parseYaml(readFileSync(new URL(name, folder)))
  if ('fault' in yaml) throw new Error(`${name}: ${JSON.stringify(yaml.fault)}`)
  const parsed = parseDocument(yaml.value, { id })
  if ('faults' in parsed) throw new Error(`${name}: ${JSON.stringify(parsed.faults)}`)
  const { document, publishedAt } = parsed
  return { document, publishedAt: publishedAt === undefined ? undefined : plainInstant(publishedAt) }
}

const plainInstant = (instant: number) => new Date(instant).toISOString().replace('.000Z', 'Z')

const before = read('1-pre-2.3.yaml')
const issue = read('2-2.3.yaml')

// Both transcriptions are written out as lines, one for each figure. Left out is only what is told in our own words: titles,
// summary, reason, conditions, remarks, the text of the guidance, and tags. Any other field that a document has makes a line.

const line = (...parts: readonly unknown[]) =>
  parts.map((part) => (typeof part === 'string' ? part : canonicalJson(part))).join(' ')

const fields = (prefix: string, value: object) =>
  Object.entries(value).map(([name, field]) => line(prefix, name, field))

function linesOfPublished({ document, publishedAt }: Published): string[] {
  const { edition, guidance = [], requirements, title: _, ...profile } = document
  const { summary: _summary, reason: _reason, ...printed } = edition
  return [
    ...fields('profile', profile),
    ...fields('edition', { ...printed, publishedAt }),
    ...guidance.map(({ text: _text, ...rest }, index) => line('guidance', index, rest)),
    ...requirements.flatMap(linesOfRequirement)
  ]
}

function linesOfRequirement(requirement: Requirement, index: number): string[] {
  const { key, title: _, remarks: _remarks, tags: _tags, condition, inferred = [], ...rest } = requirement
  const { services, endpoints, ...plain } = rest
  return [
    line('requirement', index, key),
    line(key, condition === undefined ? 'unconditional' : 'conditional'),
    ...fields(key, plain),
    ...inferred.map((field) => line(key, 'inferred', field)),
    ...services.map((service) => line(key, 'service', service)),
    ...endpoints.map((endpoint) => line(key, figuresOf(endpoint)))
  ]
}

function figuresOf(endpoint: Endpoint) {
  const { remarks: _, ...figures } = endpoint
  if (figures.kind !== 'role') return figures
  const { title: _title, ...role } = figures
  return role
}

function linesOfFacts(
  { profile, guidance, editions, mirrors, requirements }: Facts,
  which: 'before' | 'issue'
): string[] {
  const mirrorsAsEndpoints =
    which === 'before'
      ? mirrors.old.map((value) => ({ kind: 'address', value }))
      : [
          ...mirrors.new.map((value) => ({ kind: 'address', value, from: mirrors.from })),
          ...mirrors.old.map((value) => ({
            kind: 'address',
            value,
            until: mirrors.until,
            replacedBy: mirrors.new.toSorted()
          }))
        ]
  return [
    ...fields('profile', profile),
    ...fields('edition', editions[which]),
    ...guidance.map((piece, index) => line('guidance', index, piece)),
    ...requirements.flatMap(linesOfRow),
    ...mirrors.rows.flatMap((key) => mirrorsAsEndpoints.map((endpoint) => line(key, endpoint)))
  ]
}

function linesOfRow(row: Row, index: number): string[] {
  const { key, inferred, services, hosts = [], addresses = [], feeds = [], roles = [], ...plain } = row
  const endpoints = [
    ...hosts.map((value) => ({ kind: 'host', value })),
    ...addresses.map(halves).map(([value, host]) => ({ kind: 'address', value, serves: [host] })),
    ...feeds.map(halves).map(([value, url]) => ({ kind: 'feed', value, url })),
    ...roles.map((value) => ({ kind: 'role', value }))
  ]
  return [
    line('requirement', index, key),
    line(key, row.necessity === 'conditional' ? 'conditional' : 'unconditional'),
    ...fields(key, plain),
    ...inferred.map((field) => line(key, 'inferred', field)),
    ...services.map((service) => line(key, 'service', serviceOf(service))),
    ...endpoints.map((endpoint) => line(key, endpoint))
  ]
}

const halves = (text: string) => text.split(' > ')

function serviceOf(text: string) {
  const [transport, ports = '', application] = text.split(' ')
  const ranges = ports.split(',').map((port) => ({ from: Number(port), to: Number(port) }))
  return { transport, ports: ranges, ...(application !== '-' && { application }) }
}

/** What stands in only one of the two lists, a line as often as it stands there too often. */
function compare(published: readonly string[], transcribed: readonly string[]) {
  return { missing: without(transcribed, published), extra: without(published, transcribed) }
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const other of others) counts.set(other, (counts.get(other) ?? 0) + 1)
  return lines.filter((entry) => {
    const left = counts.get(entry) ?? 0
    counts.set(entry, left - 1)
    return left <= 0
  })
}

const nothing = { missing: [], extra: [] }

/** Whether two lists agree; one that cannot even be written out agrees with none. */
function agree(published: () => readonly string[], transcribed: () => readonly string[]): boolean {
  try {
    const { missing, extra } = compare(published(), transcribed())
    return missing.length === 0 && extra.length === 0
  } catch {
    return false
  }
}

/** Every copy of a value in which one thing is wrong: a digit or the first letter of a text, a number or boolean, one member. */
function* mutants(value: unknown): Generator<unknown> {
  if (typeof value === 'string') {
    for (const [at, character] of [...value].entries())
      if (at === 0 || /\d/.test(character))
        yield `${value.slice(0, at)}${character === '7' ? '8' : '7'}${value.slice(at + 1)}`
  } else if (typeof value === 'number') yield value + 1
  else if (typeof value === 'boolean') yield !value
  else if (Array.isArray(value)) {
    for (const index of value.keys()) {
      yield value.toSpliced(index, 1)
      yield value.toSpliced(index, 0, value[index])
      for (const mutant of mutants(value[index])) yield value.with(index, mutant)
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))
      for (const mutant of mutants(member)) yield { ...value, [name]: mutant }
    }
  }
}

t.test('the folder holds these two documents and nothing else', async (t) => {
  t.strictSame(readdirSync(folder).sort(), ['1-pre-2.3.yaml', '2-2.3.yaml'])
})

t.test('both documents are accepted without a fault', async (t) => {
  for (const name of ['1-pre-2.3.yaml', '2-2.3.yaml']) {
    const yaml = parseYaml(readFileSync(new URL(name, folder)))
    t.notOk('fault' in yaml, name)
    t.notOk('faults' in parseDocument('value' in yaml ? yaml.value : undefined, { id }), name)
  }
})

t.test('nothing is missing and nothing is extra', async (t) => {
  t.strictSame(compare(linesOfPublished(before), linesOfFacts(facts, 'before')), nothing, 'before issue 2.3')
  t.strictSame(compare(linesOfPublished(issue), linesOfFacts(facts, 'issue')), nothing, 'issue 2.3')
})

t.test('the transcription has the size of the source', async (t) => {
  const { requirements, mirrors, guidance, profile } = facts
  const sizeOf = (scope: string) => requirements.filter((row) => row.scope === scope).length
  t.equal(sizeOf('external'), 10)
  t.equal(sizeOf('internal'), 10)
  t.equal(mirrors.old.length, 6)
  t.equal(mirrors.new.length, 4)
  t.equal(guidance.length, 5)
  t.equal(profile.aliases.length, 1)
  t.ok(requirements.every(({ inferred }) => inferred.includes('necessity')))
})

t.test('one wrong figure in the transcription is noticed', async (t) => {
  const linesBefore = linesOfPublished(before)
  const linesOfIssue = linesOfPublished(issue)
  let count = 0
  const missed: unknown[] = []
  for (const mutant of mutants(facts)) {
    count += 1
    // The cast is the point: a mutant may lack what the type promises.
    const wrong = mutant as Facts
    const unnoticed =
      agree(
        () => linesBefore,
        () => linesOfFacts(wrong, 'before')
      ) &&
      agree(
        () => linesOfIssue,
        () => linesOfFacts(wrong, 'issue')
      )
    if (unnoticed) missed.push(mutant)
  }
  t.ok(count > 1000, `${count} wrong transcriptions`)
  t.strictSame(missed, [])
})

t.test('one wrong figure in a document is noticed', async (t) => {
  for (const which of ['before', 'issue'] as const) {
    const published = which === 'before' ? before : issue
    const transcribed = linesOfFacts(facts, which)
    for (const [index, requirement] of published.document.requirements.entries()) {
      const { title, remarks: _, tags: _tags, condition, ...figures } = requirement
      const missed: unknown[] = []
      for (const mutant of mutants({ ...figures, endpoints: figures.endpoints.map(figuresOf) })) {
        const wrong = { title, condition, ...(mutant as object) } as Requirement
        const requirements = published.document.requirements.with(index, wrong)
        const unnoticed = agree(
          () => linesOfPublished({ ...published, document: { ...published.document, requirements } }),
          () => transcribed
        )
        if (unnoticed) missed.push(mutant)
      }
      t.strictSame(missed, [], `${which}: ${requirement.key}`)
    }
  }
})

t.test('the two differ in the mirrors alone', async (t) => {
  const rest = ({ document }: Published) => ({
    ...document,
    edition: null,
    requirements: document.requirements.map((requirement) => ({
      ...requirement,
      endpoints: requirement.endpoints.filter(({ kind }) => kind !== 'address' || !isMirrored(requirement.key))
    }))
  })
  const isMirrored = (key: string) => facts.mirrors.rows.includes(key)
  t.strictSame(rest(before), rest(issue))
})

t.test('every inferred entry names a field that is there', async (t) => {
  for (const { document } of [before, issue])
    for (const requirement of document.requirements)
      for (const field of requirement.inferred ?? [])
        t.ok(
          field in requirement || requirement.services.some((service) => field in service),
          `${document.edition.label}: ${requirement.key} has ${field}`
        )
})

t.test('figures that only prose can carry are there', async (t) => {
  for (const { document } of [before, issue]) {
    const { title, edition, guidance = [], requirements } = document
    const guidanceOf = (key: string) => guidance.find((piece) => piece.key === key)?.text ?? ''
    const remarksOf = (key: string, value?: string) => {
      const requirement = requirements.find((row) => row.key === key)
      if (value === undefined) return requirement?.remarks ?? ''
      return requirement?.endpoints.find((endpoint) => 'value' in endpoint && endpoint.value === value)?.remarks ?? ''
    }
    t.match(title, 'Ports and Protocols')
    t.match(edition.summary, /"Ports and Protocols" by Clearswift \(registered number 3367495, Britain\)/)
    t.match(edition.summary, 'October 2018')
    t.match(guidanceOf('dns-resolvers'), '8.8.8.8')
    t.match(guidanceOf('proxy-restrictions'), /\n\(a\).*KSN.*443.*proprietary.*\n\(b\).*bypass.*client certificate/)
    t.match(remarksOf('product-os-updates', 'repo.clearswift.net'), 'Repo.clearswift.net')
    t.match(remarksOf('ntp-server', 'time.clearswift.net'), /default.*NTP Pool/)
    t.match(remarksOf('service-availability-list', 'aws-ip-ranges'), 'no addresses')
    t.match(remarksOf('directory-access'), '3269 (Global Catalogue over TLS)')
    t.match(remarksOf('backup-restore'), '21 or port 990')
  }
  t.match(issue.document.edition.summary, '22 November 2018')
})

t.test('the digests are those of the documents when they were first published here', async (t) => {
  const known = [
    'sha256:74f3f00cacc2bff52d72984169e2f9a412d1a7dd706232a4a0ffe8e09590b40a',
    'sha256:1fc8b948f0cd8a48ece910b6aad36ea39d76072037958520c54a1f2005a01fab'
  ]
  t.strictSame(
    [before, issue].map(({ document }) => documentDigest(document)),
    known
  )
})
