import t from 'tap'
import { releaseVersion } from '../../../src/domain/history/release.ts'
import type { Revision } from '../../../src/domain/history/revision.ts'

t.test('a version is the revision and the instant, to the millisecond where there is one', (t) => {
  // Only its number is read.
  const revision = { number: 12 } as Revision
  const version = (text: string) => releaseVersion({ revision, at: Date.parse(text) })
  t.equal(version('2018-11-22T00:00:00Z'), '12.20181122000000')
  t.equal(version('2018-11-22T10:20:30.050Z'), '12.20181122102030.50')
  t.equal(version('2018-11-22T10:20:30.5Z'), '12.20181122102030.500')
  t.end()
})
