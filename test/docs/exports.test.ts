import { runPage } from './support/run-page.ts'

runPage('docs/exports.md')
