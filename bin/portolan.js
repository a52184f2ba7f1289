#!/usr/bin/env node
import { buildMissing } from './build-missing.js'

buildMissing()
// The service and the command line are two programs.
await import(process.argv[2] === 'serve' ? '../dist/main.js' : '../dist/cli.js')
