import { buildMissing } from './build.js'

buildMissing()
await import('../dist/main.js')
