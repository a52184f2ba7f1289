import Type from 'typebox'
import type { Freshness } from '../../catalogue/freshness.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { Readiness } from '../request/gate.ts'
import type { App } from '../request/type-provider.ts'
import { closed, oneOfWords } from '../schema/schema-words.ts'
import { answerSchema, NoQuerySchema, uncountedProblems } from '../schema/schemas.ts'
import { type ClockState, ClockStateSchema, clockStateJson } from './clock-confirmation.ts'

const HealthSchema = Type.Object({ status: oneOfWords(['live']) }, { ...closed, title: 'Health' })
const ReadySchema = Type.Object(
  { status: oneOfWords(['ready']), clock: Type.Optional(ClockStateSchema) },
  {
    ...closed,
    title: 'Ready',
    description: '`clock` is present only while the clock is suspect. Reads do not depend on it.'
  }
)

/** For probes: before the service is ready, without a key, and under any name. */
const probed = { access: 'open', answersAnyHost: true, pays: 'nothing' } as const

export function healthRoutes(
  app: App,
  {
    readiness,
    clock,
    freshness
  }: { readonly readiness: Readiness; readonly clock: ClockState; readonly freshness: Freshness }
): void {
  const live = {
    operationId: 'getLiveness',
    summary: 'The process runs',
    tags: ['service'],
    description: 'For a supervisor that restarts a process that hangs. It says nothing about the store.',
    querystring: NoQuerySchema,
    response: { 200: answerSchema('The process runs', HealthSchema), ...uncountedProblems('unknown_parameter') }
  }
  app.get('/health/live', { config: probed, schema: live }, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'live' })
  )

  const ready = {
    operationId: 'getReadiness',
    summary: 'The service is loaded, knows what its store has, and has the right time',
    tags: ['service'],
    description:
      'For a load balancer: send nothing here unless it answers 200. It does so only while all of this holds, and the problem names in `parts` what does not: the service runs and does not stop (`service`), what it knows was confirmed against its store within 5 seconds (`heads`), its clock is within 5 seconds of that of its store (`clock`), and, where the process only sends webhooks, the thread that does so runs (`sender`). It answers from memory, at once.',
    querystring: NoQuerySchema,
    response: {
      200: answerSchema('The service is ready', ReadySchema),
      ...uncountedProblems('unknown_parameter', 'not_ready')
    }
  }
  app.get('/health/ready', { config: probed, schema: ready }, async (_request, reply) => {
    requireReady(readiness, freshness)
    return reply
      .header('cache-control', 'no-store')
      .send({ status: 'ready', ...(clock.suspicion && { clock: clockStateJson(clock) }) })
  })
}

/** @throws PortolanError `not_ready`, with the parts that are not */
function requireReady({ isReady, isDraining = false, isSenderDown }: Readiness, freshness: Freshness): void {
  const faults = [
    ...(isReady && !isDraining ? [] : [{ part: 'service', detail: 'The service is starting or stopping.' }]),
    ...(freshness.isFresh ? [] : [{ part: 'heads', detail: ageText(freshness.ageMs) }]),
    ...(freshness.isClockTrusted ? [] : [{ part: 'clock', detail: clockText(freshness.clockAheadMs) }]),
    ...(isSenderDown?.() ? [{ part: 'sender', detail: 'The thread that sends webhooks is started again.' }] : [])
  ]
  if (faults.length === 0) return
  throw new PortolanError('not_ready', faults.map(({ detail }) => detail).join(' '), {
    extra: { parts: faults.map(({ part }) => part) }
  })
}

function ageText(ageMs: number): string {
  if (!Number.isFinite(ageMs)) return 'The store has not been read yet.'
  return `The store last answered ${Math.round(ageMs / 1000)} seconds ago: what is answered here may be old.`
}

function clockText(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1000)
  return `The clock of this process is ${seconds} seconds ${aheadMs > 0 ? 'ahead of' : 'behind'} that of the store.`
}
