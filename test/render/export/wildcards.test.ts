import t from 'tap'
import { formats } from '../../../src/render/formats/formats.ts'
import { documentOf, host, requirement } from '../../domain/document/support/sample.ts'
import { rendered, renderedText } from '../formats/support/rendered.ts'

const document = documentOf([
  requirement('a', [host('*.example.com'), host('example.com'), host('*.example.net'), host('www.example.org')])
])
const lines = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
const figures = (format: string, wildcards?: 'omit' | 'apex') => {
  const { entries, omitted, widened, omissions, widenings } = rendered(format, {
    document,
    ...(wildcards && { wildcards })
  }).report
  return {
    entries,
    omitted,
    widened,
    reasons: [...omissions, ...widenings].map(({ value, reason }) => `${value} ${reason}`)
  }
}

t.test(
  'wildcards are as the catalogue has them, left out, or the name itself, and what changes is counted',
  async (t) => {
    const textOf = (wildcards?: 'omit' | 'apex') =>
      lines(renderedText('plain-host', { document, ...(wildcards && { wildcards }) }))
    t.strictSame(textOf(), ['example.com', 'www.example.org', '*.example.com', '*.example.net'])
    t.strictSame(textOf('omit'), ['example.com', 'www.example.org'])
    t.strictSame(textOf('apex'), ['example.com', 'example.net', 'www.example.org'])
    t.strictSame(figures('plain-host'), { entries: 4, omitted: 0, widened: 0, reasons: [] })
    t.strictSame(figures('plain-host', 'omit'), {
      entries: 2,
      omitted: 2,
      widened: 0,
      reasons: ['*.example.com wildcard', '*.example.net wildcard']
    })
    t.strictSame(figures('plain-host', 'apex'), {
      entries: 3,
      omitted: 0,
      widened: 2,
      reasons: ['*.example.com subdomains_as_apex', '*.example.net subdomains_as_apex']
    })
  }
)

t.test('every list of names takes the choice and has no wildcard then, and no other format takes it', async (t) => {
  for (const format of formats) {
    if (format.kind === 'list' && format.expression.targets.wildcard !== undefined) {
      const text = (wildcards: 'omit' | 'apex') =>
        Buffer.from(rendered(format.name, { document, wildcards }).body).toString()
      t.notMatch(text('omit'), /[*.]example\.(?:com|net)/, format.name)
      t.match(text('omit'), 'www.example.org', format.name)
      t.match(text('apex'), 'example.net', format.name)
      t.equal(figures(format.name, 'omit').omitted, 2, format.name)
      t.equal(
        figures(format.name, 'apex').reasons.filter((each) => each.endsWith('subdomains_as_apex')).length,
        2,
        format.name
      )
    } else
      t.throws(() => rendered(format.name, { document, wildcards: 'omit' }), { code: 'invalid_parameter' }, format.name)
  }
})
