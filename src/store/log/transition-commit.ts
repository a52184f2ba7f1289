import type { Engine, Statement } from '../engine/engine.ts'
import type { CommitOutcome, TransitionCommit } from '../store.ts'
import { type CataloguePlace, commitOnPlace, moveOn, placeOf } from './catalogue-place.ts'
import { appendEvent, newVersion } from './log.ts'

export async function commitTransitions(
  engine: Engine,
  { catalogue: slug, number, knownSeq, events }: TransitionCommit
): Promise<CommitOutcome> {
  const place = await placeOf(engine, slug)
  if (place?.head !== number || place.seq !== knownSeq) return { kind: 'conflict' }
  return commitOnPlace(engine, { slug, place, events, statements: statements(engine, place, events) })
}

function* statements(engine: Engine, place: CataloguePlace, events: TransitionCommit['events']): Generator<Statement> {
  yield newVersion(engine)
  for (const event of events) yield* appendEvent(engine, place, event)
  yield moveOn(engine, place)
}
