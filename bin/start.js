import { buildMissing } from './build-missing.js'

buildMissing()
await import('../dist/main.js')
