import Type from 'typebox'
import { PortolanError } from '../../domain/errors.ts'
import type { Store } from '../../store/store.ts'
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
  { readiness, clock, store }: { readonly readiness: Readiness; readonly clock: ClockState; readonly store: Store }
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
    summary: 'The service is migrated and loaded, and its store answers',
    tags: ['service'],
    description: 'For a load balancer: send nothing here before it answers 200.',
    querystring: NoQuerySchema,
    response: {
      200: answerSchema('The service is ready', ReadySchema),
      ...uncountedProblems('unknown_parameter', 'not_ready')
    }
  }
  app.get('/health/ready', { config: probed, schema: ready }, async (_request, reply) => {
    if (!readiness.isReady) throw new PortolanError('not_ready', 'The service is starting or stopping.')
    await store.seq()
    return reply
      .header('cache-control', 'no-store')
      .send({ status: 'ready', ...(clock.suspicion && { clock: clockStateJson(clock) }) })
  })
}
