import { strict as assert } from 'node:assert'
import type { InjectOptions } from 'fastify'
import { stringify } from 'yaml'
import { type EventType, eventTypes, feedEventTypes } from '../src/domain/event/event.ts'
import type { AllExamples, Example, OperationExamples } from '../src/http/openapi/openapi-examples.ts'
import { type WebhookType, webhookOperation, webhookTypes } from '../src/http/openapi/openapi-webhooks.ts'
import { type ExampleApp, exampleApp } from './example-app.ts'
import { catalogue, type ExampleRequest, type Manuscripts, readRequests, writeRequests } from './example-requests.ts'
import { feedRequests } from './feed-requests.ts'
import { graphqlRequests } from './graphql-requests.ts'
import { keyRequests } from './key-requests.ts'
import { siteReadRequests } from './site-read-requests.ts'
import { siteRequests } from './site-requests.ts'
import { siteTransition } from './site-transition.ts'
import { subscriptionRequests } from './subscription-requests.ts'

/** Examples of every operation: real answers of the service about the first catalogue. */
export async function examples(): Promise<AllExamples> {
  const all = new Map<string, Mutable>()
  const seeded = await exampleApp({ isSeeded: true })
  const manuscripts = await manuscriptsOf(seeded)
  await record(seeded, readRequests, all)
  await record(seeded, subscriptionRequests, all)
  recordNotices(seeded, all)
  await record(seeded, graphqlRequests, all)
  for (const until of ['2018-11-15T00:00:00Z', '2018-11-22T00:00:00Z']) await seeded.setTime(until)
  await recordWebhooks(seeded, ['catalogue.transition_upcoming', 'catalogue.transitioned'], all)
  await record(seeded, keyRequests, all)
  await record(seeded, siteRequests, all)
  await recordWebhooks(seeded, ['site.revision_published'], all)
  setWebhook(all, 'site.transitioned', 'An event of leeds', siteTransition)
  await seeded.close()
  const empty = await exampleApp({ isSeeded: false })
  await record(empty, writeRequests(manuscripts), all)
  await recordWebhooks(empty, ['catalogue.created', 'catalogue.revision_published'], all)
  await empty.close()
  const sited = await exampleApp({ isSeeded: true, hasSite: true })
  await record(sited, siteReadRequests, all)
  await sited.close()
  const polling = await exampleApp({ isSeeded: false })
  await record(polling, feedRequests, all)
  await polling.poll('2018-11-01T11:00:00Z')
  await recordWebhooks(polling, feedEventTypes, all)
  await polling.close()
  return Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1)))
}

type ByType = Record<string, Record<string, Example>>
interface Mutable extends OperationExamples {
  readonly body: ByType
  readonly answers: Record<string, ByType>
}

async function record(
  service: ExampleApp,
  requests: readonly ExampleRequest[],
  all: Map<string, Mutable>
): Promise<void> {
  const keys = {
    admin: await service.key('operator', 'admin'),
    publisher: await service.key('release-pipeline', 'catalogue:publish', 'catalogue:override', 'site:publish'),
    reader: await service.key('firewall', 'catalogue:read'),
    subscriber: await service.key('ticket-desk', 'subscriptions:write'),
    stranger: 'Bearer ptl_unknown'
  }
  let subscription = ''
  let key = ''
  for (const request of requests) {
    const { operation, name, summary, method = 'GET', as, body, isYaml = false, lines, upTo } = request
    const url = request.url.replace('{subscription}', subscription).replace('{key}', key)
    const type = isYaml ? 'application/yaml' : 'application/json'
    const headers = {
      ...request.headers,
      ...(request.headers?.['if-match'] === 'etag' && { 'if-match': await newestTag(service) }),
      ...(as && { authorization: keys[as] }),
      ...(body !== undefined && { 'content-type': type })
    }
    const payload = isYaml ? stringify(body) : JSON.stringify(body)
    service.readiness.isReady = request.isUnready !== true
    const asked = { method, url, headers, ...(body !== undefined && { payload }) }
    const answer = upTo === undefined ? await service.app.inject(asked) : await beginning(service, asked, upTo)
    service.readiness.isReady = true
    await service.deliver()
    subscription = /"id":"(sub_\w+)"/.exec(answer.body)?.[1] ?? subscription
    if (answer.statusCode === 201) key = /"id":"([0-9a-f]{12})"/.exec(answer.body)?.[1] ?? key
    assert(answer.statusCode !== 500, `${method} ${url} failed: ${answer.body}`)
    const known = all.get(operation) ?? { body: {}, answers: {} }
    all.set(operation, known)
    const description = `${method} ${url}`
    if (body !== undefined && answer.statusCode < 300)
      add(known.body, type, name, { summary, description, value: isYaml ? payload : body })
    if (answer.body === '') continue
    const byType = known.answers[answer.statusCode] ?? {}
    known.answers[answer.statusCode] = byType
    const mediaType = String(answer.headers['content-type']).split(';')[0] ?? ''
    const text = service.withoutChance(answer.body)
    const kept = lines
      ? text
          .split('\n')
          .filter((line) => lines.test(line))
          .join('\n')
      : text
    const value: unknown = mediaType.endsWith('json') && mediaType !== 'application/x-ndjson' ? JSON.parse(kept) : kept
    add(byType, mediaType, name, { summary, description, value })
  }
}

/** The beginning of an endless answer, up to a text. The client then goes, or the stream would keep this process for 15 seconds. */
async function beginning({ app }: ExampleApp, asked: InjectOptions, upTo: string) {
  const client = new AbortController()
  const { statusCode, headers, stream } = await app.inject({ ...asked, payloadAsStream: true, signal: client.signal })
  let body = ''
  for await (const chunk of stream()) {
    body += String(chunk)
    if (body.includes(upTo)) break
  }
  client.abort()
  return { statusCode, headers, body: body.slice(0, body.indexOf(upTo) + upTo.length) }
}

/** The first event of each type in the log, as it is sent. */
async function recordWebhooks(
  service: ExampleApp,
  types: readonly EventType[],
  all: Map<string, Mutable>
): Promise<void> {
  for (const type of types) {
    const { body } = await service.app.inject(`/v1/events?type=${type}&limit=1`)
    const [value] = JSON.parse(service.withoutChance(body)).items
    setWebhook(all, type, `An event of ${value?.catalogue ?? value?.site}`, value)
  }
}

/** The first notice of each type that was sent to a receiver. */
function recordNotices(service: ExampleApp, all: Map<string, Mutable>): void {
  const sent = service.sent.map((body) => JSON.parse(service.withoutChance(body)))
  for (const type of webhookTypes.filter((type) => !eventTypes.some((logged) => logged === type)))
    setWebhook(
      all,
      type,
      'A notice',
      sent.find((each) => each.type === type)
    )
}

function setWebhook(all: Map<string, Mutable>, type: WebhookType, summary: string, value: unknown): void {
  assert(value, `no ${type} was sent`)
  all.set(webhookOperation(type), { body: { 'application/json': { event: { summary, value } } }, answers: {} })
}

function add(byType: ByType, mediaType: string, name: string, example: Example): void {
  const examples = byType[mediaType] ?? {}
  assert(!(name in examples), `two examples are named ${name}`)
  byType[mediaType] = { ...examples, [name]: example }
}

async function newestTag({ app }: ExampleApp): Promise<string> {
  return String((await app.inject(`${catalogue}/document`)).headers.etag)
}

interface Written {
  readonly requirements: readonly { readonly key: string; readonly endpoints: readonly object[] }[]
}

/** The two editions of the first catalogue, each with the requirements that an example has room for. */
async function manuscriptsOf({ app }: ExampleApp): Promise<Manuscripts> {
  const written = async (revision: number, ...keys: string[]) => {
    const { guidance: _, ...document } = (await app.inject(`${catalogue}/document?asOf=${revision}`)).json()
    const { requirements }: Written = document
    return { ...document, requirements: requirements.filter(({ key }) => keys.includes(key)) }
  }
  const first = await written(1, 'rss-feed')
  const second = await written(2, 'rss-feed', 'service-availability-list')
  const [{ endpoints: __, ...requirement }] = first.requirements
  const endpoints = [
    { kind: 'address', value: '185.181.126.115/24' },
    { kind: 'address', value: '010.0.0.1' }
  ]
  return { first, second, faulty: { ...first, requirements: [{ ...requirement, endpoints }] } }
}
