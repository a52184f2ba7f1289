import type { Engine, Statement } from './engine.ts'
import { append, newVersion } from './log.ts'
import { isOvertaken, moveOn, type Place, placeOf } from './place.ts'
import type { Telling } from './store.ts'

export async function tell(
  engine: Engine,
  { catalogue, number, knownSeq, events }: Telling
): Promise<'committed' | 'conflict'> {
  const place = await placeOf(engine, catalogue)
  if (place?.head !== number || place.seq !== knownSeq) return 'conflict'
  try {
    await engine.commit(statements(engine, place, events))
    return 'committed'
  } catch (error) {
    if (await isOvertaken(engine, error, { slug: catalogue, place, events })) return 'conflict'
    throw error
  }
}

function* statements(engine: Engine, place: Place, events: Telling['events']): Generator<Statement> {
  yield newVersion(engine)
  for (const event of events) yield* append(engine, place.id, event)
  yield moveOn(engine, place)
}
