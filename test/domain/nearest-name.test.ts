import t from 'tap'
import { nearestName, suggestion } from '../../src/domain/nearest-name.ts'
import { fc } from '../support/scale.ts'

t.test('a name is found where a third of its characters or less is wrong', async (t) => {
  const names = ['server', 'agent', 'console']
  for (const written of ['sever', 'serevr', 'sserver', 'server'])
    t.equal(nearestName(written, names), 'server', written)
  for (const written of ['', 'x', 'tnega', 'cons']) t.equal(nearestName(written, names), undefined, written)
  t.equal(suggestion('agnet', names), ': did you mean "agent"?')
  t.equal(suggestion('x', names), '; there are server, agent, console')
  t.equal(suggestion('x', []), ', and there are none')
})

t.test('a name with one more, one fewer or one other character is found again', async () => {
  const name = fc.stringMatching(/^[a-z]{4,20}$/)
  fc.assert(
    fc.property(name, fc.nat(), fc.constantFrom('insert', 'delete', 'replace'), (text, at, what) => {
      const place = at % text.length
      const end = text.slice(what === 'insert' ? place : place + 1)
      const written = `${text.slice(0, place)}${what === 'delete' ? '' : 'x'}${end}`
      return nearestName(written, [text]) === text
    })
  )
})
