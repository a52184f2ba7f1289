import { readFileSync } from 'node:fs'
import t from 'tap'
import { arbitraryDocument, arbitraryInstant } from '../../domain/document/support/arbitrary-document.ts'
import { documentOf, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { nftablesFaults } from './grammar/packet-filters.ts'
import { fromNft } from './support/kernel.ts'
import { loaded, mutationsOf } from './support/mutation.ts'
import { occasions } from './support/occasions.ts'
import { differences } from './support/packets.ts'
import { permissions } from './support/permission.ts'
import { renderedText } from './support/rendered.ts'
import { folder, inNamespace, missing } from './support/tool.ts'

const skip = missing('unshare', 'ip', 'nft')
const modes = ['sets', 'table'] as const

/** Loads one file after the other and answers what the kernel then has of each. */
async function listings(t: Parameters<typeof folder>[0], texts: readonly string[]) {
  const home = folder(t, Object.fromEntries(texts.map((text, index) => [`${index}.nft`, text])))
  const outcome = await inNamespace(
    `for index in $(seq 0 ${texts.length - 1}); do
       nft -f $index.nft
       nft -jn list ruleset >$index.json
     done`,
    { cwd: home }
  )
  t.comment(outcome.stderr)
  return texts.map((_, index) => readFileSync(`${home}/${index}.json`, 'utf8'))
}

t.test('the kernel has what the view says, whatever was loaded before', { skip }, async (t) => {
  for (const mode of modes) {
    const texts = occasions.map(({ document, at }) => renderedText('nftables', { document, at, mode }))
    for (const text of texts) t.strictSame(nftablesFaults(text), [])
    const found = await listings(t, texts)
    for (const [index, { name, document, at }] of occasions.entries()) {
      const own = fromNft(onlySets(found[index] ?? '', document.id))
      t.strictSame(differences(permissions(document, at), own), [], `${name}, ${mode}`)
    }
  }
})

/** Without the sets of other catalogues, which stay. */
function onlySets(json: string, id: string): string {
  const { nftables }: { nftables: readonly { set?: { name: string } }[] } = JSON.parse(json)
  return JSON.stringify({ nftables: nftables.filter(({ set }) => set?.name.endsWith(`_${id}`)) })
}

t.test('of any document the kernel has what the view says', { skip }, async (t) => {
  const batch = fc.array(fc.record({ document: arbitraryDocument, at: arbitraryInstant }), {
    minLength: 12,
    maxLength: 12
  })
  await fc.assert(
    fc.asyncProperty(batch, fc.constantFrom('none', 'exact'), async (cases, aggregate) => {
      const views = cases.map(({ document, at }) => ({ document, at: new Date(at).toISOString() }))
      const texts = views.map((view) => renderedText('nftables', { ...view, aggregate }))
      const found = await listings(t, texts)
      for (const [index, { document, at }] of views.entries()) {
        const faults = nftablesFaults(texts[index] ?? '')
        const wrong = differences(permissions(document, at), fromNft(onlySets(found[index] ?? '', document.id)))
        if (faults.length > 0 || wrong.length > 0) throw new Error(JSON.stringify({ faults, wrong: wrong.slice(0, 5) }))
      }
    }),
    { numRuns: runs(2), endOnFailure: true }
  )
  t.pass()
})

t.test('nft or the grammar refuses what could not be meant', { skip }, async (t) => {
  const mutants = mutationsOf(renderedText('nftables'), {
    address: ['192.0.2.25 .', '192.0.2.256 .'],
    prefix: ['198.51.100.0/24', '198.51.100.0/33'],
    port: ['. tcp . 25 ', '. tcp . 65536 '],
    'port-range': ['. 8000-8100', '. 8100-8000'],
    protocol: ['. sctp .', '. stcp .'],
    quote: ['comment "mail"', 'comment "ma"il"'],
    newline: ['comment "mail"', 'comment "mail\nadd table ip other"'],
    'long-comment': ['comment "mail"', `comment "${'a'.repeat(129)}"`],
    duplicate: ['192.0.2.25 . tcp . 25', '192.0.2.29 . sctp . 2905'],
    overlap: ['198.51.100.0/24 . tcp . 443', '198.51.100.0/25 . tcp . 1-80'],
    host: ['192.0.2.25 . tcp . 25', 'localhost . tcp . 25'],
    family: ['192.0.2.25 . tcp . 25', '2001:db8::25 . tcp . 25'],
    'no-elements': [/(add element inet portolan in4_\S+ \{\n)[^}]*/, '$1'],
    'unknown-set': ['flush set inet portolan in4_', 'flush set inet portolan in5_']
  })
  const accepted = await loaded(t, mutants, 'nft -f "$file"')
  t.comment(`nft itself lets through: ${accepted.join(', ')}`)
  const refused = Object.entries(mutants).filter(
    ([name, text]) => !accepted.includes(name) || nftablesFaults(text).length > 0
  )
  t.strictSame(
    refused.map(([name]) => name),
    Object.keys(mutants)
  )
})

t.test('a name is as long as a catalogue id can be, and may begin with a digit', { skip }, async (t) => {
  const documents = [`9${'a'.repeat(99)}`, '3com', '3com-any'].map((id) =>
    documentOf([requirement('web', [{ kind: 'address', value: '9.0.0.1' }])], { id })
  )
  const texts = documents.map((document) => renderedText('nftables', { document }))
  const found = await listings(t, texts)
  const [last = ''] = found.slice(-1)
  for (const { id } of documents) t.equal(fromNft(onlySets(last, id)).length, 1, 'each keeps its own sets')
})
