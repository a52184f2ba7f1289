import type { Engine, Statement } from '../engine/engine.ts'
import type { TransitionCommit } from '../store.ts'
import { type CataloguePlace, isOvertaken, moveOn, placeOf } from './catalogue-place.ts'
import { appendEvent, newVersion } from './log.ts'

export async function commitTransitions(
  engine: Engine,
  { catalogue, number, knownSeq, events }: TransitionCommit
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

function* statements(engine: Engine, place: CataloguePlace, events: TransitionCommit['events']): Generator<Statement> {
  yield newVersion(engine)
  for (const event of events) yield* appendEvent(engine, place.id, event)
  yield moveOn(engine, place)
}
