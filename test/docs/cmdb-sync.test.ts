import { runPage } from './support/run-page.ts'

runPage('docs/cmdb-sync.md', {
  scripts: [
    [
      `import { createHash } from 'node:crypto'
import { canonicalJson as canonical } from './src/domain/json/canonical-json.ts'
const sha256 = (text) => createHash('sha256').update(text).digest('hex')
const { items: objects, digest: told } = await (await fetch('http://127.0.0.1:8080/v1/delta?limit=1000')).json()`,
      'if (digest !== told) throw new Error(digest)'
    ]
  ]
})
