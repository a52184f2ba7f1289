import { runPage } from './support/run-page.ts'

runPage('docs/authors.md')
