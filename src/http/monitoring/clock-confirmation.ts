import Type from 'typebox'
import { InstantSchema } from '../../domain/text.ts'
import type { ClockSuspicion } from '../../domain/time/clock-jump.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import type { App } from '../request/type-provider.ts'
import { closed, integerSchema, oneOfWords } from '../schema/schema-words.ts'
import { answerSchema, NoQuerySchema, parserCodes, problems } from '../schema/schemas.ts'

/** What is known of the wall clock of this process. */
export interface ClockState {
  /** Undefined while the clock is steady. */
  readonly suspicion: ClockSuspicion | undefined
  /** How long the oldest event that is due is not in the log, in milliseconds. */
  readonly overdueMs: number
  /** How many catalogues have such an event. */
  readonly overdueCatalogues: number
  confirm(): void
}

const most = Number.MAX_SAFE_INTEGER

export const ClockStateSchema = Type.Object(
  {
    state: oneOfWords(['steady', 'suspect']),
    since: Type.Optional({ ...InstantSchema, description: 'When the jump was noticed' } as typeof InstantSchema),
    jumpMs: Type.Optional(integerSchema(-most, most, 'How far the clock jumped, in milliseconds'))
  },
  { ...closed, title: 'ClockState' }
)

export function clockStateJson({ suspicion }: ClockState) {
  if (!suspicion) return { state: 'steady' }
  return { state: 'suspect', since: formatInstant(suspicion.since), jumpMs: Math.round(suspicion.jumpMs) }
}

export function clockRoutes(app: App, clock: ClockState): void {
  const schema = {
    operationId: 'confirmClock',
    summary: 'Confirms that the clock of this process is right, after it jumped',
    description:
      'If the wall clock jumps by more than 60 seconds against the monotonic clock, the process records no transition until the wall clock was steady for `PORTOLAN_CLOCK_HOLD` seconds, or an administrator confirms it. Reads do not depend on it. Of several replicas, only the one that answers is confirmed.',
    tags: ['service'],
    querystring: NoQuerySchema,
    response: {
      200: answerSchema('The clock is trusted', ClockStateSchema),
      ...problems('unknown_parameter', 'cross_site', 'insufficient_scope', ...parserCodes)
    }
  }
  app.post('/v1/clock/confirm', { config: { access: 'admin' }, schema }, async (_request, reply) => {
    clock.confirm()
    return reply.header('cache-control', 'no-store').send(clockStateJson(clock))
  })
}
