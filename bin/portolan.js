#!/usr/bin/env node
import { buildMissing } from './build.js'

buildMissing()
await import('../dist/cli.js')
