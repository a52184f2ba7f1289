import { readFileSync, writeFileSync } from 'node:fs'
import { generatedFiles } from './generated-files.ts'

/** Writes all generated files, in openapi/, schema/, docs/, man/ and src/. With --check it only compares them and names what differs. */
const isCheck = process.argv.includes('--check')
const root = new URL('../', import.meta.url)
const stale: string[] = []

for (const [path, text] of await generatedFiles()) {
  const file = new URL(path, root)
  if (read(file) === text) continue
  stale.push(path)
  if (!isCheck) writeFileSync(file, text)
}

if (isCheck && stale.length > 0) {
  process.stderr.write(`Out of date: ${stale.join(', ')}. Run: npm run generate\n`)
  process.exitCode = 1
} else {
  process.stdout.write(stale.length === 0 ? 'Nothing to do.\n' : `Wrote ${stale.join(', ')}.\n`)
}

function read(file: URL): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
