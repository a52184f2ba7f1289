#!/usr/bin/env node
import { buildMissing } from './build-missing.js'

buildMissing()
await import('../dist/cli.js')
